public import Bytes

/// A PERIOD (RFC 5545 3.3.9): a start and either an end or a duration.
public struct PeriodValue: Hashable, Sendable {
  /// Where a period ends.
  public enum End: Hashable, Sendable {
    /// At this time, of the same kind as the start.
    case at(DateTimeValue)
    /// So long after its start.
    case duration(CivilDuration)
  }

  /// When it begins.
  public var start: DateTimeValue
  /// Where it ends.
  public var end: End

  /// A period from its parts.
  public init(start: DateTimeValue, end: End) {
    self.start = start
    self.end = end
  }

  /// Reads a value, or gives nil. What ``DateTimeValue`` and ``CivilDuration`` take leniently is
  /// taken here too; an end before the start (on the same clock) counts as the start.
  public init?(_ text: ByteView, defects: inout ValueDefects) {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    var found: ValueDefects = []
    guard let start = DateTimeValue(text.prefix(slash), defects: &found) else { return nil }
    let rest = text.from(slash &+ 1)
    if let length = CivilDuration(rest, defects: &found) {
      if length.days < 0 || length.seconds < 0 {
        found.insert(.periodBackwards)
        end = .duration(CivilDuration())
      } else {
        end = .duration(length)
      }
    } else if let until = DateTimeValue(rest, defects: &found) {
      let backwards = until.nominal < start.nominal
      if backwards { found.insert(.periodBackwards) }
      end = .at(backwards ? start : until)
    } else {
      return nil
    }
    self.start = start
    defects.formUnion(found)
  }
}
