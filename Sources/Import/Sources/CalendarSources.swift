import Bytes
import ICalendar
import Mailboxes
import Records
import Rules
import Text

/// Calendars among the sources: their owners, and which of them are primary.
extension SourceResolver {
  func addCalendar(_ found: FoundSource, _ wanted: Wanted, to result: inout Result) {
    let display = displayPath(found.shownPath)
    var source = ResolvedSource(
      found: found, user: -1, ownerName: "", ownerNote: nil, fixedFolder: nil,
      role: wanted.calendar ?? .other, display: display,
      rootDisplay: displayPath(found.pipe ?? found.root),
      pseudonyms: pseudonyms, isFolderByPlace: false)
    let probe = CalendarProbe(found)
    if let fault = probe.fault {
      if found.isNamed {
        result.faults.append("\(display): \(fault)")
      } else {
        result.warnings.append("\(display): left out, \(fault)")
      }
      return
    }
    resolveOwner(&source, wanted.owner, probe, &result)
    if calendarProvider != .any, let seen = probe.provider, seen != calendarProvider {
      result.warnings.append(
        "\(display): provider-mismatch, calendar.provider is \(calendarProvider.rawValue) and its PRODID is of \(seen.rawValue)"
      )
    }
    if wanted.calendar == nil { result.undecided.append((result.sources.count, probe)) }
    result.sources.append(source)
  }

  private func resolveOwner(
    _ source: inout ResolvedSource, _ owner: String?, _ probe: CalendarProbe,
    _ result: inout Result
  ) {
    if resolveOwnerBySetting(&source, owner) { return }
    // Google names the primary calendar after the account; people name the file so.
    let names = [probe.nameKey, fileNameKey(source.found)].compactMap { $0 }
    if users.users.isEmpty {
      guard let address = names.first ?? probe.mostFrequent else { return }
      takeGuess(address, for: &source, &result)
      source.ownerNote = "guessed: the calendar's name, or the address in most of its events"
      return
    }
    for name in names {
      guard let user = name.withByteView({ users.user(addressKey: $0) }) else { continue }
      source.user = user
      source.ownerName = users.users[user].id
      source.ownerNote = "by the calendar's name"
      return
    }
    guard let found = probe.owner(among: users.addressKeys) else { return }
    source.user = found.user
    source.ownerName = users.users[found.user].id
    source.ownerNote = "guessed: in \(found.percent) % of its events"
  }

  private func fileNameKey(_ found: FoundSource) -> [UInt8]? {
    AddressEntry.key(of: Self.stem(found))
  }

  // The file's name without `.gz` and what says that it is a calendar.
  private static func stem(_ found: FoundSource) -> String {
    var name = Paths.name(of: found.shownPath.withByteView(\.string))
    for ending in [".gz"] + CalendarNames.endings.map(\.description)
    where name.utf8.count > ending.utf8.count && name.lowercased().hasSuffix(ending) {
      name = String(name.dropLast(ending.count))
    }
    return name
  }

  /// Decides which of an owner's calendars is the primary one where `calendar` is not set: the one
  /// named after one of the owner's addresses, by its own name or its file's; else `Calendar.ics`;
  /// else the only one. Of several that could be it none is, and the user is asked to say so.
  func decideRoles(_ result: inout Result) {
    var byOwner: [String: [(source: Int, probe: CalendarProbe)]] = [:]
    for item in result.undecided {
      byOwner[result.sources[item.source].ownerName, default: []].append(item)
    }
    for (owner, items) in byOwner.sorted(by: { $0.key < $1.key }) {
      let hasPrimary = result.sources.contains { $0.ownerName == owner && $0.role == .primary }
      if hasPrimary { continue }
      let user = items.first.map { result.sources[$0.source].user } ?? -1
      let keys =
        users.users.isEmpty
        ? [Array(owner.utf8)]
        : user >= 0 && user < users.addressKeys.count ? users.addressKeys[user] : []
      func named(_ item: (source: Int, probe: CalendarProbe)) -> Bool {
        let found = result.sources[item.source].found
        return [item.probe.nameKey, fileNameKey(found)].contains { $0.map(keys.contains) ?? false }
      }
      func isCalled(_ item: (source: Int, probe: CalendarProbe)) -> Bool {
        Self.stem(result.sources[item.source].found).lowercased() == "calendar"
      }
      var candidates = items.filter(named)
      if candidates.isEmpty { candidates = items.filter(isCalled) }
      if candidates.isEmpty, items.count == 1 { candidates = items }
      if candidates.count == 1 {
        result.sources[candidates[0].source].role = .primary
        continue
      }
      let several = candidates.isEmpty ? items : candidates
      let paths = several.map { result.sources[$0.source].display }
      let whose = owner.isEmpty ? "one owner" : owner
      result.warnings.append(
        "\(paths.joined(separator: ", ")): several calendars of \(whose), and none is marked as primary; set `calendar` of the source to primary, conflict or other"
      )
    }
  }
}
