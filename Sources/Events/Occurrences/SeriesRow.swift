import Bytes
import CivilTime
import ICalendar
import TimeZones

/// A date as the index keeps it: what its clock shows and the number of its zone.
struct StoredTime {
  enum Form: UInt8 { case none, date, floating, zoned, utc }

  var nominal: Int64 = 0
  /// The zone's number; for floating times that of the calendar's X-WR-TIMEZONE.
  var zone = EventZones.overflow
  var form = Form.none
}

/// What the index keeps of one component while the file is read for the first time: 56 bytes.
struct SeriesRow {
  var uid: UInt64 = 0
  var uidRest: UInt32 = 0
  /// The row of the same UID that came before; `none` for the first.
  var previous = Self.none
  var recurrenceNominal: Int64 = 0
  var startNominal: Int64 = 0
  var sequence: Int32 = 0
  /// LAST-MODIFIED in seconds since 1970, 0 without.
  var modified: UInt32 = 0
  /// A digest of CREATED, 0 without.
  var created: UInt32 = 0
  var calendar: Int32 = -1
  var recurrenceZone = EventZones.overflow
  var startZone = EventZones.overflow
  var recurrenceForm = StoredTime.Form.none
  var startForm = StoredTime.Form.none
  var flags: Flags = []

  struct Flags: OptionSet {
    let rawValue: UInt8
    static let isCancelled = Flags(rawValue: 1)
    static let isThisAndFuture = Flags(rawValue: 2)
    static let isRecurring = Flags(rawValue: 4)

    // Two bits for the strictest CLASS.
    private static let classShift: UInt8 = 3
    var classification: Classification {
      get { Classification(rawValue: rawValue >> Self.classShift & 3) ?? .secret }
      set { self = Flags(rawValue: rawValue & 7 | newValue.rawValue << Self.classShift) }
    }
  }

  static let none = UInt32.max

  var hasRecurrenceID: Bool { recurrenceForm != .none }

  /// True when `b`, which stands later in the file, is at least as new as this one.
  func isReplaced(by b: SeriesRow) -> Bool {
    if sequence != b.sequence { return sequence < b.sequence }
    return modified <= b.modified
  }

  /// True where two events with the same UID are not versions of one: copies that kept the UID
  /// (Office 365) have the same SEQUENCE, another start and were created at another time.
  func isAnother(than b: SeriesRow) -> Bool {
    sequence == b.sequence && created != 0 && b.created != 0 && created != b.created
      && hasOtherStart(than: b) && flags.isDisjoint(with: .isRecurring)
      && b.flags.isDisjoint(with: .isRecurring)
  }

  func hasOtherStart(than b: SeriesRow) -> Bool {
    startForm != .none && b.startForm != .none
      && (startNominal != b.startNominal || startForm != b.startForm || startZone != b.startZone)
  }
}

/// An EXDATE of a series, for the overrides of instances that the series has not any more.
struct StoredExclusion {
  var row: UInt32
  var time: StoredTime
}

/// Reads from components what ``SeriesRow`` keeps.
struct SeriesRowReader {
  let zones: EventZones
  /// EXDATE values of the component read last, at most ``maximumExclusions`` for a file.
  private(set) var exclusions: [StoredTime] = []
  private var exclusionCount = 0
  static let maximumExclusions = 4_000_000
  private let uids = EventUID()
  private var facts = (
    calendar: -2, lines: -1, zone: EventZones.overflow, method: CalendarMethod?.none
  )

  init(zones: EventZones) { self.zones = zones }

  /// The row of a component; nil for one that stands for itself alone: an answer (REPLY, COUNTER)
  /// or METHOD:ADD.
  mutating func row(_ c: CalendarComponent, calendar: CalendarComponent, number: Int) -> SeriesRow?
  {
    if facts.calendar != number || facts.lines != calendar.lineCount {
      let zone = calendar.value(.wrTimezone).trimmed()
      let method = calendar.value(.method)
      facts = (
        number, calendar.lineCount, zone.isEmpty ? EventZones.overflow : zones.number(of: zone),
        method.isEmpty ? nil : CalendarMethod(method)
      )
    }
    if let m = facts.method, m.isAnswer || m == .add { return nil }
    exclusions.removeAll(keepingCapacity: true)
    var row = SeriesRow()
    row.calendar = Int32(truncatingIfNeeded: number)
    if facts.method == .cancel { row.flags.insert(.isCancelled) }
    var uid: ContentLine?
    for l in c.properties where l.node == 0 {
      switch l.name {
      case .uid: if uid == nil { uid = l }
      case .recurrenceID where row.recurrenceForm == .none:
        let t = time(l, c)
        row.recurrenceNominal = t.nominal
        row.recurrenceZone = t.zone
        row.recurrenceForm = t.form
        if c.isThisAndFuture(l) { row.flags.insert(.isThisAndFuture) }
      case .dtstart where row.startForm == .none:
        let t = time(l, c)
        row.startNominal = t.nominal
        row.startZone = t.zone
        row.startForm = t.form
      case .sequence:
        row.sequence = Int32(truncatingIfNeeded: CalendarValue.integer(c.value(l))?.value ?? 0)
      case .lastModified:
        row.modified = UInt32(clamping: EventStamp.seconds(c.value(l)) ?? 0)
      case .created:
        row.created = UInt32(truncatingIfNeeded: (EventStamp.seconds(c.value(l)) ?? 0)) &+ 1
      case .status:
        if EventStatus(c.value(l)) == .cancelled { row.flags.insert(.isCancelled) }
      case .rrule, .rdate: row.flags.insert(.isRecurring)
      case .classification:
        row.flags.classification = max(row.flags.classification, Classification(c.value(l)))
      case .exdate: exclude(l, c)
      default: break
      }
    }
    let digest = uids.digest(c, uid: uid)
    row.uid = digest.words.0
    row.uidRest = UInt32(truncatingIfNeeded: digest.words.1)
    return row
  }

  private mutating func exclude(_ l: ContentLine, _ c: CalendarComponent) {
    for piece in TextValue.pieces(c.value(l)) {
      guard exclusionCount < Self.maximumExclusions else { return }
      let t = time(l, c, piece)
      guard t.form != .none else { continue }
      exclusions.append(t)
      exclusionCount += 1
    }
  }

  private func time(_ l: ContentLine, _ c: CalendarComponent) -> StoredTime {
    time(l, c, c.value(l))
  }

  private func time(_ l: ContentLine, _ c: CalendarComponent, _ value: ByteView) -> StoredTime {
    var unused: ValueDefects = []
    guard let v = DateTimeValue(value, defects: &unused) else { return StoredTime() }
    var t = StoredTime(nominal: v.nominal.nominalSeconds)
    switch v {
    case .date: t.form = .date
    case .utc: t.form = .utc
    case .local:
      let tzid =
        l.parameterCount == 0 ? ByteView.empty : c.parameterValue("TZID", of: l).trimmed()
      if tzid.isEmpty {
        t.form = .floating
        t.zone = facts.zone
      } else {
        t.form = .zoned
        t.zone = zones.number(of: tzid)
      }
    }
    return t
  }
}

extension CalendarComponent {
  /// RANGE=THISANDFUTURE (RFC 5545 3.2.13); THISANDPRIOR of RFC 2445 is not read.
  func isThisAndFuture(_ l: ContentLine) -> Bool {
    l.parameterCount > 0
      && parameterValue("RANGE", of: l).trimmed().equalsIgnoringCase("THISANDFUTURE")
  }
}

/// CREATED, LAST-MODIFIED, DTSTAMP, COMPLETED.
enum EventStamp {
  /// UTC seconds since 1970; these are UTC by definition (RFC 5545 3.8.7), also without their `Z`.
  static func seconds(_ value: ByteView) -> Int64? {
    var unused: ValueDefects = []
    return DateTimeValue(value, defects: &unused)?.nominal.nominalSeconds
  }
}
