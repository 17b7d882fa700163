import Bytes
import Mailboxes
import Rules

/// Calendars of which facts came from elsewhere: all components of a UID at a time, since no others
/// have to meet them.
extension CalendarJob {
  /// The component that a fact tells of.
  func item(_ fact: FactDecoder.Fact, _ sources: FactSources) throws -> MeetingItem {
    var line = CalendarLine()
    var meeting = try fact.walk { c in
      var meeting = MeetingFact()
      line.walk(&c)
      meeting.walk(&c)
      return meeting
    }
    let source = try self.source(line, fact, sources)
    guard var position = sources.position(line.place(meeting.index)) else { throw fact.unknown }
    if line.mail != nil {
      meeting.place.index = Int(position.index)
      position = InviteStore.position(of: .meeting(meeting), in: position)
    }
    return MeetingItem(
      fact: meeting, position: position,
      owner: settler.shown(owner: source.source.ownerName), source: source)
  }

  /// The component that could not be read.
  func fault(
    _ fact: FactDecoder.Fact, _ sources: FactSources
  ) throws -> (MeetingFault, CalendarSource) {
    var line = CalendarLine()
    var fault = try fact.walk { c in
      var fault = MeetingFault()
      line.walk(&c)
      fault.walk(&c)
      return fault
    }
    if line.mail != nil {
      guard let position = sources.position(line.place(0)) else { throw fact.unknown }
      fault.place.index = Int(position.index)
    }
    return (fault, try source(line, fact, sources))
  }

  private func source(
    _ line: CalendarLine, _ fact: FactDecoder.Fact, _ sources: FactSources
  ) throws -> CalendarSource {
    guard let number = sources.number(line.source), number < self.sources.count else {
      throw fact.unknown
    }
    // Invitations and calendars are different sources, so one number stands for one of them.
    if let known = groups.sources[number] { return known }
    var source = self.sources[number]
    if line.mail != nil { source.role = .primary }
    let made = CalendarSource(
      number: number, source: source, span: MeetingSpan(plan.user(source.user).window),
      mail: line.mail.map { _ in EventPlace() })
    groups.sources[number] = made
    return made
  }

  /// Adds the leads that the components of a UID make.
  func collect(group: [MeetingItem]) throws {
    guard plan.createsLeads else { return }
    settler.beginGroup()
    let linked = group.filter { $0.source.source.role != .conflict }
    noteVersions(group)
    for item in linked { try settler.collect(item) }
  }

  /// Decides about all components of a UID, in their order.
  func settle(group: [MeetingItem]) throws {
    settler.beginGroup()
    noteVersions(group)
    if Self.waitsForShared(sources, plan) { for item in group { try settler.noteShared(item) } }
    for item in group { try settler.settle(item) }
  }

  private func noteVersions(_ group: [MeetingItem]) {
    // Beside what mail brings any calendar is one of several.
    let invited = Set(group.filter(\.source.isInvitation).map(\.fact.facts.user))
    for item in group {
      let isRival =
        item.source.isInvitation || groups.rivals.contains(item.source.number)
        || (item.fact.facts.role != .conflict && invited.contains(item.fact.facts.user))
      if isRival { settler.noteVersion(item) }
    }
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: MeetingFault, _ source: CalendarSource) throws {
    try settler.quarantine(
      fault, source, owner: settler.shown(owner: source.source.ownerName))
  }
}
