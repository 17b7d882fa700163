/// The address fields that rules look at, as a set.
public struct AddressFields: OptionSet, Hashable, Sendable, BitwiseCopyable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// From.
  public static let from = AddressFields(rawValue: 1)
  /// To.
  public static let to = AddressFields(rawValue: 2)
  /// Cc.
  public static let cc = AddressFields(rawValue: 4)
  /// Bcc.
  public static let bcc = AddressFields(rawValue: 8)

  /// The name of a set of one field.
  public var name: StaticString {
    switch self {
    case .from: "from"
    case .to: "to"
    case .cc: "cc"
    case .bcc: "bcc"
    default: ""
    }
  }
}
