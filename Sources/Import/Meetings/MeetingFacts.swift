import Bytes
import CivilTime
import Events
import ICalendar
import Rules
import Text
import TimeZones

/// Puts events into the words of the rules.
struct MeetingFacts {
  private let key = ByteBuffer(capacity: 128)
  /// Decodes long texts.
  let texts = EventTexts()

  /// The facts of one component.
  ///
  /// - Parameters:
  ///   - occurs: Tells whether an occurrence begins in a window.
  func item(
    _ e: CalendarEvent, role: Config.CalendarRole, user: Int, localZone: Zone,
    supersededBy: String?, occurs: @escaping (MeetingWindow) -> Bool
  ) -> MeetingItem {
    var item = MeetingItem()
    item.kind =
      switch e.kind {
      case .todo: .todo
      case .journal: .journal
      default: .event
      }
    item.uid = e.uid
    item.role = role
    item.user = user
    item.isPrivate = e.classification == .secret || e.classification == .confidential
    item.isAllDay = e.isAllDay
    item.isRecurring = e.isRecurring || e.recurrenceID != nil
    item.isCancelled = e.isCancelled
    item.isFree = Self.isFree(e)
    item.isSuperseded = supersededBy != nil
    item.newerVersion = supersededBy ?? ""
    item.isFromTask = OutboundEvent.taskID(inUID: e.uid) != nil || Self.hasTaskMark(e)
    (item.created, item.createdSource) = Self.created(e)
    item.start = e.start?.instant(localZone: localZone)
    item.occurs = occurs
    if let o = e.organizer(using: texts) { item.parties.append(party(o, isOrganizer: true)) }
    for a in e.attendees(using: texts) { item.parties.append(party(a, isOrganizer: false)) }
    return item
  }

  // Outlook's own word is about the owner; TRANSP is all that others have (research/calendar.md 4).
  private static func isFree(_ e: CalendarEvent) -> Bool {
    if let busy = e.busyStatus { return busy == .free || busy == .workingElsewhere }
    return e.isTransparent
  }

  /// Properties in which CRMs and winnow name the task that an event was made of.
  static let taskMarks: [StaticString] = [OutboundEvent.markName, "X-LSQ-TASKID"]

  private static func hasTaskMark(_ e: CalendarEvent) -> Bool {
    taskMarks.contains { !(e.text(named: $0) ?? "").isEmpty }
  }

  // features.md CS-F-history: DTSTAMP is the last revision where there is no METHOD; Google writes
  // the time of the export there, with METHOD:PUBLISH.
  private static func created(_ e: CalendarEvent) -> (Int64?, CreationSource) {
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
