import Bytes
import CivilTime
import ICalendar
import Recurrence
import TimeZones

/// The zones of one file: every TZID has a number, and the definitions stand ready for names that
/// nobody knows.
///
/// Two calendars of a file may define one name differently ("Customized Time Zone"): each then uses
/// its own definition, and one without any the first. Names that are known by themselves (IANA,
/// Windows) need no definition and heed none.
final class EventZones {
  struct Found {
    var zone: Zone
    var origin: ZoneOrigin
    var definitionError: ZoneError?
  }

  /// Stands for TZIDs after the limit; no zone is known for it.
  static let overflow: UInt16 = .max

  let localZone: Zone
  private let database: ZoneDatabase
  private var resolver: ZoneResolver
  private var numbers = ByteTable()
  private var names: [[UInt8]] = []
  private var resolved: [Found?] = []
  private let limit: Int

  // Distinct definitions by their text.
  private var texts = ByteTable()
  private var textBytes = 0
  private var definitions: [Definition] = []
  private var uses: [Use] = []
  private var ambiguous: [Int: Found] = [:]
  private(set) var isCut = false

  private struct Definition {
    var tzid: [UInt8]
    var number: UInt16
    var zone: VTimeZone
  }
  private struct Use {
    var calendar: Int32
    var definition: Int32
  }

  init(database: ZoneDatabase, localZone: Zone, limits: EventLimits) {
    self.localZone = localZone
    self.database = database
    resolver = ZoneResolver(database: database, fallback: localZone)
    limit = min(max(limits.zonesPerFile, 0), Int(Self.overflow) - 1)
  }

  /// The number of a TZID, the same for the same bytes.
  func number(of tzid: ByteView) -> UInt16 {
    let name = tzid.prefix(1024)
    if let n = numbers.find(name) { return UInt16(truncatingIfNeeded: n) }
    guard names.count < limit else { return Self.overflow }
    let n = names.count
    numbers.insert(name, Int32(truncatingIfNeeded: n))
    names.append(name.array)
    resolved.append(nil)
    return UInt16(truncatingIfNeeded: n)
  }

  /// The name behind a number.
  func name(_ number: UInt16) -> String {
    Int(number) < names.count ? names[Int(number)].withByteView(\.string) : ""
  }

  /// The zone of a number in one calendar of the file.
  func zone(_ number: UInt16, calendar: Int) -> Found {
    let n = Int(number)
    guard n < names.count else { return Found(zone: localZone, origin: .fallback) }
    if let f = resolved[n] {
      return f.origin == .definition ? own(f, number, calendar) : f
    }
    let r = names[n].withByteView { resolver.resolve($0) }
    let f = Found(zone: r.zone, origin: r.origin, definitionError: r.definitionError)
    resolved[n] = f
    return f.origin == .definition ? own(f, number, calendar) : f
  }

  /// True when some name has more than one definition, so that the calendar matters.
  private(set) var hasRivals = false

  private func own(_ first: Found, _ number: UInt16, _ calendar: Int) -> Found {
    guard hasRivals, let i = definition(number, in: calendar) else { return first }
    if let f = ambiguous[i] { return f }
    var alone = ZoneResolver(database: database, fallback: localZone)
    let f: Found
    if i < definitions.count {
      let name = definitions[i].tzid
      let r = name.withByteView { v in
        alone.define(v, definitions[i].zone)
        return alone.resolve(v)
      }
      f = Found(zone: r.zone, origin: r.origin, definitionError: r.definitionError)
    } else {
      f = first
    }
    ambiguous[i] = f
    return f
  }

  /// The definition of a name in a calendar; `uses` is in the order of calendars.
  private func definition(_ number: UInt16, in calendar: Int) -> Int? {
    let calendar = Int32(truncatingIfNeeded: calendar)
    var low = 0
    var high = uses.count
    while low < high {
      let m = (low + high) / 2
      if uses[m].calendar < calendar { low = m + 1 } else { high = m }
    }
    while low < uses.count, uses[low].calendar == calendar {
      let i = Int(uses[low].definition)
      if definitions[i].number == number { return i }
      low += 1
    }
    return nil
  }

  /// Takes a VTIMEZONE of the file; all must have been taken before the first zone is asked for.
  func define(_ c: CalendarComponent, calendar: Int) {
    if let known = texts.find(c.text) {
      return use(Int(known), calendar)
    }
    textBytes += c.text.count
    guard definitions.count < CalendarZones.maximumCount, textBytes <= CalendarZones.maximumBytes
    else {
      isCut = true
      return
    }
    let tzid = c.value(.tzid).trimmed()
    guard !tzid.isEmpty else { return }
    let n = number(of: tzid)
    let zone = VTimeZone(c)
    if definitions.contains(where: { $0.number == n }) { hasRivals = true }
    texts.insert(c.text, Int32(truncatingIfNeeded: definitions.count))
    use(definitions.count, calendar)
    definitions.append(Definition(tzid: tzid.array, number: n, zone: zone))
    resolver.define(tzid, zone)
  }

  private func use(_ definition: Int, _ calendar: Int) {
    // One row for each calendar that repeats it; a million is more than any file has.
    guard uses.count < 1 << 20 else { return }
    uses.append(
      Use(
        calendar: Int32(truncatingIfNeeded: calendar),
        definition: Int32(truncatingIfNeeded: definition)))
  }
}

extension VTimeZone {
  /// A VTIMEZONE as plain values; parts that cannot be read are left out.
  init(_ c: CalendarComponent) {
    self.init()
    for n in 1..<max(c.nodeCount, 1) {
      let kind = c.node(n).kind
      guard kind == .standard || kind == .daylight, observances.count < Self.maximumParts,
        let o = Observance(c, node: n, isDaylight: kind == .daylight)
      else { continue }
      observances.append(o)
    }
  }
}

extension VTimeZone.Observance {
  init?(_ c: CalendarComponent, node: Int, isDaylight: Bool) {
    var unused: ValueDefects = []
    var start: CivilDateTime?
    var from: Int?
    var to: Int?
    var rules: [RecurrenceRule] = []
    var dates: [DateTimeValue] = []
    var excluded: [DateTimeValue] = []
    var name = ""
    for l in c.properties where l.node == node {
      let v = c.value(l)
      switch l.name {
      case .dtstart: start = DateTimeValue(v, defects: &unused)?.nominal
      case .tzoffsetfrom: from = UTCOffset.parse(v, defects: &unused)
      case .tzoffsetto: to = UTCOffset.parse(v, defects: &unused)
      case .tzname: name = v.prefix(64).string
      case .rrule:
        var odd: RecurrenceDefects = []
        if rules.count < 64, let r = try? RecurrenceRule(parsing: v, defects: &odd) {
          rules.append(r)
        }
      case .rdate, .exdate:
        for piece in TextValue.pieces(v) {
          guard dates.count + excluded.count < VTimeZone.maximumParts else { break }
          let t =
            DateTimeValue(piece, defects: &unused)
            ?? PeriodValue(piece, defects: &unused)?.start
          guard let t else { continue }
          if l.name == .rdate { dates.append(t) } else { excluded.append(t) }
        }
      default: break
      }
    }
    guard let start, let to else { return nil }
    let before = from ?? to
    func onClock(_ v: DateTimeValue) -> CivilDateTime {
      if case .utc(let t) = v { return t.adding(seconds: Int64(before)) }
      return v.nominal
    }
    self.init(
      isDaylight: isDaylight, offsetFrom: before, offsetTo: to, start: start, rules: rules,
      dates: dates.map(onClock), excluded: excluded.map(onClock), name: name)
  }
}
