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
  private let sources: [ResolvedSource]
  private let invites: InviteStore?
  private let settler: MeetingSettler
  private let plan: MeetingPlan
  private let run: RunPlan
  private let paths: PathTable
  /// What workers need.
  let reading: CalendarReading
  // By number, invitations behind the run's sources.
  private var calendars: [Int: CalendarResult] = [:]
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
      plan: plan, localZone: localZone, spill: try FactSpill(folder: run.stagingFolder))
  }

  /// True where no meeting is settled before every calendar was read: one is written once.
  static func waits(_ sources: [ResolvedSource], _ plan: MeetingPlan) -> Bool {
    sources.contains { $0.role != nil && plan.user($0.user).calendar.sharedMeetings == .once }
  }

  /// True where a calendar is settled only when every calendar was read: somebody has several, and
  /// each may hold another version of a meeting.
  var waitsForVersions: Bool {
    !rivals(sources.indices.filter { sources[$0].role != nil }).isEmpty
  }

  // The calendars of owners who have several of a kind.
  private func rivals(_ numbers: [Int]) -> [Int] {
    struct Owner: Hashable {
      var user: Int
      var isConflict: Bool
    }
    var byOwner: [Owner: [Int]] = [:]
    for i in numbers {
      let source = i < sources.count ? sources[i] : calendars[i]?.source.source
      byOwner[
        Owner(user: source?.user ?? -1, isConflict: source?.role == .conflict), default: []
      ].append(i)
    }
    return byOwner.values.filter { $0.count > 1 }.flatMap { $0 }
  }

  /// Takes in what was read of a calendar.
  func take(_ result: CalendarResult) throws {
    if let failure = result.failure { throw failure }
    calendars[result.source.number] = result
  }

  /// Makes the merges, once every source was read.
  func prepare() throws {
    if let invites {
      try read(invites)
      // In this order: what is a version of what mail brings is not asked where leads are made.
      try collect()
      try noteVersions()
    } else {
      try noteVersions()
      try collect()
    }
    guard Self.waits(sources, plan) else { return }
    try forEachMeeting(calendars.keys.sorted()) { try settler.noteShared($0) }
  }

  // Makes calendars of the invitations that came with mail.
  private func read(_ invites: InviteStore) throws {
    let worker = reading.makeWorker(run)
    var number = sources.count
    for user in invites.users {
      guard var source = sources.first(where: { $0.user == user }), user >= 0,
        user < plan.users.count
      else { continue }
      source.role = .primary
      try take(
        worker.process(
          CalendarSource(
            number: number, file: paths.add([""]), source: source,
            span: MeetingSpan(plan.user(user).window), invites: invites)))
      number += 1
    }
  }

  private func noteVersions() throws {
    try forEachMeeting(rivals(calendars.keys.sorted()).sorted()) { settler.noteVersion($0) }
  }

  private func collect() throws {
    guard plan.createsLeads else { return }
    let linked = calendars.keys.filter { calendars[$0]?.source.source.role != .conflict }
    try forEachMeeting(linked.sorted()) { try settler.collect($0) }
  }

  /// Decides about everything in a calendar.
  func settle(_ number: Int) throws {
    guard let result = calendars[number] else { return }
    let source = result.source
    let owner = settler.shown(owner: source.source.ownerName)
    try forEachFact(result) { fact in
      switch fact {
      case .meeting(let fact):
        try settler.settle(MeetingItem(fact: fact, owner: owner, source: source))
      case .fault(let fault): try settler.quarantine(fault, source, owner: owner)
      }
    }
    if let fault = result.fault { faults.append("\(source.name): \(fault)") }
    for text in result.warnings { warnings.append("\(source.name): \(text)") }
    guard number < sources.count else { return }
    var summary = MailboxSummary()
    summary.messages = result.components
    summaries[number] = summary
  }

  /// Decides about the invitations that came with mail.
  func settleInvites() throws {
    for number in calendars.keys.sorted() where number >= sources.count { try settle(number) }
  }

  private func forEachMeeting(_ numbers: [Int], _ body: (MeetingItem) throws -> Void) throws {
    for number in numbers {
      guard let result = calendars[number] else { continue }
      let owner = settler.shown(owner: result.source.source.ownerName)
      try forEachFact(result) { fact in
        guard case .meeting(let fact) = fact else { return }
        try body(MeetingItem(fact: fact, owner: owner, source: result.source))
      }
    }
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
