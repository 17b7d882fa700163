import Bytes
import CivilTime
import Rules
import TimeZones

/// A time as the command line or the configuration writes it: with an offset, or in the
/// organisation's time zone; a date stands for its whole day.
public struct TimePoint: Sendable {
  private let time: ConfigTime

  /// Reads a date or an RFC 3339 time with or without an offset; nil for everything else.
  public init?(_ text: String) {
    guard let time = ConfigTime(text) else { return nil }
    self.time = time
  }

  init(_ time: ConfigTime) { self.time = time }

  /// As it was written.
  package var text: String { time.text }

  /// Seconds since 1970 at the beginning of the day, or of the second.
  package func start(zone: String) -> Int64 { seconds(Self.zone(named: zone), day: 0) }

  /// Seconds since 1970 at the last second of the day; of a time its own.
  package func end(zone: String) -> Int64 {
    time.second == nil
      ? seconds(Self.zone(named: zone), day: 1) - 1 : seconds(Self.zone(named: zone), day: 0)
  }

  /// A local time that a clock change skips is read with the offset before it, one that comes
  /// twice as the first.
  private func seconds(_ zone: Zone, day: Int) -> Int64 {
    if let exact = time.epochSeconds { return exact }
    return zone.instant(of: CivilDateTime(nominalSeconds: time.localSeconds).adding(days: day))
  }

  /// The zone of that name; UTC where there is none (the configuration's own is checked).
  package static func zone(named name: String) -> Zone {
    ZoneDatabase.system.zone(named: name) ?? .utc
  }

  /// Seconds since 1970 as RFC 3339 in UTC.
  package static func rfc3339(_ seconds: Int64) -> String {
    let out = ByteBuffer(capacity: 32)
    CivilDate.append(utcSeconds: seconds, to: out)
    return out.string
  }
}

/// `--from` and `--to` in seconds since 1970, both included.
package struct TimeWindow: Sendable {
  package var from: Int64?
  package var to: Int64?

  /// A span; nil is open.
  package init(from: Int64? = nil, to: Int64? = nil) {
    self.from = from
    self.to = to
  }
}
