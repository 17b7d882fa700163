import Bytes
import CivilTime
import Events
import ICalendar
import Rules
import Text
import TimeZones

/// Puts events into the words of the rules, and into facts. Not shared between threads.
package struct MeetingFactsBuilder {
  private let key = ByteBuffer(capacity: 128)
  /// Decodes long texts.
  let texts = EventTexts()

  /// A builder for one thread.
  package init() {}

  /// The facts of one component.
  ///
  /// - Parameters:
  ///   - occurrences: See ``occurrences(_:over:budget:)``.
  package func facts(
    _ e: CalendarEvent, role: Config.CalendarRole, user: Int, localZone: Zone,
    occurrences: MeetingOccurrences?
  ) -> MeetingFacts {
    var facts = MeetingFacts()
    facts.kind =
      switch e.kind {
      case .todo: .todo
      case .journal: .journal
      default: .event
      }
    facts.uid = e.uid
    facts.role = role
    facts.user = user
    if let method = e.calendar.method, method.isAnswer { facts.answer = "\(method.name)" }
    facts.isPrivate = e.classification == .secret || e.classification == .confidential
    facts.isAllDay = e.isAllDay
    facts.isRecurring = e.isRecurring || e.recurrenceID != nil
    facts.isCancelled = e.isCancelled
    facts.isFree = Self.isFree(e)
    facts.isFromTask = OutboundEvent.taskID(inUID: e.uid) != nil || Self.hasTaskMark(e)
    (facts.created, facts.createdSource) = Self.created(e)
    facts.start = e.start?.instant(localZone: localZone)
    facts.occurrences = occurrences
    if let o = e.organizer(using: texts) { facts.parties.append(party(o, isOrganizer: true)) }
    for a in e.attendees(using: texts) { facts.parties.append(party(a, isOrganizer: false)) }
    return facts
  }

  /// When a component takes place: a series over a span, paid from the file's budget; everything
  /// else whenever it is.
  func occurrences(
    _ e: CalendarEvent, over span: MeetingSpan, budget: inout EventBudget
  ) -> MeetingOccurrences {
    var o = MeetingOccurrences()
    o.isSeries = e.isRecurring
    o.repeats = e.hasRecurrence
    guard !e.isCancelled, !e.isSuperseded, e.start != nil else {
      o.takesPlace = false
      o.first = e.span?.start
      return o
    }
    if e.isRecurring { o.span = span }
    let found = budget.occurrences(of: e, from: o.span.from, through: o.span.through)
    o.fault = found.fault
    o.list.reserveCapacity(found.list.count)
    for one in found.list {
      o.list.append(
        MeetingOccurrence(
          start: one.start, end: one.end, original: one.recurrenceID,
          days: e.isAllDay ? Self.days(one) : nil))
    }
    return o
  }

  // Some write the same day as the end, which then is that day (RFC 5545 has the day after it).
  private static func days(_ o: EventOccurrence) -> MeetingOccurrence.Days {
    let first = o.startDate.daysSince1970
    return MeetingOccurrence.Days(first: first, end: max(o.endDate.daysSince1970, first + 1))
  }

  /// Everything of one component but what only records show.
  func fact(
    _ e: CalendarEvent, _ facts: MeetingFacts, place: EventPlace, index: Int
  ) -> MeetingFact {
    var fact = MeetingFact()
    fact.place = place
    fact.index = index
    fact.facts = facts
    fact.hasUID = e.hasUID
    if let index = e.supersededBy { fact.newer = "\(place.path)#\(index)" }
    fact.sequence = e.sequence
    fact.modified = e.lastModified
    fact.changed = e.lastModified ?? e.stamp ?? e.created
    fact.instance = e.recurrenceInstant
    fact.isOverride = e.recurrenceID != nil
    fact.namesDates = e.start?.isDate ?? e.recurrenceID?.isDate ?? false
    fact.span = e.span.map { MeetingFact.Span(start: $0.start, end: $0.end) }
    fact.summary = e.summary
    return fact
  }

  /// What only records show.
  func content(_ e: CalendarEvent) -> MeetingFact.Content {
    var content = MeetingFact.Content()
    content.description = e.description(using: texts)
    content.location = e.location
    if let link = e.joinLink(using: texts) {
      content.link = link.url
      content.provider = link.provider
    }
    content.timeZone = e.timeZone
    content.isTentative = e.status == .tentative
    return content
  }

  // Outlook's own word is about the owner; TRANSP is all that others have.
  private static func isFree(_ e: CalendarEvent) -> Bool {
    if let busy = e.busyStatus { return busy == .free || busy == .workingElsewhere }
    return e.isTransparent
  }

  /// Properties in which CRMs and winnow name the task that an event was made of.
  package static let taskMarks: [StaticString] = [OutboundEvent.markName, "X-LSQ-TASKID"]

  private static func hasTaskMark(_ e: CalendarEvent) -> Bool {
    taskMarks.contains { !(e.text(named: $0) ?? "").isEmpty }
  }

  // CS-F-history: DTSTAMP is the last revision where there is no METHOD; Google writes
  // the time of the export there, with METHOD:PUBLISH.
  private static func created(_ e: CalendarEvent) -> (Int64?, CreationBasis) {
    if let t = e.created { return (t, .created) }
    if e.calendar.method == nil, let t = e.stamp { return (t, .stamp) }
    return (e.lastModified, .lastModified)
  }

  private func party(_ p: EventParticipant, isOrganizer: Bool) -> MeetingParty {
    key.removeAll()
    let isAddress = p.email.withByteView { AddressKey.append($0, to: key) }
    return MeetingParty(
      key: isAddress ? key.array : [], email: p.email.isEmpty ? p.uri : p.email, name: p.name,
      role: isOrganizer ? "CHAIR" : "\(p.role.name)",
      status: isOrganizer ? nil : "\(p.status.name)", kind: "\(p.type.name)",
      isResource: p.isResource, isCalendar: p.isCalendar, isOrganizer: isOrganizer)
  }
}
