import Bytes
import CivilTime
import Glibc
import Mail
import Rules

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

  /// Seconds since 1970 at the beginning of the day, or of the second.
  func start(zone: String) -> Int64 { seconds(zone, day: 0) }

  /// Seconds since 1970 at the last second of the day; of a time its own.
  func end(zone: String) -> Int64 {
    time.second == nil ? seconds(zone, day: 1) - 1 : seconds(zone, day: 0)
  }

  /// Reads the system's zone files through mktime(3), which knows one zone a process: to be
  /// called before threads are started. A local time that a clock change skips or repeats is
  /// read as the C library does.
  private func seconds(_ zone: String, day: Int32) -> Int64 {
    if let exact = time.epochSeconds { return exact }
    let old = getenv("TZ").map { String(cString: $0) }
    setenv("TZ", zone, 1)
    tzset()
    defer {
      if let old { setenv("TZ", old, 1) } else { unsetenv("TZ") }
      tzset()
    }
    let second = Int32(truncatingIfNeeded: time.second ?? 0)
    var parts = tm()
    parts.tm_year = Int32(truncatingIfNeeded: time.year - 1900)
    parts.tm_mon = Int32(truncatingIfNeeded: time.month - 1)
    parts.tm_mday = Int32(truncatingIfNeeded: time.day) + day
    parts.tm_hour = second / 3600
    parts.tm_min = second % 3600 / 60
    parts.tm_sec = second % 60
    parts.tm_isdst = -1
    return Int64(mktime(&parts))
  }

  /// Seconds since 1970 as RFC 3339 in UTC.
  static func rfc3339(_ seconds: Int64) -> String {
    let out = ByteBuffer(capacity: 32)
    CivilDate.append(utcSeconds: seconds, to: out)
    return out.string
  }
}

/// `--from` and `--to` in seconds since 1970, both included.
struct TimeWindow: Sendable {
  var from: Int64?
  var to: Int64?
}
