import Import

/// What `winnow availability` was asked for.
public struct AvailabilityOptions: Sendable {
  /// How the answer is written.
  public enum Form: Sendable {
    /// For people.
    case text
    /// One JSON document.
    case json
    /// One VCALENDAR with a VFREEBUSY for each user (RFC 5545 3.6.4).
    case iCalendar
  }

  /// The configuration's path, or nil for `winnow.json` here.
  public var config: String?
  /// Paths that override `sources`.
  public var sources: [String] = []
  /// Ids or addresses of users; empty for all.
  public var users: [String] = []
  /// The first moment.
  public var from: TimePoint
  /// The last moment; of a date its whole day.
  public var to: TimePoint
  /// `--slot`, see ``SlotLength``.
  public var slot = "30m"
  /// `--hours`, see ``DayHours``.
  public var hours = "09:00-17:00"
  /// How the answer is written.
  public var form = Form.text
  /// `--ascii`: bars of ASCII characters, whatever the terminal says.
  public var isASCII = false
  /// `--now`; nil for the clock.
  public var now: TimePoint?
  /// `--ledger`, which tells who is paused or removed.
  public var ledger: String?
  /// `--no-ledger`
  public var isStateless = false
  /// `--skip-missing`
  public var skipsMissing = false
  /// `--quiet`
  public var isQuiet = false

  /// The defaults.
  public init(from: TimePoint, to: TimePoint) {
    self.from = from
    self.to = to
  }
}

/// `--slot`: the shortest free time worth naming, and what one character of a bar stands for.
struct SlotLength: Sendable {
  /// 300 to 86,400.
  let seconds: Int64

  /// Reads `30m`, `1h`; whole minutes from five minutes to a day.
  ///
  /// - Throws: ``RunError`` 64.
  init(_ text: String) throws {
    let minutes: Int? =
      switch text.utf8.last {
      case 109, 77: Self.digits(text.dropLast())
      case 104, 72: Self.digits(text.dropLast()).map { $0 * 60 }
      default: nil
      }
    guard let minutes, (5...1440).contains(minutes) else {
      throw RunError(
        .usage,
        "--slot takes minutes or hours from 5m to 24h, such as 30m or 1h, not \"\(Plain.line(text))\""
      )
    }
    seconds = Int64(minutes) * 60
  }

  private static func digits(_ text: Substring) -> Int? {
    let isNumber =
      (1...4).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
    return isNumber ? Int(text) : nil
  }

  /// `30 min`, `1 h`, `1 h 30 min`.
  var text: String {
    let minutes = seconds / 60
    if minutes < 60 { return "\(minutes) min" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }
}

/// `--hours`: the part of each day in which free time is looked for, by the organisation's clock.
struct DayHours: Sendable {
  /// Seconds since midnight, 0 to 86,340.
  let start: Int
  /// Seconds since midnight, later than the start, up to 86,400.
  let end: Int

  /// Reads `09:00-17:00`; `24:00` is the end of the day.
  ///
  /// - Throws: ``RunError`` 64.
  init(_ text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Self.seconds(parts[0]), let end = Self.seconds(parts[1]),
      start < 86_400
    else {
      throw RunError(
        .usage,
        "--hours takes two times of day such as 09:00-17:00 or 00:00-24:00, not \"\(Plain.line(text))\""
      )
    }
    guard end > start else {
      throw RunError(
        .usage,
        "--hours \(Plain.line(text)) ends before it begins; hours over midnight need two calls")
    }
    self.start = start
    self.end = end
  }

  private static func seconds(_ text: Substring) -> Int? {
    let v = Array(text.utf8)
    guard v.count == 5, v[2] == 58, let hour = number(v[0], v[1]), let minute = number(v[3], v[4]),
      minute < 60, hour < 24 || (hour == 24 && minute == 0)
    else { return nil }
    return hour * 3600 + minute * 60
  }

  private static func number(_ a: UInt8, _ b: UInt8) -> Int? {
    guard (48...57).contains(a), (48...57).contains(b) else { return nil }
    return Int(a - 48) * 10 + Int(b - 48)
  }

  /// `09:00-17:00`
  var text: String { "\(Self.clock(start))-\(Self.clock(end))" }

  /// `09:00`
  static func clock(_ seconds: Int) -> String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return two(seconds / 3600) + ":" + two(seconds / 60 % 60)
  }
}
