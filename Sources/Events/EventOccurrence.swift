/// One occurrence of an event (RFC 5545 3.8.5).
public struct EventOccurrence: Hashable, Sendable {
  /// When it begins, UTC seconds since 1970; of a date its midnight in the calendar's zone.
  public var start: Int64
  /// When it ends, never before it begins.
  public var end: Int64

  /// An occurrence.
  public init(start: Int64, end: Int64) {
    self.start = start
    self.end = end
  }
}
