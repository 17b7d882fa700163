import Bytes
import Glibc
import Rules

/// How a run tells how far it is.
public enum ProgressMode: String, CaseIterable, Sendable {
  /// A moving line on a terminal, plain lines elsewhere.
  case auto
  /// Plain lines.
  case plain
  /// Nothing.
  case none
}

/// Tells how far a run is, on standard error: bytes, rate, time left, counts by outcome.
package final class Progress {
  private enum Style { case moving, lines, silent }
  private let style: Style
  private let total: Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  private var isShown = false

  /// A reporter for `total` bytes of input (0 when not known).
  init(mode: ProgressMode, quiet: Bool, total: Int) {
    self.total = total
    start = clock.now
    last = start
    if quiet || mode == .none {
      style = .silent
    } else if mode == .auto, isatty(2) == 1 {
      style = .moving
    } else {
      style = .lines
    }
  }

  /// Shows the state, at most five times a second on a terminal and every ten seconds elsewhere.
  func update(bytes: Int, counts: DecisionCounts?) {
    guard style != .silent else { return }
    let now = clock.now
    guard now.seconds(since: last) >= (style == .moving ? 0.2 : 10) else { return }
    last = now
    let elapsed = now.seconds(since: start)
    let rate = Text.rate(bytes, elapsed)
    var line = "\(Text.bytes(bytes))"
    if total > 0 { line += " of \(Text.bytes(total)) (\(min(100, bytes * 100 / total)) %)" }
    line += ", \(Text.bytes(rate))/s"
    if total > bytes, rate > 0 {
      line += ", \(Text.duration(Double(total - bytes) / Double(rate))) left"
    }
    if let counts {
      line += ": \(counts.items(.kept)) kept, \(counts.items(.dropped)) dropped"
      if counts.items(.quarantined) > 0 { line += ", \(counts.items(.quarantined)) quarantined" }
    }
    if style == .moving {
      Console.error("\r\u{1B}[K" + line, newline: false)
      isShown = true
    } else {
      Console.error(line)
    }
  }

  /// Takes the moving line away.
  func end() {
    if isShown { Console.error("\r\u{1B}[K", newline: false) }
    isShown = false
  }

  package enum Text {
    /// Bytes a second, whole; 0 when no time has passed.
    static func rate(_ bytes: Int, _ seconds: Double) -> Int {
      guard seconds > 0 else { return 0 }
      return Int(min(Double(bytes) / seconds, 1e15))
    }

    /// `1.5 GB`, `64 kB`; powers of 1000.
    package static func bytes(_ n: Int) -> String {
      if n < 1000 { return "\(n) B" }
      var value = Double(n) / 1000
      for unit in ["kB", "MB", "GB"] {
        if value < 1000 { return "\(decimal(value)) \(unit)" }
        value /= 1000
      }
      return "\(decimal(value)) TB"
    }

    /// `12 s`, `3 min`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
      let s = Int(seconds.rounded(.up))
      if s < 100 { return "\(s) s" }
      if s < 5400 { return "\((s + 59) / 60) min" }
      return "\(s / 3600) h \(s % 3600 / 60) min"
    }

    /// One digit after the point below ten, none above.
    static func decimal(_ v: Double) -> String {
      if v >= 9.95 { return "\(Int(v.rounded()))" }
      let tenths = Int((v * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
  }
}

/// Standard output for what was asked for, standard error for talk.
public enum Console {
  /// Writes to standard error.
  public static func error(_ s: String, newline: Bool = true) {
    write(2, s, newline)
  }

  /// The text as a terminal only shows it: one line, nothing that moves a cursor.
  public static func plain(_ s: String) -> String { Plain.line(s) }

  /// Writes to standard output.
  public static func out(_ s: String, newline: Bool = true) {
    write(1, s, newline)
  }

  /// Writes bytes to standard output; false when nobody reads any more.
  public static func out(_ v: ByteView) -> Bool { writeAll(1, v) }

  private static func write(_ fd: Int32, _ s: String, _ newline: Bool) {
    let text = newline ? s + "\n" : s
    _ = text.withByteView { writeAll(fd, $0) }
  }

  private static func writeAll(_ fd: Int32, _ v: ByteView) -> Bool {
    var done = 0
    while done < v.count {
      let n = Glibc.write(fd, v.base + done, v.count - done)
      if n < 0 {
        if errno == EINTR { continue }
        return false
      }
      done += n
    }
    return true
  }
}
