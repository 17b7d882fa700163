import Bytes
import CivilTime
import ICalendar
import TimeZones

/// A component being read into a ``CalendarEvent``.
struct EventDraft {
  let component: CalendarComponent
  let place: CalendarPlace
  let calendar: CalendarFacts
  let facts: SeriesFacts
  let limits: EventLimits
  private let localZone: Zone

  var times: EventTimes
  var uid = ""
  var hasUID = false
  var recurrenceID: TimeValue?
  var recurrenceInstant: Int64?
  var isThisAndFuture = false
  var sequence = 0
  var start: TimeValue?
  var end: TimeValue?
  var length = OccurrenceLength.none
  var span: EventOccurrence?
  var isAllDay = false
  var timeZone: String?
  var tzid = ""
  var origin: ZoneOrigin?
  var clockZone: Zone
  var hasRecurrence = false
  /// CLASS, as the component itself says it.
  private var ownClass: Classification?
  /// CLASS; that of its series where an override has none.
  var classification: Classification { ownClass ?? facts.classification }
  var status = EventStatus.other
  var isCancelled = false
  var isTransparent = false
  var busyStatus: BusyStatus?
  var created: Int64?
  var lastModified: Int64?
  var stamp: Int64?
  var expansion: EventExpansion?
  /// RDATE and EXDATE values, for a bound on what is kept.
  var dateCount = 0

  /// The first line of each property that is looked at.
  private struct Lines {
    var uid: ContentLine?
    var recurrenceID: ContentLine?
    var start: ContentLine?
    var end: ContentLine?
    var duration: ContentLine?
  }

  /// `component` is taken as it is and must not change any more.
  init(
    _ component: CalendarComponent, place: CalendarPlace, calendar: CalendarFacts,
    facts: SeriesFacts, zones: EventZones, limits: EventLimits
  ) {
    self.component = component
    self.place = place
    self.calendar = calendar
    self.facts = facts
    self.limits = limits
    localZone = zones.localZone
    let floating = calendar.timeZone ?? zones.localZone
    clockZone = floating
    times = EventTimes(
      component: component, zones: zones, floatingZone: floating, calendar: place.calendar)
  }

  /// Reads everything; why the component cannot be used, or nil.
  mutating func read(master: OccurrenceSet?, uids: EventUID) -> EventFault? {
    let lines = values()
    let (text, isOwn, isCut) = uids.uid(component, lines.uid, limits: limits)
    uid = text
    hasUID = isOwn
    if !isOwn { times.note(.noUID) }
    if isCut { times.note(.longUID, lines.uid) }
    if component.text.count > limits.textBytes {
      for l in component.properties where component.value(l).count >= limits.textBytes - 3 {
        times.note(.longText, l, component.name(l).prefix(64).string)
      }
    }
    isCancelled = status == .cancelled || calendar.method == .cancel || facts.isSeriesCancelled
    if let l = lines.recurrenceID { recurrenceID = times.moment(l)?.value }
    if let fault = readStart(lines) { return fault }
    nameInstance()
    if let start { readSeries(start, lines, master) }
    if facts.isUIDReused { times.note(.uidReused, lines.uid) }
    if facts.isOrphan { times.note(.orphan, lines.recurrenceID) }
    if facts.isExcluded { times.note(.excluded, lines.recurrenceID) }
    if facts.supersededBy != nil { times.note(.superseded) }
    return nil
  }

  private mutating func values() -> Lines {
    var found = Lines()
    for l in component.properties where l.node == 0 {
      switch l.name {
      case .uid: if found.uid == nil { found.uid = l }
      case .dtstart: if found.start == nil { found.start = l }
      case .dtend: if found.end == nil { found.end = l }
      case .due: if found.end == nil, component.kind == .todo { found.end = l }
      case .duration: if found.duration == nil { found.duration = l }
      case .recurrenceID:
        if found.recurrenceID == nil {
          found.recurrenceID = l
          isThisAndFuture = component.isThisAndFuture(l)
        }
      case .sequence:
        let n = CalendarValue.integer(component.value(l))
        if n?.isClamped ?? true { times.note(.badSequence, l) }
        sequence = n?.value ?? 0
      case .status: if status == .other { status = EventStatus(component.value(l)) }
      case .transp: isTransparent = CalendarValue.isTransparent(component.value(l))
      case .msBusyStatus: busyStatus = BusyStatus(component.value(l))
      case .created: created = EventStamp.seconds(component.value(l))
      case .lastModified: lastModified = EventStamp.seconds(component.value(l))
      case .dtstamp: stamp = EventStamp.seconds(component.value(l))
      case .rrule, .rdate: hasRecurrence = true
      case .classification:
        // Of several, the strictest: a reader that takes the other one would show too much.
        ownClass = max(ownClass ?? .everyone, Classification(component.value(l)))
      default: break
      }
    }
    return found
  }

  private mutating func readStart(_ lines: Lines) -> EventFault? {
    var moment: EventTimes.Moment?
    if let l = lines.start { moment = times.moment(l) }
    if moment == nil, let l = lines.recurrenceID, component.kind == .event, let id = times.moment(l)
    {
      moment = id
      if !isCancelled { times.note(.noStart) }
    }
    if let m = moment {
      start = m.value
      origin = m.origin
      tzid = m.tzid
      return nil
    }
    // A cancellation need not say when (RFC 5546 3.2.5); tasks and journals need no time.
    if isCancelled || component.kind != .event { return nil }
    let what = lines.start == nil ? "it has no DTSTART" : "DTSTART is no date"
    let value = lines.start.map { l in
      ": \"\(component.value(l).trimmed().prefix(64).string)\""
        + (l.line > 0 ? " on line \(l.line)" : "")
    }
    func message(_ value: String) -> String {
      "the event\(EventFault.at(place)) cannot be placed in time: \(what)\(value); give it a "
        + "DTSTART such as 20260303T091500Z or export it again"
    }
    return EventFault(
      place: place, code: lines.start == nil ? .noStart : .badDate, message: message(value ?? ""),
      plainMessage: message(""), isPrivate: classification.isPrivate)
  }

  private mutating func nameInstance() {
    guard let id = recurrenceID else {
      recurrenceInstant = facts.recurrence
      return
    }
    recurrenceInstant =
      facts.recurrence
      ?? RecurrenceName.alone(
        id, start: start, localZone: localZone,
        floatingZone: calendar.timeZone ?? localZone)
  }

  /// The zone in which the series' own times lie where they name none.
  private func localZone(for start: TimeValue) -> Zone {
    start.isDate ? localZone : calendar.timeZone ?? localZone
  }

  private mutating func readSeries(
    _ written: TimeValue, _ lines: Lines, _ master: OccurrenceSet?
  ) {
    var start = written
    let local = localZone(for: written)
    let (length, end) = times.length(
      from: written, localZone: local, end: lines.end, duration: lines.duration)
    self.length = length
    self.end = end?.value
    clockZone = written.zone(localZone: local)
    if case .zoned(_, let z) = written, origin != .fallback { timeZone = z.id }
    isAllDay = written.isDate
    if !isAllDay, component.hasAllDayMark, let zone = midnightZone(written, length, local) {
      isAllDay = true
      // The day, not the instant, repeats.
      if zone !== clockZone {
        start = .zoned(zone.localTime(at: written.instant(localZone: local)), zone)
        clockZone = zone
      }
    }
    span = OccurrenceSet(start: start, length: length, localZone: local)
      .occurrences(through: .max).list.first
      .map {
        EventOccurrence($0, recurrenceID: recurrenceInstant, isOverridden: recurrenceID != nil)
      }
    // Lotus Notes sends the rest of a series so, with all that follow as its own RDATE: where the
    // series is not there, that is what is known of it.
    let isRest = isThisAndFuture && facts.isOrphan && hasRecurrence
    let isOverride = recurrenceID != nil && !isRest
    if isOverride, hasRecurrence { times.note(.overrideRule) }
    guard !isCancelled, !facts.isExcluded, facts.supersededBy == nil else { return }
    if isOverride {
      if isThisAndFuture, let master, let recurrenceInstant {
        expansion = .following(
          FollowingInstances(
            master: master, start: start, length: length, localZone: local,
            first: recurrenceInstant, cut: facts.cut, replaced: facts.replaced,
            limits: limits))
      } else {
        expansion = .single
      }
      return
    }
    guard hasRecurrence || !facts.replaced.isEmpty || facts.cut != nil else {
      expansion = .single
      return
    }
    let r = times.recurrence(localZone: local, limits: limits)
    dateCount = r.dates.count + r.excluded.count
    let zone = start.zone(localZone: local)
    var excluded = r.excluded
    for o in facts.replaced { excluded.append(o.name(isDate: start.isDate, zone: zone)) }
    expansion = .series(
      OccurrenceSet(
        start: start, length: length, localZone: local, rules: r.rules, dates: r.dates,
        excluded: excluded, exclusionRules: r.exclusionRules),
      cut: facts.cut, isRepeating: !r.rules.isEmpty || !r.dates.isEmpty, isCut: r.isCut)
  }

  /// The zone in which both ends are midnight: the event's own, else the local one; nil where that
  /// is none of them.
  private func midnightZone(
    _ start: TimeValue, _ length: OccurrenceLength, _ local: Zone
  ) -> Zone? {
    let first = start.instant(localZone: local)
    let set = OccurrenceSet(start: start, length: length, localZone: local)
    guard let last = set.occurrences(through: .max).list.first?.end, last > first else {
      return nil
    }
    for zone in [start.zone(localZone: local), local, localZone]
    where zone.localTime(at: first).secondOfDay == 0 && zone.localTime(at: last).secondOfDay == 0 {
      return zone
    }
    return nil
  }
}

extension SeriesFacts.Replaced {
  /// The instance as EXDATE would name it.
  func name(isDate: Bool, zone: Zone) -> TimeValue {
    isDate || isDay ? .date(zone.localTime(at: instant).date) : .utc(instant)
  }
}

extension EventOccurrence {
  init(_ o: Occurrence, recurrenceID: Int64?, isOverridden: Bool) {
    self.init(
      start: o.start, end: o.end, nominalStart: o.nominal, nominalEnd: o.nominalEnd,
      recurrenceID: recurrenceID, isOverridden: isOverridden)
  }
}
