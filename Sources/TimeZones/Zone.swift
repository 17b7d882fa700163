public import CivilTime

/// A time zone: which time clocks show at which instant, and back.
///
/// Immutable to its users and shared freely between threads. All functions are total. Where many
/// times are converted in a row, use a ``ZoneCursor``.
public final class Zone: Sendable {
  /// IANA name, or what the calendar calls it.
  public let id: String
  private let kind: Kind

  enum Kind: Sendable {
    case fixed(offset: Int, name: String)
    case table(TZifTable)
    case observed(ObservedZone)
  }

  init(id: String, kind: Kind) {
    self.id = id
    self.kind = kind
  }

  /// UTC.
  public static let utc = Zone(id: "UTC", kind: .fixed(offset: 0, name: "UTC"))

  /// A zone that is always `offset` seconds east of UTC, cut to ±23:59:59.
  public convenience init(id: String, fixedOffset offset: Int) {
    self.init(id: id, kind: .fixed(offset: min(max(offset, -86_399), 86_399), name: id))
  }

  /// A zone from the bytes of a TZif file (RFC 9636, versions 1 to 4).
  public convenience init(id: String, tzif bytes: [UInt8]) throws(ZoneError) {
    self.init(id: id, kind: .table(try TZifTable(bytes)))
  }

  /// A zone from a VTIMEZONE (RFC 5545 3.6.5). What it says is computed for the years asked.
  public convenience init(id: String, definition: VTimeZone) throws(ZoneError) {
    self.init(id: id, kind: .observed(try ObservedZone(definition)))
  }

  /// What went wrong while a VTIMEZONE was computed: ``ZoneError/tooManyOnsets`` or nil.
  public var fault: ZoneError? {
    if case .observed(let z) = kind { z.fault } else { nil }
  }

  /// The segment an instant lies in, in UTC seconds since 1970.
  public func segment(at instant: Int64) -> ZoneSegment {
    switch kind {
    case .fixed(let offset, _):
      ZoneSegment(start: .min, end: .max, offset: offset, isDaylight: false, name: 0)
    case .table(let t): t.segment(at: instant)
    case .observed(let z): z.segment(at: instant)
    }
  }

  /// Seconds east of UTC at an instant.
  public func offset(at instant: Int64) -> Int { segment(at: instant).offset }

  /// True while daylight saving time is in force.
  public func isDaylight(at instant: Int64) -> Bool { segment(at: instant).isDaylight }

  /// The abbreviation in use, such as `CEST`; empty where the zone gives none.
  public func abbreviation(at instant: Int64) -> String {
    switch kind {
    case .fixed(_, let name): name
    case .table(let t): t.name(t.segment(at: instant).name)
    case .observed(let z): z.name(z.segment(at: instant).name)
    }
  }

  /// What the clocks show at an instant.
  public func localTime(at instant: Int64) -> CivilDateTime {
    CivilDateTime(nominalSeconds: instant).adding(seconds: Int64(offset(at: instant)))
  }

  /// The instant a local time means (RFC 5545 3.3.5, erratum 4271): in a gap the offset before it
  /// counts; of two the first.
  public func instant(of local: CivilDateTime) -> Int64 { resolve(local).instant }

  /// The instant a local time means, and how it was found.
  public func resolve(_ local: CivilDateTime) -> (instant: Int64, kind: LocalTimeKind) {
    var cursor = ZoneCursor(self)
    return cursor.resolve(local)
  }
}

/// Converts many times of one zone, remembering the segment of the last; owned by one thread.
public struct ZoneCursor: Sendable {
  /// The zone.
  public let zone: Zone
  private var segment: ZoneSegment

  /// A cursor that has seen nothing yet.
  public init(_ zone: Zone) {
    self.zone = zone
    segment = ZoneSegment(start: 0, end: 0, offset: 0, isDaylight: false, name: 0)
  }

  // No offset is larger (RFC 9636 3.2: less than 26 hours).
  static let reach: Int64 = 93_600

  private mutating func move(to instant: Int64) {
    if instant < segment.start || instant >= segment.end { segment = zone.segment(at: instant) }
  }

  /// Seconds east of UTC at an instant.
  public mutating func offset(at instant: Int64) -> Int {
    move(to: instant)
    return segment.offset
  }

  /// What the clocks show at an instant.
  public mutating func localTime(at instant: Int64) -> CivilDateTime {
    CivilDateTime(nominalSeconds: instant).adding(seconds: Int64(offset(at: instant)))
  }

  /// The instant a local time means; see ``Zone/instant(of:)``.
  public mutating func instant(of local: CivilDateTime) -> Int64 { resolve(local).instant }

  /// The instant a local time means, and how it was found.
  public mutating func resolve(_ local: CivilDateTime) -> (instant: Int64, kind: LocalTimeKind) {
    // Far outside the calendar nothing is asked but not to overflow.
    let limit: Int64 = 1 << 56
    let time = min(max(local.nominalSeconds, -limit), limit)
    if time &- segment.start.clamped >= Self.reach, segment.end.clamped &- time > Self.reach {
      return (time &- Int64(segment.offset), .unique)
    }
    move(to: time &- Self.reach)
    var before = segment.offset
    // Each turn goes one segment on; those within reach of one time are few.
    for _ in 0..<64 {
      let candidate = time &- Int64(segment.offset)
      if candidate < segment.end {
        if candidate < segment.start { return (time &- Int64(before), .gap) }
        return (candidate, isShownAgain(time, after: segment) ? .ambiguous : .unique)
      }
      before = segment.offset
      segment = zone.segment(at: segment.end)
    }
    return (time &- Int64(segment.offset), .unique)
  }

  /// True when a later segment shows the same local time.
  private func isShownAgain(_ time: Int64, after first: ZoneSegment) -> Bool {
    var s = first
    for _ in 0..<64 {
      guard s.end < Int64.max, s.end.clamped <= time &+ Self.reach else { return false }
      s = zone.segment(at: s.end)
      let candidate = time &- Int64(s.offset)
      if candidate >= s.start, candidate < s.end { return true }
    }
    return false
  }
}

extension Int64 {
  /// Within a quarter of the range, so that differences cannot overflow.
  fileprivate var clamped: Int64 { Swift.min(Swift.max(self, -(1 << 60)), 1 << 60) }
}
