public import Bytes

/// A day of the week; the raw value counts from Monday as 0, as in ISO 8601.
public enum Weekday: UInt8, Hashable, Sendable, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday

  /// The weekday of a day counted from 1970-01-01, which was a Thursday.
  @inlinable
  public init(daysSince1970 days: Int) {
    self = Weekday(rawValue: UInt8(truncatingIfNeeded: (days % 7 &+ 10) % 7)) ?? .monday
  }

  /// The weekday from its number, Monday 0 to Sunday 6; other numbers wrap round.
  @inlinable
  public init(number: Int) {
    self = Weekday(rawValue: UInt8(truncatingIfNeeded: (number % 7 &+ 7) % 7)) ?? .monday
  }

  /// The two letters of RFC 5545 3.3.10, in any case: `MO` … `SU`; nil for anything else.
  public init?(code: ByteView) {
    guard code.count == 2 else { return nil }
    switch (ASCII.lower(code[0]), ASCII.lower(code[1])) {
    case (0x6D, 0x6F): self = .monday
    case (0x74, 0x75): self = .tuesday
    case (0x77, 0x65): self = .wednesday
    case (0x74, 0x68): self = .thursday
    case (0x66, 0x72): self = .friday
    case (0x73, 0x61): self = .saturday
    case (0x73, 0x75): self = .sunday
    default: return nil
    }
  }

  /// Monday 0 to Sunday 6.
  @inlinable public var number: Int { Int(rawValue) }

  /// How many days this weekday comes after `first`, 0–6.
  @inlinable
  public func days(after first: Weekday) -> Int { (number &+ 7 &- first.number) % 7 }

  /// The two letters of RFC 5545 3.3.10: `MO` … `SU`.
  public var code: StaticString {
    switch self {
    case .monday: "MO"
    case .tuesday: "TU"
    case .wednesday: "WE"
    case .thursday: "TH"
    case .friday: "FR"
    case .saturday: "SA"
    case .sunday: "SU"
    }
  }
}
