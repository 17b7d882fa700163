import Bytes
import CivilTime
import Events
import Glibc
import ICalendar
import Import
import JSONText
import Mailboxes
import TimeZones

/// Renders what the calendar parsers see (`winnow schema inspect`), one line for each VEVENT, VTODO
/// and VJOURNAL in file order.
///
/// With a window only what occurs in it is shown; of cancelled and superseded components, which
/// occur nowhere, what would begin in it. Broken components are shown always.
final class InspectCalendar {
  private let window: TimeWindow
  private let texts = EventTexts()
  private let out = ByteBuffer(capacity: 1 << 18)
  /// Where a series ends when the window has no end: a year after now, or after its beginning.
  private let seriesEnd: Int64
  private static let flushAt = 1 << 18

  init(window: TimeWindow, now: Int64) {
    self.window = window
    let latest = max(now, window.from ?? .min)
    var day = CivilDateTime(nominalSeconds: latest)
    var date = day.date
    date.year += 1
    if !date.isValid { date.day = 28 }
    day = CivilDateTime(daysSince1970: date.daysSince1970, secondOfDay: day.secondOfDay)
    seriesEnd = day.nominalSeconds
  }

  /// Prints a source; why it could not be read, or nil.
  func print(_ source: FoundSource, display: String) throws -> EventFileFault? {
    var lastError: MailboxError?
    let reader = EventReader(localZone: .utc) {
      SourceInput.open(source) { lastError = $0 }
    }
    var budget = EventBudget()
    items: while true {
      switch reader.next() {
      case .end: break items
      case .broken(let fault): broken(fault, display)
      case .event(let e): event(e, display, &budget)
      }
      if out.count >= Self.flushAt { try flush() }
    }
    try flush()
    for warning in reader.warnings {
      Console.error("winnow: \(Plain.line(display)): \(Plain.line(warning))")
    }
    if case .cannotOpen = reader.fault, let lastError, lastError.errno == 0 {
      // Not a failed call, such as a FIFO that was put there.
      return .cannotOpen(EINVAL)
    }
    return reader.fault
  }

  private func flush() throws {
    if !out.isEmpty { try Inspect.write(out.view) }
    out.removeAll()
  }

  private func broken(_ fault: EventFault, _ display: String) {
    let w = JSONWriter(out)
    w.beginObject()
    w.key("item")
    w.string("quarantined")
    source(w, fault.place, display)
    w.key("error")
    w.string(fault.message)
    w.endObject()
    out.append(ASCII.lf)
  }

  private func event(_ e: CalendarEvent, _ display: String, _ budget: inout EventBudget) {
    var found: EventOccurrences?
    if window.from != nil || window.to != nil {
      let list = budget.occurrences(
        of: e, from: window.from ?? .min,
        through: window.to ?? (e.isRecurring ? seriesEnd : .max))
      guard !list.list.isEmpty || !list.isComplete || isShownAnyhow(e) else { return }
      found = list
    }
    let w = JSONWriter(out)
    w.beginObject()
    w.key("item")
    w.string("event")
    if e.kind != .event {
      w.key("component")
      w.string(e.kind.name)
    }
    source(w, e.place, display)
    members(w, e)
    if let found { occurrences(w, found.list, of: e) }
    w.key("defects")
    w.beginArray()
    e.forEachDefectCode { w.string($0) }
    if let found {
      if !found.startIsOnRule { w.string(EventDefectCode.offRule.rawValue) }
      if !found.isComplete { w.string(EventDefectCode.tooManyOccurrences.rawValue) }
    }
    w.endArray()
    w.endObject()
    out.append(ASCII.lf)
  }

  /// Gives no occurrence because it does not count (any more), and would have begun in the window.
  private func isShownAnyhow(_ e: CalendarEvent) -> Bool {
    guard e.isCancelled || e.isSuperseded || e.isExcluded else { return false }
    guard let start = e.span?.start ?? e.recurrenceInstant else { return true }
    return start >= window.from ?? .min && start <= window.to ?? .max
  }

  private func source(_ w: JSONWriter, _ place: CalendarPlace, _ display: String) {
    w.key("source")
    w.beginObject()
    w.key("path")
    w.string(display)
    w.key("index")
    w.number(place.index ?? 0)
    if place.offset >= 0 {
      w.key("offset")
      w.number(place.offset)
    }
    if place.length >= 0 {
      w.key("length")
      w.number(place.length)
    }
    w.endObject()
  }

  private func members(_ w: JSONWriter, _ e: CalendarEvent) {
    w.key("uid")
    w.string(e.uid)
    w.key("recurrenceId")
    if let id = e.recurrenceID, let instant = e.recurrenceInstant {
      time(w, TimeForm(id, of: e), id.nominal, instant)
    } else {
      w.null()
    }
    w.key("sequence")
    w.number(e.sequence)
    text(w, "method", e.calendar.methodText.isEmpty ? nil : e.calendar.methodText)
    text(w, "summary", e.summary)
    let form = TimeForm(e)
    w.key("start")
    if let s = e.span { time(w, form, s.nominalStart, s.start) } else { w.null() }
    w.key("end")
    if let s = e.span { time(w, form, s.nominalEnd, s.end) } else { w.null() }
    text(w, "timeZone", e.timeZone)
    w.key("allDay")
    w.bool(e.isAllDay)
    w.key("class")
    w.string(e.classification.name)
    text(w, "status", e.status == .other ? e.statusText : "\(e.status.name)")
    w.key("transparency")
    w.string(e.isTransparent ? "TRANSPARENT" : "OPAQUE")
    people(w, e)
    text(w, "location", e.location)
    text(w, "description", e.description(using: texts))
    text(w, "joinUrl", e.joinLink(using: texts)?.url)
    let rules = e.rules
    text(w, "rrule", rules.isEmpty ? nil : rules.joined(separator: "\n"))
  }

  private func text(_ w: JSONWriter, _ key: StaticString, _ value: String?) {
    w.key(key)
    w.string(orNull: value)
  }

  private func people(_ w: JSONWriter, _ e: CalendarEvent) {
    w.key("organizer")
    if let o = e.organizer(using: texts) {
      w.beginObject()
      name(w, o)
      w.endObject()
    } else {
      w.null()
    }
    w.key("attendees")
    w.beginArray()
    for a in e.attendees(using: texts) {
      w.beginObject()
      name(w, a)
      w.key("role")
      w.string(a.role.name)
      w.key("status")
      w.string(a.status.name)
      w.key("kind")
      w.string(a.type.name)
      w.endObject()
    }
    w.endArray()
  }

  private func name(_ w: JSONWriter, _ p: EventParticipant) {
    if !p.name.isEmpty {
      w.key("name")
      w.string(p.name)
    }
    w.key("email")
    w.string(p.email)
  }

  private func occurrences(_ w: JSONWriter, _ list: [EventOccurrence], of e: CalendarEvent) {
    let form = TimeForm(e)
    let idForm = e.recurrenceID.map { TimeForm($0, of: e) } ?? form
    w.key("occurrences")
    w.beginArray()
    for o in list {
      w.beginObject()
      w.key("start")
      time(w, form, o.nominalStart, o.start)
      w.key("end")
      time(w, form, o.nominalEnd, o.end)
      w.key("recurrenceId")
      if let id = o.recurrenceID {
        time(w, idForm, e.clockZone.localTime(at: id), id)
      } else {
        w.null()
      }
      w.key("overridden")
      w.bool(o.isOverridden)
      w.endObject()
    }
    w.endArray()
  }

  /// How a time is shown: a day, what a clock shows (no `Z`: floating, and where nobody knows the
  /// zone), or UTC.
  private enum TimeForm {
    case day, clock, utc

    init(_ e: CalendarEvent) {
      if e.isAllDay {
        self = .day
      } else if case .floating = e.start {
        self = .clock
      } else {
        self = e.zoneOrigin == .fallback ? .clock : .utc
      }
    }

    init(_ id: TimeValue, of e: CalendarEvent) {
      switch id {
      case .date: self = .day
      case .floating: self = .clock
      case .utc: self = .utc
      case .zoned: self = e.zoneOrigin == .fallback ? .clock : .utc
      }
    }
  }

  private let value = ByteBuffer(capacity: 32)

  private func time(_ w: JSONWriter, _ form: TimeForm, _ nominal: CivilDateTime, _ instant: Int64) {
    value.removeAll()
    switch form {
    case .day: nominal.date.append(to: value)
    case .utc: CivilDate.append(utcSeconds: instant, to: value)
    case .clock:
      CivilDate.append(utcSeconds: nominal.nominalSeconds, to: value)
      value.truncate(to: value.count - 1)
    }
    w.string(value.view)
  }
}
