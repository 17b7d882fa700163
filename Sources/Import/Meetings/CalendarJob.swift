import Bytes
import Events
import Mailboxes
import Rules
import TimeZones

/// The calendars of a run: reads them as often as the passes need, in source order.
///
/// Nothing of a calendar is kept between the passes: reading it again is cheaper than keeping it, and
/// memory does not grow with its size.
final class CalendarJob {
  private let sources: [ResolvedSource]
  private let invites: InviteStore?
  // The numbers of the calendars made of mail, behind the run's sources.
  private var invited = 0..<0
  private let merge: MeetingMerge
  private let plan: MeetingPlan
  private let localZone: Zone
  /// What reading each calendar found, by position among the run's sources.
  private(set) var summaries: [Int: MailboxSummary] = [:]
  private(set) var warnings: [String] = []
  /// Calendars that could not be read, or not to their end, one line each.
  private(set) var faults: [String] = []

  init(
    sources: [ResolvedSource], invites: InviteStore?, merge: MeetingMerge, plan: MeetingPlan,
    localZone: Zone
  ) {
    self.sources = sources
    self.invites = invites
    self.merge = merge
    self.plan = plan
    self.localZone = localZone
  }

  private var calendars: [Int] { sources.indices.filter { sources[$0].role != nil } }

  /// True where meetings are only settled once every calendar was seen.
  static func waits(_ sources: [ResolvedSource], _ plan: MeetingPlan) -> Bool {
    sources.contains { $0.role != nil && plan.user($0.user).calendar.sharedMeetings == .once }
  }

  /// Finds out which components are versions of one meeting, where an owner has several calendars.
  func noteVersions() throws {
    var byOwner: [String: [Int]] = [:]
    for i in calendars {
      byOwner["\(sources[i].user) \(sources[i].role == .conflict)", default: []].append(i)
    }
    for i in invited { byOwner["\(merge.user(ofSource: i)) false", default: []].append(i) }
    for list in byOwner.values where list.count > 1 {
      for i in list { try read(i) { merge.noteVersion($0, i) } }
    }
  }

  /// Makes calendars of the invitations that came with mail, and adds the leads they make.
  func addInvites(position: Int) throws {
    guard let invites else { return }
    invited = merge.addInvites(invites)
    var position = position
    for i in invited { position += try collect(i, position: position) }
  }

  /// Decides about the invitations that came with mail.
  func settleInvites() throws {
    for i in invited { try settle(i) }
  }

  /// Adds the leads that a calendar makes; gives the number of its components.
  func collect(_ number: Int, position: Int) throws -> Int {
    guard plan.createsLeads else { return 0 }
    var count = 0
    try read(number) { event in
      try merge.collect(event, number, position: position + count)
      count += 1
    }
    return count
  }

  /// Finds out who keeps meetings that are written once.
  func noteShared() throws {
    guard Self.waits(sources, plan) else { return }
    for i in calendars + invited { try read(i) { try merge.noteShared($0, i) } }
  }

  /// Decides about everything in a calendar.
  func settle(_ number: Int) throws {
    var summary = MailboxSummary()
    let reader = reader(number)
    while true {
      switch reader.next() {
      case .event(let event): try merge.settle(event, number)
      case .broken(let fault): try merge.quarantine(fault, raw: reader.raw, number)
      case .end:
        if let fault = reader.fault {
          faults.append("\(name(number)): \(fault.message)")
        }
        for text in reader.warnings { warnings.append("\(name(number)): \(text)") }
        if number < sources.count { summaries[number] = summary }
        return
      }
      summary.messages += 1
    }
  }

  private func read(_ number: Int, _ body: (CalendarEvent) throws -> Void) throws {
    let reader = reader(number)
    while true {
      switch reader.next() {
      case .event(let event): try body(event)
      case .broken: continue
      case .end: return
      }
    }
  }

  private func name(_ number: Int) -> String {
    number < sources.count ? sources[number].display : "invitations in mail"
  }

  private func reader(_ number: Int) -> EventReader {
    merge.beginFile()
    if let invites, number >= sources.count {
      let user = merge.user(ofSource: number)
      return EventReader(localZone: localZone) { invites.input(user: user) }
    }
    let found = sources[number].found
    return EventReader(localZone: localZone) { SourceInput.open(found) }
  }
}
