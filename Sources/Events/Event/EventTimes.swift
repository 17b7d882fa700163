import Bytes
import CivilTime
import ICalendar
import Recurrence
import TimeZones

/// Reads the dates of one component: values, their zones, and what is wrong with them.
struct EventTimes {
  let component: CalendarComponent
  let zones: EventZones
  /// The zone of floating times.
  let floatingZone: Zone
  let calendar: Int
  var defects: [EventDefect] = []

  /// A date with what told its zone.
  struct Moment {
    var value: TimeValue
    /// How its TZID was resolved; nil for dates, UTC and floating times.
    var origin: ZoneOrigin?
    /// Its TZID as written; empty without.
    var tzid: String
  }

  mutating func note(_ code: EventDefectCode, _ line: ContentLine? = nil, _ detail: String = "") {
    // One of a kind tells enough: a list of 100,000 bad dates is one defect.
    guard !defects.contains(where: { $0.code == code && $0.detail == detail }), defects.count < 32
    else { return }
    defects.append(EventDefect(code, line: line.map { Int($0.line) } ?? 0, detail: detail))
  }

  /// The zone of a property's TZID; nil without.
  mutating func zone(of line: ContentLine) -> (zone: Zone, origin: ZoneOrigin, tzid: UInt16)? {
    guard line.parameterCount > 0, let p = component.parameter("TZID", of: line) else { return nil }
    let tzid = component.text[p.value].trimmed()
    guard !tzid.isEmpty else { return nil }
    let number = zones.number(of: tzid)
    let found = zones.zone(number, calendar: calendar)
    if found.origin == .fallback {
      note(.unknownZone, line, tzid.prefix(128).string)
      return (floatingZone, .fallback, number)
    }
    if found.definitionError != nil { note(.zoneIgnored, line, tzid.prefix(128).string) }
    return (found.zone, found.origin, number)
  }

  /// A value of a property, or nil with a defect.
  mutating func value(_ text: ByteView, of line: ContentLine, zone: Zone?) -> TimeValue? {
    var odd: ValueDefects = []
    guard let v = DateTimeValue(text, defects: &odd) else {
      note(.badDate, line, text.trimmed().prefix(64).string)
      return nil
    }
    if !odd.isEmpty { note(.oddDate, line) }
    return TimeValue(v, zone: zone)
  }

  /// The single date of a property, or nil with a defect.
  mutating func moment(_ line: ContentLine) -> Moment? {
    let z = zone(of: line)
    guard let v = value(component.value(line), of: line, zone: z?.zone) else { return nil }
    let type = component.valueType(line)
    // DTSTART:20260303 without VALUE=DATE, or VALUE=DATE before a time: the value tells.
    if (type == .date) != v.isDate { note(.oddDate, line) }
    guard let z, case .zoned = v else { return Moment(value: v, origin: nil, tzid: "") }
    return Moment(value: v, origin: z.origin, tzid: zones.name(z.tzid))
  }

  /// How long an event lasts: from its DTEND, DUE or DURATION. `end` is where it stands.
  mutating func length(
    from start: TimeValue, localZone: Zone, end: ContentLine?, duration: ContentLine?
  ) -> (length: OccurrenceLength, end: Moment?) {
    if let end, !component.value(end).trimmed().isEmpty {
      guard let m = moment(end) else { return (.none, nil) }
      if isBefore(m.value, start, localZone) {
        note(.endBeforeStart, end)
      } else if start.isDate, m.value.isDate,
        m.value.nominal.daysSince1970 == start.nominal.daysSince1970
      {
        note(.sameDayEnd, end)
      }
      return (OccurrenceLength(start: start, end: m.value, localZone: localZone), m)
    }
    if let duration {
      var odd: ValueDefects = []
      guard let d = CivilDuration(component.value(duration), defects: &odd), d.days >= 0,
        d.seconds >= 0
      else {
        note(.badDuration, duration)
        return (.none, nil)
      }
      if !odd.isEmpty { note(.oddDate, duration) }
      // A day that is said in hours is a day where there are no hours.
      if start.isDate, d.seconds > 0 {
        let days = d.days &+ Int(clamping: (d.seconds &+ 86_399) / 86_400)
        return (.duration(CivilDuration(days: days)), nil)
      }
      return (.duration(d), nil)
    }
    return (.none, nil)
  }

  private func isBefore(_ end: TimeValue, _ start: TimeValue, _ localZone: Zone) -> Bool {
    if start.isDate { return end.nominal.daysSince1970 < start.nominal.daysSince1970 }
    return end.instant(localZone: localZone) < start.instant(localZone: localZone)
  }

  /// What repeats an event.
  struct Recurrence {
    var rules: [RecurrenceRule] = []
    var exclusionRules: [RecurrenceRule] = []
    var dates: [OccurrenceSet.ExtraDate] = []
    var excluded: [TimeValue] = []
    /// Not everything was read.
    var isCut = false
  }

  /// Reads RRULE, RDATE, EXDATE and EXRULE.
  mutating func recurrence(localZone: Zone, limits: EventLimits) -> Recurrence {
    var r = Recurrence()
    for l in component.properties where l.node == 0 {
      switch l.name {
      case .rrule, .exrule:
        guard !component.value(l).trimmed().isEmpty else { continue }
        guard r.rules.count + r.exclusionRules.count < limits.rulesPerSeries else {
          r.isCut = true
          continue
        }
        guard let rule = rule(l) else { continue }
        if l.name == .rrule { r.rules.append(rule) } else { r.exclusionRules.append(rule) }
      case .rdate, .exdate: list(l, &r, localZone, limits)
      default: break
      }
    }
    if r.isCut { note(.tooManyDates) }
    return r
  }

  private mutating func rule(_ l: ContentLine) -> RecurrenceRule? {
    var odd: RecurrenceDefects = []
    do throws(RecurrenceError) {
      let rule = try RecurrenceRule(parsing: component.value(l), defects: &odd)
      if !odd.isEmpty { note(.ruleOdd, l) }
      return rule
    } catch {
      note(.ruleRefused, l, error.description)
      return nil
    }
  }

  private mutating func list(
    _ l: ContentLine, _ r: inout Recurrence, _ localZone: Zone, _ limits: EventLimits
  ) {
    let z = zone(of: l)?.zone
    for piece in TextValue.pieces(component.value(l)) {
      let text = piece.trimmed()
      if text.isEmpty { continue }
      guard r.dates.count + r.excluded.count < limits.datesPerSeries else {
        r.isCut = true
        return
      }
      guard l.name == .rdate, text.firstIndex(of: UInt8(ascii: "/")) != nil else {
        guard let v = value(text, of: l, zone: z) else { continue }
        if l.name == .rdate { r.dates.append(.init(v)) } else { r.excluded.append(v) }
        continue
      }
      var odd: ValueDefects = []
      guard let p = PeriodValue(text, defects: &odd) else {
        note(.badDate, l, text.prefix(64).string)
        continue
      }
      let start = TimeValue(p.start, zone: z)
      let length: OccurrenceLength =
        switch p.end {
        case .duration(let d): .duration(d)
        case .at(let end):
          OccurrenceLength(start: start, end: TimeValue(end, zone: z), localZone: localZone)
        }
      r.dates.append(.init(start, length: length))
    }
  }
}
