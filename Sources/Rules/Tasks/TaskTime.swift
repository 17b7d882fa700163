import Bytes

/// When a CRM task is, as its list says it.
public enum TaskTime: Hashable, Sendable {
  /// A day without a time, counted from 1970-01-01.
  case date(daysSince1970: Int64)
  /// Seconds since 1970.
  case instant(Int64)

  /// Reads a cell: a date, or a time with or without an offset (then in the organisation's zone).
  /// Nil when it is neither.
  public init?(_ text: String, clock: MeetingClock) {
    guard let time = ConfigTime(text) else { return nil }
    self =
      time.second == nil
      ? .date(daysSince1970: time.localSeconds / 86_400) : .instant(clock.seconds(of: time))
  }

  /// True for a day without a time.
  public var isDate: Bool { if case .date = self { true } else { false } }
}

/// The span of a CRM task.
public struct TaskSpan: Hashable, Sendable {
  /// When it begins.
  public var start: TaskTime
  /// When it ends, of the same form as the start; dates end before this day. Nil without.
  public var end: TaskTime?

  /// A span.
  public init(start: TaskTime, end: TaskTime?) {
    self.start = start
    self.end = end
  }

  /// Why a task's times cannot be used; one sentence for people.
  public struct Fault: Error, Hashable, Sendable {
    /// The sentence.
    public var message: String
  }

  /// Reads the two cells. A task of days that ends on its first day, or has no end, is that day.
  public init(start: String, end: String, clock: MeetingClock) throws(Fault) {
    if Self.isBlank(start) { throw Fault(message: "it has no start") }
    let first = try Self.read(start, "start", clock)
    guard !Self.isBlank(end) else {
      self.start = first
      self.end = nil
      return
    }
    let last = try Self.read(end, "end", clock)
    switch (first, last) {
    case (.date(let a), .date(let b)):
      if b < a { throw Self.backwards(start, end) }
      self.end = b == a ? nil : last
    case (.instant(let a), .instant(let b)):
      if b < a { throw Self.backwards(start, end) }
      self.end = last
    default:
      throw Fault(
        message:
          "of start \(Self.shown(start)) and end \(Self.shown(end)) one has no time of day")
    }
    self.start = first
  }

  private static func read(
    _ text: String, _ name: String, _ clock: MeetingClock
  ) throws(Fault) -> TaskTime {
    guard let time = TaskTime(text, clock: clock) else {
      throw Fault(
        message:
          "its \(name) \(shown(text)) is no time; write 2026-03-01, 2026-03-01 09:00 "
          + "or 2026-03-01T09:00:00+01:00"
      )
    }
    return time
  }

  private static func backwards(_ start: String, _ end: String) -> Fault {
    Fault(message: "it ends (\(shown(end))) before it starts (\(shown(start)))")
  }

  private static func shown(_ text: String) -> String { "\"\(text.prefix(40))\"" }

  private static func isBlank(_ text: String) -> Bool { text.withByteView { $0.trimmed().isEmpty } }
}
