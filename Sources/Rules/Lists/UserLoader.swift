import Bytes
import CSVText
import JSONText

extension ListLoader {
  /// Reads all users, the records in the configuration and then the files in their order, and
  /// checks what only shows with all of them: unique ids and addresses, owners of sources,
  /// overrides that are not allowed, fields that `access` asks for.
  public static func users(_ file: ConfigFile, paths: [ListPath]) -> (UserIndex, ListReport) {
    var report = ListReport()
    var loader = UserLoader(config: file.config)
    loader.inline(file, &report)
    for path in paths {
      loader.file = path.shown
      switch open(path) {
      case .failure(let f): report.error(path.shown, 0, f.message)
      case .success(.json(let text)): loader.json(text, &report)
      case .success(.csv(let reader)): loader.csv(reader, &report)
      }
    }
    let index = UserIndex(
      loader.users, organizationDomains: file.config.organization.domains)
    UserChecks.owners(file, index, &report)
    return (index, report)
  }
}

/// Gathers users from several lists.
struct UserLoader {
  let config: Config
  var file = ""
  private(set) var users: [UserRecord] = []
  private var ids: [String: Int] = [:]
  private var addresses: [[UInt8]: Int] = [:]
  private let policy: AccessPolicy

  init(config: Config) {
    self.config = config
    policy = AccessPolicy(config)
  }

  /// Takes a user after the checks; `line` 0 when it has none, `path` where in the configuration.
  private mutating func add(
    _ given: UserRecord, line: Int, path: String, _ report: inout ListReport
  ) {
    var u = given
    report.rows += 1
    func tell(_ severity: Diagnostic.Severity, _ message: String) {
      guard report.diagnostics.count < 1000 else { return }
      report.diagnostics.append(
        Diagnostic(severity, file: file, line: line, keyPath: path, message: message))
    }
    if u.id.isEmpty { return tell(.error, "this user has no id") }
    if AddressEntry.key(of: u.email) == nil {
      tell(.error, "user \"\(u.id)\": the email is missing or no address")
    }
    if let other = ids[u.id] {
      return tell(
        .error, "the user id \"\(u.id)\" occurs twice; the other is \"\(users[other].email)\"")
    }
    for a in [u.email] + u.aliases {
      guard let key = AddressEntry.key(of: a) else {
        if a != u.email { tell(.warning, "user \"\(u.id)\": an alias is no address: ignored") }
        continue
      }
      if let other = addresses[key], other != users.count {
        tell(.error, "the address \"\(a)\" belongs to \"\(users[other].id)\" and to \"\(u.id)\"")
      }
      addresses[key] = addresses[key] ?? users.count
    }
    UserChecks.overrides(&u, config) { tell(.warning, "user \"\(given.id)\": \($0)") }
    for f in policy.faults(of: u) { tell(.error, f.message) }
    if config.profile == .leadsquared, UserChecks.isPersonal(u.email) {
      tell(.warning, "user \"\(u.id)\" has a personal mailbox, which the connector does not take")
    }
    ids[u.id] = users.count
    users.append(u)
  }

  /// The users written into the configuration.
  mutating func inline(_ source: ConfigFile, _ report: inout ListReport) {
    let records = config.users.source.records
    guard !records.isEmpty else { return }
    file = source.file
    var reader = ConfigReader(file: file, source: .empty)
    for (i, record) in records.enumerated() {
      let path = source.path(of: record, in: "users") ?? "users[\(i)]"
      reader.forgetPlaces()
      let user = read(record, path, &reader)
      add(user, line: source.positions[path]?.line ?? 0, path: path, &report)
    }
    // The text is gone; the place of the record is what is left.
    report.diagnostics += reader.finish().map { d in
      var d = d
      let top = d.keyPath.prefix { $0 != "." }
      d.line = source.positions[String(top)]?.line ?? 0
      d.column = 0
      return d
    }
  }

  private func read(_ record: JSONValue, _ path: String, _ reader: inout ConfigReader) -> UserRecord
  {
    var section = UserSection(calendar: config.calendar)
    reader.read(&section, from: record, path: path)
    if reader.places["\(path).overrides.calendar.lockUserConfig"] != nil {
      reader.tell(
        about: "\(path).overrides.calendar.lockUserConfig", "only the administrator may lock")
    }
    return section.user
  }

  /// The users of a JSON file; further members are fields.
  mutating func json(_ text: ByteBuffer, _ report: inout ListReport) {
    var reader = ConfigReader(file: file, source: text.view)
    var array = JSONArrayReader(text.view)
    var counter = LineCounter(text.view)
    var i = 0
    while let record = array.next() {
      let path = "[\(i)]"
      i += 1
      reader.forgetPlaces()
      reader.extrasPath = path
      var user = read(record, path, &reader)
      for (key, value) in reader.extras {
        if let text = FieldsSetting.text(value) { user.fields[key.bytes.string] = text }
      }
      add(user, line: counter.position(of: record.offset).line, path: path, &report)
    }
    for f in array.faults { reader.tell(at: f.offset, "", f.message) }
    report.diagnostics += reader.finish()
    if i == 0, array.faults.isEmpty {
      report.diagnostics.append(
        Diagnostic(.warning, file: file, message: "there is not a single user"))
    }
  }

  /// The users of a CSV file: the header in any case, further columns are fields.
  mutating func csv(_ reader: CSVReader, _ report: inout ListReport) {
    let columns =
      [
        ListColumn("users id", nil, usual: ["id"], isRequired: true),
        ListColumn("users email", nil, usual: ["email"], isRequired: true),
      ]
      + ["name", "aliases", "role", "manager", "licensed", "status", "provider", "connectedAt"].map
    {
      ListColumn("users \($0)", nil, usual: [$0])
    }
    guard reader.next() else {
      report.diagnostics.append(
        reader.fault?.diagnostic(file)
          ?? Diagnostic(.error, file: file, message: "the file is empty"))
      return
    }
    let header = (0..<min(reader.count, 10_000)).map { reader.cell($0).trimmed().string }
    // Case does not count here, so it does not tell columns apart either.
    report.diagnostics += CSVRows.duplicates(header.map { $0.lowercased() }, file, reader.line)
    let (places, isMissing) = CSVRows.find(columns, header, file, reader.line, &report.diagnostics)
    if isMissing || report.diagnostics.hasErrors { return }
    let known = Set(places.compactMap { $0 })
    var rows = 0
    while reader.next() {
      func cell(_ i: Int) -> String {
        guard i < places.count, let at = places[i] else { return "" }
        return reader.cell(at).trimmed().string
      }
      if reader.isBlank { continue }
      rows += 1
      if reader.hasNUL {
        report.error(file, reader.line, "the character U+0000 stands in this row")
        continue
      }
      var u = UserRecord()
      u.id = cell(0)
      u.email = cell(1)
      u.name = cell(2).isEmpty ? nil : cell(2)
      u.aliases = cell(3).split(separator: ";").map { part in
        String(part).withByteView { $0.trimmed().string }
      }.filter { !$0.isEmpty }
      u.role = cell(4).isEmpty ? nil : cell(4)
      u.manager = cell(5).isEmpty ? nil : cell(5)
      u.provider = cell(8).isEmpty ? nil : cell(8)
      settle(&u, licensed: cell(6), status: cell(7), connectedAt: cell(9), reader.line, &report)
      for i in header.indices where !known.contains(i) && !header[i].isEmpty {
        let value = reader.cell(i).prefix(CSVRows.maximumCell).trimmed()
        if !value.isEmpty { u.fields[header[i]] = value.string }
      }
      add(u, line: reader.line, path: "", &report)
    }
    if let f = reader.fault { report.diagnostics.append(f.diagnostic(file)) }
    if rows == 0, reader.fault == nil {
      report.diagnostics.append(
        Diagnostic(.warning, file: file, message: "there is not a single user"))
    }
  }

  private func settle(
    _ u: inout UserRecord, licensed: String, status: String, connectedAt: String, _ line: Int,
    _ report: inout ListReport
  ) {
    if !licensed.isEmpty {
      guard let yes = YesNo(licensed) else {
        return report.error(file, line, "user \"\(u.id)\": licensed is neither yes nor no")
      }
      u.licensed = yes == .yes
    }
    if !status.isEmpty {
      guard let s = Config.UserStatus(rawValue: status.lowercased()) else {
        return report.error(
          file, line,
          "user \"\(u.id)\": the status is not one of \(Config.UserStatus.names.joined(separator: ", "))"
        )
      }
      u.status = s
    }
    if !connectedAt.isEmpty {
      guard let t = ConfigTime(connectedAt) else {
        return report.error(file, line, "user \"\(u.id)\": connectedAt is no date or time")
      }
      u.connectedAt = t
    }
  }
}

extension ConfigFile {
  /// The path of a record in a list of the configuration, by its place in the text.
  func path(of record: JSONValue, in list: String) -> String? {
    recordPaths[record.offset].flatMap { $0.hasPrefix(list) ? $0 : nil }
  }
}

/// What is checked about users beyond their own record.
enum UserChecks {
  /// Takes out what the administrator does not allow (ES-8.1-user-kw, ES-8.2-user, CS-6.4-lock).
  static func overrides(_ u: inout UserRecord, _ c: Config, _ warn: (String) -> Void) {
    func check(
      _ o: inout UserOverrides.MailOverride, _ d: Config.MailDirection
    ) {
      if !o.keywords.isEmpty, !d.keywords.allowUser {
        warn(
          "the keywords in overrides are ignored: email.\(d.direction.name).keywords.allowUser is false"
        )
        o.keywords = []
      }
      if !o.exclude.isEmpty, !d.exclude.allowUser {
        warn(
          "the exclusions in overrides are ignored: email.\(d.direction.name).exclude.allowUser is false"
        )
        o.exclude = []
      }
      if !o.keywords.isEmpty, d.behaviour == .all {
        warn("the keywords in overrides do nothing: email.\(d.direction.name).behaviour is all")
      }
    }
    check(&u.overrides.outbound, c.email.outbound)
    check(&u.overrides.inbound, c.email.inbound)
    if u.overrides.calendar != nil, c.calendar.lockUserConfig {
      warn("the calendar settings in overrides are ignored: calendar.lockUserConfig is true")
      u.overrides.calendar = nil
    }
  }

  /// An owner of a source must be a listed user; without a list, an address.
  static func owners(_ file: ConfigFile, _ index: UserIndex, _ report: inout ListReport) {
    let ids = index.users.map(\.id)
    // Suggestions compare with every id: only for lists where that is cheap.
    let near = ids.count <= 2000 ? ids : []
    var managers = 0
    for (i, s) in file.config.sources.enumerated() {
      guard let owner = s.owner, index.user(id: owner) == nil else { continue }
      if ids.isEmpty, AddressEntry.key(of: owner) != nil { continue }
      report.diagnostics.append(
        file.diagnostic(
          .error, "sources[\(i)].owner", "no user has this id",
          allowed: Array(ids.prefix(20)), suggestion: Nearest.name(to: owner, in: near)))
    }
    for u in index.users {
      if let m = u.manager, index.user(id: m) == nil, managers < 100 {
        managers += 1
        report.diagnostics.append(
          Diagnostic(
            .warning, file: file.file, keyPath: "users",
            message: "user \"\(u.id)\": the manager is no user's id",
            suggestion: Nearest.name(to: m, in: near)))
      }
    }
  }

  /// An address at a provider of personal mailboxes (ES-0-business-only).
  static func isPersonal(_ address: String) -> Bool {
    guard let key = AddressEntry.key(of: address) else { return false }
    return key.withByteView { v in
      let domain = v.from((v.lastIndex(of: 64) ?? 0) + 1)
      let personal: [StaticString] = [
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
      ]
      return personal.contains { domain.equals($0) }
    }
  }
}
