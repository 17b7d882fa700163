import Bytes
import Mailboxes
import Rules
import TimeZones

/// The calendars of a run, each read once: what they say waits in a spill until its turn comes.
///
/// The merges over all of them (which version of a meeting counts, the leads they make, who keeps a
/// meeting that several owners have) are made of the spilled facts, before the first is settled
/// that asks them.
final class CalendarJob {
  let sources: [ResolvedSource]
  private let invites: InviteStore?
  let settler: MeetingSettler
  let plan: MeetingPlan
  let run: RunPlan
  private let paths: PathTable
  /// What workers need.
  let reading: CalendarReading
  // By number.
  private var calendars: [Int: CalendarResult] = [:]
  // By the positions of users whose mail brought invitations.
  private var invited: [Int: CalendarSource] = [:]
  // For each calendar, its file's number; see ``ItemPosition``.
  private var files: [Int: Int] = [:]
  /// Where facts come from elsewhere.
  lazy var groups = Groups(
    rivals: Set(Self.rivals(Array(sources.enumerated()).filter { $0.element.role != nil })))
  private let window = ByteBuffer(capacity: 64 << 10)
  /// What reading each calendar found, by position among the run's sources.
  private(set) var summaries: [Int: MailboxSummary] = [:]
  private(set) var warnings: [String] = []
  /// Calendars that could not be read, or not to their end, one line each.
  private(set) var faults: [String] = []

  init(
    sources: [ResolvedSource], invites: InviteStore?, settler: MeetingSettler,
    plan: MeetingPlan, run: RunPlan, paths: PathTable, localZone: Zone
  ) throws {
    self.sources = sources
    self.invites = invites
    self.settler = settler
    self.plan = plan
    self.run = run
    self.paths = paths
    reading = CalendarReading(
      plan: plan, localZone: localZone, spill: try FactSpill(folder: run.places.staging))
  }

  /// Sources whose facts come from elsewhere.
  struct Groups {
    /// Those that were met, by number.
    var sources: [Int: CalendarSource] = [:]
    /// Those beside which another calendar may hold another version of a meeting.
    let rivals: Set<Int>
  }

  /// True where no meeting is settled before every calendar was read: one is written once.
  static func waitsForShared(_ sources: [ResolvedSource], _ plan: MeetingPlan) -> Bool {
    sources.contains { $0.role != nil && plan.user($0.user).calendar.sharedMeetings == .once }
  }

  /// True where a calendar is settled only when every calendar was read: somebody has several, and
  /// each may hold another version of a meeting.
  static func waitsForVersions(_ sources: [ResolvedSource]) -> Bool {
    !rivals(Array(sources.enumerated()).filter { $0.element.role != nil }).isEmpty
  }

  // The calendars of owners who have several of a kind.
  private static func rivals(_ calendars: [(offset: Int, element: ResolvedSource)]) -> [Int] {
    struct Owner: Hashable {
      var user: Int
      var isConflict: Bool
    }
    var byOwner: [Owner: [Int]] = [:]
    for (i, source) in calendars {
      byOwner[Owner(user: source.user, isConflict: source.role == .conflict), default: []]
        .append(i)
    }
    return byOwner.values.filter { $0.count > 1 }.flatMap { $0 }.sorted()
  }

  /// Takes in what was read of a calendar.
  func take(_ result: CalendarResult) throws {
    if let failure = result.failure { throw failure }
    let source = result.source
    calendars[source.number] = result
    files[source.number] = source.name.withByteView {
      paths.number(source: source.number, path: $0)
    }
  }

  /// Makes the merges, once every source was read.
  func prepare() throws {
    findInvited()
    try noteVersions()
    try collect()
    guard Self.waitsForShared(sources, plan) else { return }
    try forEachMeeting(calendars.keys.sorted()) { try settler.noteShared($0) }
    try forEachInvited { try settler.noteShared($0) }
  }

  // Those whose mail brought invitations, as the owners of one more calendar each.
  private func findInvited() {
    for user in invites?.users ?? [] {
      guard let number = sources.firstIndex(where: { $0.user == user }), user >= 0,
        user < plan.users.count
      else { continue }
      var source = sources[number]
      source.role = .primary
      invited[user] = CalendarSource(
        number: number, source: source, span: MeetingSpan(plan.user(user).window),
        mail: EventPlace(path: "", index: 0, offset: 0))
    }
  }

  private func noteVersions() throws {
    var all = calendars.map { (offset: $0.key, element: $0.value.source.source) }
    // Beside what mail brings any calendar is one of several.
    for source in invited.values {
      all += [(offset: -1, element: source.source), (offset: -1, element: source.source)]
    }
    try forEachMeeting(Self.rivals(all).filter { $0 >= 0 }) { settler.noteVersion($0) }
    try forEachInvited { settler.noteVersion($0) }
  }

  private func collect() throws {
    guard plan.createsLeads else { return }
    let linked = calendars.keys.filter { calendars[$0]?.source.source.role != .conflict }
    try forEachMeeting(linked.sorted()) { try settler.collect($0) }
    try forEachInvited { try settler.collect($0) }
  }

  /// Decides about everything in a calendar.
  func settle(_ number: Int) throws {
    guard let result = calendars[number] else { return }
    let source = result.source
    let owner = settler.shown(owner: source.source.ownerName)
    try forEachFact(result) { fact in
      switch fact {
      case .meeting(let fact):
        try settler.settle(item(fact, source, owner))
      case .fault(let fault): try settler.quarantine(fault, source, owner: owner)
      }
    }
    if let fault = result.fault { faults.append("\(source.name): \(fault)") }
    for text in result.warnings { warnings.append("\(source.name): \(text)") }
    var summary = MailboxSummary()
    summary.messages = result.components
    summaries[number] = summary
  }

  /// Decides about the invitations that came with mail.
  func settleInvites() throws {
    try forEachInvited(
      fault: { fault, source in
        try settler.quarantine(
          fault, source, owner: settler.shown(owner: source.source.ownerName))
      }, { try settler.settle($0) })
  }

  private func forEachInvited(
    fault: (MeetingFault, CalendarSource) throws -> Void = { _, _ in },
    _ body: (MeetingItem) throws -> Void
  ) throws {
    for (user, source) in invited.sorted(by: { $0.key < $1.key }) {
      let owner = settler.shown(owner: source.source.ownerName)
      try invites?.forEach(user: user) { fact, position in
        switch fact {
        case .meeting(let fact):
          try body(MeetingItem(fact: fact, position: position, owner: owner, source: source))
        case .fault(let unread): try fault(unread, source)
        }
      }
    }
  }

  private func forEachMeeting(_ numbers: [Int], _ body: (MeetingItem) throws -> Void) throws {
    for number in numbers {
      guard let result = calendars[number] else { continue }
      let owner = settler.shown(owner: result.source.source.ownerName)
      try forEachFact(result) { fact in
        guard case .meeting(let fact) = fact else { return }
        try body(item(fact, result.source, owner))
      }
    }
  }

  private func item(
    _ fact: MeetingFact, _ source: CalendarSource, _ owner: String
  ) -> MeetingItem {
    MeetingItem(
      fact: fact, position: ItemPosition(file: files[source.number] ?? 0, index: fact.index),
      owner: owner, source: source)
  }

  private func forEachFact(
    _ result: CalendarResult, _ body: (CalendarFact) throws -> Void
  ) throws {
    for chunk in result.chunks {
      try reading.spill.read(chunk, into: window)
      var reader = FactReader(window.view)
      while !reader.isAtEnd { try body(CalendarFact(from: &reader)) }
    }
  }
}
