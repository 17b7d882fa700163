import Bytes
import Mailboxes
import Rules

/// Finds the sources of a run: those of the configuration, or those that were named instead.
///
/// A named path that the configuration's sources hold keeps the owner, the folder and the role that
/// it has there, in their order; only others have their owners guessed.
package struct RunSources {
  /// What to do about sources that cannot be read, for those who import.
  package static let hint = "leave them out with --skip-missing"

  let setup: RunSetup
  let options: ImportOptions

  /// Those of a run.
  package init(setup: RunSetup, options: ImportOptions) {
    self.setup = setup
    self.options = options
  }

  /// The sources.
  ///
  /// - Throws: ``RunError`` 64 for an unknown `--user`, 65 when sources are missing or hold no
  ///   mail, 78 when there are none.
  package func resolve() throws -> SourceResolver.Result {
    if options.reads == .nothing {
      try checkUser()
      return SourceResolver.Result()
    }
    let configured = configured
    var result = SourceResolver.Result()
    if !options.sources.isEmpty {
      result = named.resolve(options.sources)
    } else if !configured.isEmpty || (options.reads != .all && !setup.tasks.isEmpty) {
      result = resolver(in: setup.folder).resolve(configured)
    } else {
      throw RunError(
        .configuration,
        "\(setup.configPath ?? "winnow.json"): no sources; add `sources`, or name the mail to read")
    }
    if options.user != nil {
      let user = try checkUser()
      result.sources.removeAll { $0.ownerName != user }
    }
    try Self.refuse(result.faults, options)
    result.warnings += result.faults.map { "left out: \($0)" }
    return result
  }

  /// The sources that were named, held against the configuration's.
  package var named: NamedSources {
    NamedSources(
      configured: resolver(in: setup.folder), others: resolver(in: "."), wanted: configured)
  }

  private var configured: [SourceResolver.Wanted] {
    setup.config.sources.map {
      SourceResolver.Wanted(
        path: $0.path, owner: $0.owner, folder: $0.folder, sentAs: $0.sentAs,
        calendar: $0.calendar)
    }
  }

  private func resolver(in folder: String) -> SourceResolver {
    var resolver = SourceResolver(
      users: setup.users, configFolder: folder, pseudonyms: setup.makePseudonyms(),
      provider: setup.config.email.provider, calendarProvider: setup.config.calendar.provider)
    resolver.takesMail = options.reads == .all || options.reads == .files
    // A retry reads files once more, and nothing else.
    let takesPipes = options.reads != .files && options.memory.retried == nil
    resolver.pipeFolder = takesPipes ? Pipes.folder(out: options.out) : nil
    return resolver
  }

  // The id of the user who was asked for, by id or by address.
  @discardableResult
  private func checkUser() throws -> String? {
    guard let asked = options.user, !setup.users.users.isEmpty else { return options.user }
    if let user = setup.users.position(of: asked) { return setup.users.users[user].id }
    throw RunError(
      .usage, "--user \(Plain.line(asked)): no user with this id or address is in the users list",
      details: setup.users.users.prefix(20).map { Plain.line($0.id) })
  }

  /// What turned out unreadable, or no mail, only when it was read.
  ///
  /// - Parameter isResumed: True for a source that was read before: one that was replaced since it
  ///   was looked at is read from its beginning by the next run.
  static func faults(
    _ sources: [ResolvedSource], _ summaries: [MailboxSummary],
    isResumed: (Int) -> Bool = { _ in false }
  ) -> [String] {
    var list: [String] = []
    for (i, (source, summary)) in zip(sources, summaries).enumerated() where source.role == nil {
      if let e = summary.error,
        e.isUnreadable || (e.kind == .notMail && source.found.isNamed && !isResumed(i))
      {
        list.append("\(source.display): \(e.reason)")
      }
      for e in summary.fileErrors where e.isUnreadable {
        list.append("\(Plain.line(e.path.withByteView(\.string))): \(e.reason)")
      }
    }
    return list
  }

  /// Stops the run when sources are missing, unreadable or not what they claim to be, unless
  /// `--skip-missing` leaves them out.
  package static func refuse(_ faults: [String], _ options: ImportOptions) throws {
    guard let first = faults.first, !options.skipsMissing else { return }
    throw RunError(
      .badSource,
      faults.count == 1
        ? first : "\(faults.count) sources cannot be read; nothing was published",
      details: (faults.count == 1 ? [] : faults) + [Self.hint])
  }
}

extension UserIndex {
  /// The position of the user with this id or address, or nil.
  package func position(of text: String) -> Int? {
    user(id: text)
      ?? AddressEntry.key(of: text).flatMap { key in
        key.withByteView { user(addressKey: $0) }
      }
  }
}

/// The sources of a run that names them, held against those of the configuration.
package struct NamedSources {
  /// Shows paths as the configuration's sources are shown, or as they were named.
  package let configured, others: SourceResolver
  let wanted: [SourceResolver.Wanted]

  /// One source that was named.
  package struct Match {
    package var found: FoundSource
    /// What the configuration says of it; of others nothing but the path.
    package var wanted: SourceResolver.Wanted
    /// Its place in the configuration's order; nil where it is not in it.
    package var number: Int?
    /// Whether its place is a folder for sure; of a message of a Maildir of the configuration that
    /// Maildir's.
    var isFolderByPlace: Bool?
  }

  /// One source of the configuration.
  private struct Known {
    var found: FoundSource
    var wanted: SourceResolver.Wanted
  }

  /// The sources with owners and roles.
  func resolve(_ names: [String]) -> SourceResolver.Result {
    var result = SourceResolver.Result()
    let matches = match(names, &result)
    let isAsked = { (m: Match) in m.number != nil && m.found.kind == .calendar }
    let roles = matches.contains(where: isAsked) ? calendarRoles(&result) : [:]
    for (i, m) in matches.enumerated() {
      var item = m.wanted
      if isAsked(m) { item.calendar = item.calendar ?? roles[SourceMemory.key(m.found)] }
      let count = result.sources.count
      add(m, as: item, to: &result)
      if result.sources.count > count {
        result.sources[count].rank = m.number ?? ResolvedSource.firstOther + i
      }
    }
    others.decideRoles(&result)
    return result
  }

  /// Adds one source with its owner.
  package func add(
    _ m: Match, as item: SourceResolver.Wanted, to result: inout SourceResolver.Result
  ) {
    let count = result.sources.count
    (m.number == nil ? others : configured).add(m.found, item, to: &result)
    if let isFolder = m.isFolderByPlace, result.sources.count > count,
      result.sources[count].role == nil
    {
      result.sources[count].isFolderByPlace = isFolder
    }
  }

  /// What lies under the names, in their order; what the configuration holds among it in its order.
  package func match(_ names: [String], _ result: inout SourceResolver.Result) -> [Match] {
    // First: a pipe of the configuration is read only where somebody names it.
    let walked = names.map { name in
      let item = SourceResolver.Wanted(path: name)
      return (item, others.walk(item, &result))
    }
    let known = walkConfiguration()
    let folders = ExportFolders(known.map(\.found) + walked.flatMap(\.1))
    var numbers: [[UInt8]: Int] = [:]
    for (i, k) in known.enumerated() { numbers[SourceMemory.key(k.found)] = i }
    var matches: [Match] = []
    var seen: Set<[UInt8]> = []
    for (item, sources) in walked {
      for found in sources {
        let key = SourceMemory.key(found)
        guard seen.insert(key).inserted else { continue }
        if let i = numbers[key] {
          var source = known[i].found
          source.isNamed = found.isNamed
          matches.append(
            Match(
              found: source, wanted: known[i].wanted, number: i,
              isFolderByPlace: folders.isFolder(source)))
        } else {
          matches.append(
            message(found, key, numbers, known)
              ?? Match(found: found, wanted: item, isFolderByPlace: folders.isFolder(found)))
        }
      }
    }
    // In the places of those that the configuration holds, its order; the rest stays where it is.
    let places = matches.indices.filter { matches[$0].number != nil }
    let inOrder = places.map { matches[$0] }.enumerated().sorted {
      ($0.element.number ?? .max, $0.offset) < ($1.element.number ?? .max, $1.offset)
    }
    for (place, match) in zip(places, inOrder) { matches[place] = match.element }
    return matches
  }

  // Without a word about what is missing: nobody asked for it.
  private func walkConfiguration() -> [Known] {
    var ignored = SourceResolver.Result()
    var seen: Set<[UInt8]> = []
    var resolver = configured
    resolver.pipeFolder = nil
    return wanted.flatMap { item in
      resolver.walk(item, &ignored).compactMap { found in
        seen.insert(found.path).inserted ? Known(found: found, wanted: item) : nil
      }
    }
  }

  // A message of a Maildir that the configuration names is in that folder.
  private func message(
    _ found: FoundSource, _ key: [UInt8], _ places: [[UInt8]: Int], _ known: [Known]
  ) -> Match? {
    let parts = key.split(separator: 47, omittingEmptySubsequences: false)
    guard parts.count > 2, found.kind == .eml || found.kind == .other,
      let i = places[Array(parts.dropLast(2).joined(separator: [47]))],
      known[i].found.kind == .maildir
    else { return nil }
    var message = known[i].found
    message.kind = .eml
    message.relative += parts.suffix(2).map { Array($0) }
    message.isNamed = found.isNamed
    message.size = found.size
    message.device = found.device
    message.inode = found.inode
    return Match(
      found: message, wanted: known[i].wanted, number: i,
      isFolderByPlace: ResolvedSource.isFolder(known[i].found))
  }

  // What each calendar of the configuration is to its owner, which the others beside it tell, too.
  private func calendarRoles(
    _ result: inout SourceResolver.Result
  ) -> [[UInt8]: Config.CalendarRole] {
    var all = SourceResolver.Result()
    for k in walkConfiguration() where k.found.kind == .calendar {
      configured.add(k.found, k.wanted, to: &all)
    }
    all.warnings = []
    configured.decideRoles(&all)
    result.warnings += all.warnings
    var roles: [[UInt8]: Config.CalendarRole] = [:]
    for s in all.sources { roles[SourceMemory.key(s.found)] = s.role }
    return roles
  }
}
