import Bytes
import Mailboxes
import Rules

/// Calendars of which facts came from elsewhere: all components of a UID at a time, since no others have
/// to meet them.
extension CalendarJob {
  /// The component that a fact tells of.
  func item(_ fact: FactDecoder.Fact, _ sources: FactSources) throws -> MeetingItem {
    var name = ""
    let meeting = try fact.walk { c in
      var meeting = MeetingFact()
      c.text("source", &name)
      meeting.walk(&c)
      return meeting
    }
    let source = try self.source(name, fact, sources)
    let place = FactPlace(source: name, index: meeting.index)
    guard let position = sources.position(place) else { throw fact.unknown }
    return MeetingItem(
      fact: meeting, position: position,
      owner: settler.shown(owner: source.source.ownerName), source: source)
  }

  /// The component that could not be read.
  func fault(
    _ fact: FactDecoder.Fact, _ sources: FactSources
  ) throws -> (MeetingFault, CalendarSource) {
    var name = ""
    let fault = try fact.walk { c in
      var fault = MeetingFault()
      c.text("source", &name)
      fault.walk(&c)
      return fault
    }
    return (fault, try source(name, fact, sources))
  }

  private func source(
    _ name: String, _ fact: FactDecoder.Fact, _ sources: FactSources
  ) throws -> CalendarSource {
    guard let number = sources.number(name), number < self.sources.count else { throw fact.unknown }
    if let known = grouped[number] { return known }
    let source = self.sources[number]
    let made = CalendarSource(
      number: number, source: source, span: MeetingSpan(plan.user(source.user).window))
    grouped[number] = made
    return made
  }

  /// Adds the leads that the components of a UID make.
  func collect(group: [MeetingItem]) throws {
    guard plan.createsLeads else { return }
    settler.beginGroup()
    let linked = group.filter { $0.source.source.role != .conflict }
    if run.inviteUsers.isEmpty { noteVersions(group) }
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
    for item in group where hasRivals(item.source.number) { settler.noteVersion(item) }
  }

  /// Quarantines what could not be read.
  func quarantine(_ fault: MeetingFault, _ source: CalendarSource) throws {
    try settler.quarantine(
      fault, source, owner: settler.shown(owner: source.source.ownerName))
  }
}
