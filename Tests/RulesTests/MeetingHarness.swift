import Bytes
import CivilTime
import Testing
import TimeZones

@testable import Rules

/// An item of a calendar, and what the rest of a run says of it.
@dynamicMemberLookup
struct MeetingItem {
  var facts = MeetingFacts()
  var isKnown = false
  var isSuperseded = false
  var newerVersion = ""

  subscript<T>(dynamicMember key: WritableKeyPath<MeetingFacts, T>) -> T {
    get { facts[keyPath: key] }
    set { facts[keyPath: key] = newValue }
  }
}

extension MeetingContext {
  /// An item under a plan.
  convenience init(plan: MeetingPlan, item: MeetingItem) {
    self.init(
      plan: plan, facts: item.facts,
      standing: MeetingStanding(
        isKnown: item.isKnown, newer: item.isSuperseded ? item.newerVersion : nil))
  }
}

/// Occurrences of a series that begin then and last an hour.
func occurrences(_ starts: [String]) -> MeetingOccurrences {
  var found = MeetingOccurrences(
    starts.map(seconds).map { MeetingOccurrence(start: $0, end: $0 + 3600, original: $0) })
  found.isSeries = true
  return found
}

/// A configuration with its lists under a clock, as the program reads them.
struct Desk {
  let plan: MeetingPlan
  let leads: LeadIndex
  let tasks: [TaskRow]
  let warnings: [String]

  /// Reads a configuration. Sam (`sam@own.example`) is the only user, `own.example` the only own
  /// domain and `ann@client.example` (L1) the only lead, unless it says otherwise. `list` gives the
  /// leads where the configuration's own `leads` holds settings.
  init(
    _ json: String = "{}", now: String = "2026-03-02T09:00:00Z", from: Int64? = nil,
    to: Int64? = nil, list: String? = nil, tasks: String = "[]", types: String = "[]"
  ) {
    var text = json
    func add(_ key: String, _ value: String) {
      guard !text.contains("\"\(key)\"") else { return }
      text = "{\"\(key)\": \(value), \(text.drop { $0 != "{" }.dropFirst())"
    }
    add("organization", #"{"domains": ["own.example"]}"#)
    add(
      "users",
      #"[{"id": "sam", "email": "sam@own.example", "aliases": ["s@own.example"], "role": "Administrator"}]"#
    )
    add("leads", #"[{"id": "L1", "email": "ann@client.example"}]"#)
    // The list of tasks lies in a configuration of its own: there it can hold records and types.
    add("tasks", #"{"files": ["none"], "types": \#(types)}"#)
    let file = read(text)
    let (users, userReport) = ListLoader.users(file, paths: [])
    let (leads, leadReport) = ListLoader.leads(list.map { read("{\($0)}") } ?? file, paths: [])
    let (rows, taskReport) = ListLoader.tasks(read(#"{"tasks": \#(tasks)}"#), paths: [])
    let found =
      file.diagnostics + userReport.diagnostics + leadReport.diagnostics + taskReport.diagnostics
    for d in found where d.severity == .error { Issue.record("\(d.text)") }
    warnings = found.filter { $0.severity != .error }.map(\.text)
    self.leads = leads
    self.tasks = rows
    let clock = Desk.clock(file.config.organization.timeZone, now: now)
    plan = MeetingPlan(file.config, users: users, clock: clock, from: from, to: to)
  }

  /// A clock of a zone of the system's database.
  static func clock(_ name: String, now: String) -> MeetingClock {
    let zone = name == "UTC" ? .utc : ZoneDatabase.system.zone(named: name)
    if zone == nil { Issue.record("no zone \(name)") }
    let z = zone ?? .utc
    return MeetingClock(
      now: seconds(now), local: { z.localTime(at: $0).nominalSeconds },
      instant: { z.instant(of: CivilDateTime(nominalSeconds: $0)) })
  }

  /// Asks the rules and, when all let it pass, the lead match.
  func outcome(
    _ item: MeetingItem, captured: Set<String> = [], created: Set<String> = []
  ) -> MeetingOutcome {
    let c = MeetingContext(plan: plan, item: item)
    let f = MeetingRules.book.decide(c)
    #expect(MeetingRules.book.asked(under: plan).decide(c).reason == f.reason)
    if let reason = f.reason {
      return MeetingOutcome(reason: reason, rule: f.rule, matched: f.matched, record: .nothing)
    }
    return MeetingMatching.find(c, leads: leads).settle { key in
      let address = key.withByteView(\.string)
      return captured.contains(address) ? .captured : created.contains(address) ? .created : .none
    }
  }

  /// The reason's code.
  func reason(_ item: MeetingItem) -> String { outcome(item).reason.rawValue }

  /// The task of an item, or nil.
  func task(_ item: MeetingItem, captured: Set<String> = []) -> MeetingTask? {
    if case .task(let task) = outcome(item, captured: captured).record { task } else { nil }
  }

  /// Addresses that the task of an item names.
  func named(_ item: MeetingItem) -> [String] {
    let people = MeetingContext(plan: plan, item: item).people.participants
    return task(item)?.participants.map { people[$0].party.email } ?? []
  }
}

/// Seconds since 1970 of a time with an offset.
func seconds(_ text: String) -> Int64 {
  guard let t = ConfigTime(text)?.epochSeconds else {
    Issue.record("\(text) is no time")
    return 0
  }
  return t
}

/// A party; `room:` before the address makes it a room, `!` behind it declined, `?` tentative.
func party(_ text: String, isOrganizer: Bool = false) -> MeetingParty {
  var address = text
  let isRoom = address.hasPrefix("room:")
  if isRoom { address.removeFirst(5) }
  var status: String?
  if address.hasSuffix("!") { status = "DECLINED" }
  if address.hasSuffix("?") { status = "TENTATIVE" }
  if status != nil { address.removeLast() }
  return MeetingParty(
    key: AddressEntry.key(of: address) ?? [], email: address, status: status, isResource: isRoom,
    isOrganizer: isOrganizer)
}

/// An event of Sam's primary calendar that begins tomorrow.
func meeting(
  _ attendees: [String] = [], by organizer: String? = "sam@own.example",
  _ change: (inout MeetingItem) -> Void = { _ in }
) -> MeetingItem {
  var item = MeetingItem()
  item.uid = "u@x.example"
  item.user = 0
  item.start = seconds("2026-03-03T10:00:00Z")
  item.created = seconds("2026-03-01T10:00:00Z")
  item.parties =
    (organizer.map { [party($0, isOrganizer: true)] } ?? []) + attendees.map { party($0) }
  change(&item)
  return item
}
