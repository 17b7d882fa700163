import Bytes
import CivilTime
public import ICalendar
public import TimeZones

/// One VEVENT, VTODO or VJOURNAL (RFC 5545 3.6) with what its calendar and the other components of
/// its file say about it.
///
/// Immutable and independent of its reader: it may be kept and handed to another thread. Texts are
/// decoded when they are asked for.
public final class CalendarEvent: @unchecked Sendable {
  /// Where it stands; ``CalendarPlace/index`` counts VEVENT, VTODO and VJOURNAL from 0.
  public let place: CalendarPlace
  /// VEVENT, VTODO or VJOURNAL.
  public let kind: ComponentKind
  /// The calendar that it stands in.
  public let calendar: CalendarFacts
  /// All its properties; values above ``EventLimits/textBytes`` are cut.
  public let component: CalendarComponent

  /// The UID, decoded; where there is none 64 hex digits made from the content, the same for the
  /// same content.
  public let uid: String
  /// True when it has a UID of its own.
  public let hasUID: Bool
  /// RECURRENCE-ID as written; nil without.
  public let recurrenceID: TimeValue?
  /// The original start in its series that RECURRENCE-ID names, UTC seconds since 1970; nil
  /// without. A copy that kept the UID of another event has its own start here.
  public let recurrenceInstant: Int64?
  /// RECURRENCE-ID;RANGE=THISANDFUTURE: it says that instance and all that follow.
  public let isThisAndFuture: Bool
  /// SEQUENCE, 0 without, within 0...2^31-1.
  public let sequence: Int

  /// DTSTART as written; nil for VTODO and VJOURNAL without, and for cancelled events without. Of
  /// an override without DTSTART its RECURRENCE-ID.
  public let start: TimeValue?
  /// DTEND or DUE as written, nil without.
  public let writtenEnd: TimeValue?
  /// How long each occurrence lasts.
  public let length: OccurrenceLength
  /// From its own start to its own end; of a series its first occurrence. Nil without a start.
  public let span: EventOccurrence?
  /// It takes whole days: DTSTART is a DATE, or Microsoft's mark says so and both ends are midnight
  /// in its zone or the local one. Never because it lasts 24 hours.
  public let isAllDay: Bool
  /// The name of the zone DTSTART is in, IANA's where it is known, else the TZID as written; nil
  /// for UTC, dates and floating times, and where nobody knows the zone.
  public let timeZone: String?
  /// DTSTART's TZID as written; empty without.
  public let timeZoneText: String
  /// How that was resolved; nil without a TZID.
  public let zoneOrigin: ZoneOrigin?
  /// The zone of its clock: floating times lie in the calendar's X-WR-TIMEZONE, else in the
  /// reader's local zone, where dates lie always.
  public let clockZone: Zone

  /// It has RRULE or RDATE lines, whatever they say.
  public let hasRecurrence: Bool
  /// It gives several occurrences: rules or dates that can be used, or THISANDFUTURE.
  public let isRecurring: Bool
  /// CLASS.
  public let classification: Classification
  /// STATUS; ``EventStatus/other`` without.
  public let status: EventStatus
  /// STATUS or METHOD says that it is cancelled, or its whole series was.
  public let isCancelled: Bool
  /// TRANSP:TRANSPARENT.
  public let isTransparent: Bool
  /// X-MICROSOFT-CDO-BUSYSTATUS; nil without.
  public let busyStatus: BusyStatus?

  /// CREATED in UTC seconds since 1970; nil without.
  public let created: Int64?
  /// LAST-MODIFIED in UTC seconds since 1970; nil without.
  public let lastModified: Int64?
  /// DTSTAMP in UTC seconds since 1970; nil without.
  public let stamp: Int64?

  /// A newer version of it stands in the same file: same UID and RECURRENCE-ID, higher SEQUENCE,
  /// then later LAST-MODIFIED, then later in the file.
  public var isSuperseded: Bool { supersededBy != nil }
  /// The index of the component that counts instead; nil where this one does.
  public let supersededBy: Int?
  /// An override whose series is not in the file; it stands alone.
  public let isOrphan: Bool
  /// The index of the series' master in the file, for overrides that have one.
  public let master: Int?
  /// An override of an instance that EXDATE of its series takes away (RFC 5545 3.8.5.1): it gives
  /// no occurrence.
  public let isExcluded: Bool
  /// Another event of the file has the same UID and is not a version of it.
  public let isUIDReused: Bool
  /// What was not as it should be, beside ``CalendarComponent/defects``.
  public let defects: [EventDefect]

  let expansion: EventExpansion?

  init(_ draft: EventDraft) {
    place = draft.place
    kind = draft.component.kind
    calendar = draft.calendar
    component = draft.component
    uid = draft.uid
    hasUID = draft.hasUID
    recurrenceID = draft.recurrenceID
    recurrenceInstant = draft.recurrenceInstant
    isThisAndFuture = draft.isThisAndFuture
    sequence = draft.sequence
    start = draft.start
    writtenEnd = draft.end
    length = draft.length
    span = draft.span
    isAllDay = draft.isAllDay
    timeZone = draft.timeZone
    timeZoneText = draft.tzid
    zoneOrigin = draft.origin
    clockZone = draft.clockZone
    hasRecurrence = draft.hasRecurrence
    isRecurring = draft.expansion?.isSeries ?? false
    classification = draft.classification
    status = draft.status
    isCancelled = draft.isCancelled
    isTransparent = draft.isTransparent
    busyStatus = draft.busyStatus
    created = draft.created
    lastModified = draft.lastModified
    stamp = draft.stamp
    supersededBy = draft.facts.supersededBy
    isOrphan = draft.facts.isOrphan
    master = draft.facts.master
    isExcluded = draft.facts.isExcluded
    isUIDReused = draft.facts.isUIDReused
    defects = draft.times.defects
    expansion = draft.expansion
  }
}

extension CalendarEvent {
  /// Calls `body` with each defect's code: those of the reader (`ics-…`), then the event's own.
  public func forEachDefectCode(_ body: (String) -> Void) {
    for (bit, code) in CalendarDefects.names where component.defects.contains(bit) {
      body("\(code)")
    }
    var last = ""
    for d in defects where d.code.rawValue != last {
      last = d.code.rawValue
      body(last)
    }
  }

  /// All codes that ``forEachDefectCode(_:)`` may give.
  public static let defectCodes: [String] =
    CalendarDefects.names.map { "\($0.1)" } + EventDefectCode.allCases.map(\.rawValue)
}
