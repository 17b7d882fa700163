public import Bytes
import Glibc
public import ICalendar
public import Text
public import TimeZones

/// What ``EventReader/next()`` met.
public enum EventItem {
  /// A VEVENT, VTODO or VJOURNAL.
  case event(CalendarEvent)
  /// A component that cannot be used; the rest of the file goes on. Its bytes are in
  /// ``EventReader/raw``.
  case broken(EventFault)
  /// The end of the file; see ``EventReader/fault``.
  case end
}

/// Why a component cannot be used.
public struct EventFault: Sendable {
  /// Where it stands.
  public let place: CalendarPlace
  /// ``EventDefectCode/noStart`` or ``EventDefectCode/badDate``; nil where its text is damaged.
  public let code: EventDefectCode?
  /// What is wrong, where, and how to mend it, in a sentence; may quote a value.
  public let message: String
  /// The same without anything of the component's text.
  public let plainMessage: String
  /// True when the component is private, or may be, as far as it can be read.
  public let isPrivate: Bool

  static func at(_ place: CalendarPlace) -> String {
    var parts: [String] = []
    if place.line > 0 { parts.append("line \(place.line)") }
    if place.offset >= 0 { parts.append("byte \(place.offset)") }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }
}

/// Why a file could not be read, or not to its end.
public enum EventFileFault: Sendable, Hashable {
  /// It could not be opened; errno(3).
  case cannotOpen(Int32)
  /// Reading failed; errno(3).
  case cannotRead(Int32)
  /// It is no calendar; the format that it seems to have.
  case notACalendar(CalendarFormat)
  /// The whole text is damaged: xCal that is no XML, jCal that is no JSON.
  case damaged(CalendarFault)

  /// It in a sentence.
  public var message: String {
    switch self {
    case .cannotOpen(let e): "cannot be opened: \(String(cString: strerror(e)))"
    case .cannotRead(let e): "cannot be read: \(String(cString: strerror(e)))"
    case .notACalendar(.vCard): "holds contacts (vCard), no calendar"
    case .notACalendar: "is no calendar that can be read (iCalendar, xCal or jCal)"
    case .damaged(let f): f.message
    }
  }
}

/// Reads the events of one calendar file in file order, in two passes: the first keeps a small row
/// for each component and the zones, the second gives each component with what the others say
/// about it. Memory: the rows (some 64 bytes a component) and one component.
///
/// Owned by one thread at a time; the events that it gives belong to nobody.
public final class EventReader {
  private let open: () -> (format: CalendarFormat, reader: (any CalendarReading)?, errno: Int32)
  private let limits: EventLimits
  private let zones: EventZones
  private let uids = EventUID()
  private var index = SeriesIndex()
  private var masters: [Int: OccurrenceSet] = [:]
  private var reader: (any CalendarReading)?
  private var isPrepared = false
  private var facts = CalendarFacts()
  private var factsLines = -1

  /// The format, known after the first ``next()``.
  public private(set) var format = CalendarFormat.unknown
  /// Why the file could not be read, or not to its end; nil where all went well. Known at the end.
  public private(set) var fault: EventFileFault?
  /// What is odd about the file as a whole, in sentences; at most 100. Known at the end.
  public private(set) var warnings: [String] = []
  /// The calendar that the item read last stands in; before the first item that of none.
  public var calendar: CalendarFacts { facts }
  /// The bytes of the item read last as they stand in the file, where they are at hand; holds until
  /// the next ``next()``.
  public var raw: ByteView { reader?.raw ?? .empty }

  /// A reader of whatever `input` opens, which is called twice or three times and must give the
  /// same bytes each time; nil with errno set where that fails. `localZone` is the zone of dates,
  /// and of floating times where the calendar names none (X-WR-TIMEZONE).
  public init(
    localZone: Zone, database: ZoneDatabase = .system, limits: EventLimits = EventLimits(),
    input: @escaping () -> (any CalendarInput)?
  ) {
    self.limits = limits
    zones = EventZones(database: database, localZone: localZone, limits: limits)
    open = {
      guard let stream = input() else { return (.unknown, nil, errno == 0 ? EIO : errno) }
      let (format, reader) = CalendarFormat.reader(stream)
      return (format, reader, stream.errorNumber)
    }
  }

  /// A reader of the file at a path; its format is told by content.
  public convenience init(
    path: String, localZone: Zone, database: ZoneDatabase = .system,
    limits: EventLimits = EventLimits()
  ) {
    self.init(localZone: localZone, database: database, limits: limits) {
      CalendarFile(path: path)
    }
  }

  /// A reader of bytes in memory, which must outlive it, such as a text/calendar part of a mail.
  /// `charset`: what its carrier says.
  public init(
    _ bytes: ByteView, charset: Charset? = nil, localZone: Zone,
    database: ZoneDatabase = .system, limits: EventLimits = EventLimits()
  ) {
    self.limits = limits
    zones = EventZones(database: database, localZone: localZone, limits: limits)
    open = {
      let found = CalendarFormat.reader(bytes, charset: charset)
      return (found?.format ?? CalendarFormat(head: bytes), found?.reader, 0)
    }
  }

  /// The next event or broken component.
  public func next() -> EventItem {
    if !isPrepared {
      isPrepared = true
      prepare()
    }
    guard let reader else { return .end }
    while true {
      switch reader.next() {
      case .end:
        if reader.errorNumber != 0 { fault = .cannotRead(reader.errorNumber) }
        self.reader = nil
        return .end
      case .broken(let f):
        if reader.place.index != nil {
          noteCalendar(reader)
          return .broken(
            EventFault(
              place: reader.place, code: nil,
              message: "the event is damaged: \(f.message); export it again",
              plainMessage: "the event\(EventFault.at(reader.place)) is damaged; export it again",
              isPrivate: isPrivate(reader)))
        }
        if f.kind == .unreadable { fault = fault ?? .damaged(f) } else { warn(f.message) }
      case .component:
        guard reader.component.kind.isCounted else { continue }
        noteCalendar(reader)
        return event(reader)
      }
    }
  }

  private func event(_ reader: any CalendarReading) -> EventItem {
    let c = reader.component
    let place = reader.place
    let mayBeOverride = c.first(.recurrenceID) != nil
    let isAlone = facts.method.map { $0.isAnswer || $0 == .add } ?? false
    var known = SeriesFacts()
    if !isAlone, let i = place.index { known = index.facts(i, hasRecurrenceID: mayBeOverride) }
    var draft = EventDraft(
      c.copy(valuesUpTo: limits.textBytes), place: place, calendar: facts, facts: known,
      zones: zones, limits: limits)
    if let fault = draft.read(master: known.master.flatMap { masters[$0] }, uids: uids) {
      return .broken(fault)
    }
    return .event(CalendarEvent(draft))
  }

  // Of what is damaged the bytes tell more than what was read of it.
  private func isPrivate(_ reader: any CalendarReading) -> Bool {
    Classification(strictest: reader.component)?.isPrivate ?? false
      || PrivacyMark.mayBePrivate(reader.raw)
  }

  private func noteCalendar(_ reader: any CalendarReading) {
    guard reader.place.calendar != facts.number || reader.calendar.lineCount != factsLines else {
      return
    }
    facts = CalendarFacts(reader.calendar, number: reader.place.calendar, zones: zones)
    factsLines = reader.calendar.lineCount
    if facts.timeZone == nil, !facts.timeZoneText.isEmpty {
      warn("X-WR-TIMEZONE names a zone that is not known: \(facts.timeZoneText.prefix(128))")
    }
  }

  private func warn(_ text: String) {
    if warnings.count < 100, !warnings.contains(text) { warnings.append(text) }
  }

  // MARK: Before the first event

  private func opened() -> (any CalendarReading)? {
    let (format, reader, error) = open()
    self.format = format
    if reader == nil {
      fault = error != 0 ? .cannotOpen(error) : .notACalendar(format)
    }
    return reader
  }

  private func prepare() {
    guard let first = opened() else { return }
    var builder = SeriesIndex.Builder()
    var rows = SeriesRowReader(zones: zones)
    scan: while true {
      switch first.next() {
      case .end: break scan
      case .broken: continue
      case .component:
        let c = first.component
        if c.kind == .timeZone { zones.define(c, calendar: first.place.calendar) }
        guard c.kind.isCounted, let i = first.place.index else { continue }
        let row = rows.row(c, calendar: first.calendar, number: first.place.calendar)
        builder.add(row, exclusions: rows.exclusions, index: i)
      }
    }
    if zones.isCut { warn("more VTIMEZONE definitions than are read") }
    index = builder.index(zones: zones)
    if !index.neededMasters.isEmpty { keepMasters() }
    reader = opened()
  }

  /// Reads the masters that a THISANDFUTURE override needs. Rare, so it has a pass of its own.
  private func keepMasters() {
    guard let reader = opened() else { return }
    var wanted = index.neededMasters[...]
    var dates = 0
    while let next = wanted.first {
      switch reader.next() {
      case .end: return
      case .broken: continue
      case .component: break
      }
      guard let i = reader.place.index else { continue }
      while let w = wanted.first, w < i { wanted.removeFirst() }
      guard i == next, reader.component.kind.isCounted else { continue }
      noteCalendar(reader)
      var draft = EventDraft(
        reader.component.copy(valuesUpTo: limits.textBytes), place: reader.place, calendar: facts,
        facts: SeriesFacts(), zones: zones, limits: limits)
      guard draft.read(master: nil, uids: uids) == nil,
        case .series(let set, _, _, _) = draft.expansion
      else { continue }
      dates += draft.dateCount
      guard dates <= limits.keptDatesPerFile else {
        warn("more series with RANGE=THISANDFUTURE than are expanded")
        return
      }
      masters[i] = set
    }
  }
}
