/// What a guard does with a class of mail (step 6).
public enum GuardAction: String, CaseIterable, Sendable {
  /// Nothing.
  case keep
  /// The mail stays, but no lead is captured from it.
  case noCapture
  /// The mail is dropped.
  case skip
}

/// Whether one excluded recipient drops the whole mail (ES-8.2-applyto).
public enum ExclusionScope: String, CaseIterable, Sendable {
  /// The whole mail is dropped.
  case message
  /// Only the address is taken out of lead match and capture.
  case recipient
}

/// How much of a body is taken.
public enum BodyScope: String, CaseIterable, Sendable {
  /// All of it.
  case full
  /// What the writer added to a reply, without the quoted history.
  case newest
}

/// What an activity carries beside From, To and its own data (ES-8.3).
public struct CaptureFields: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Cc.
  public static let cc = CaptureFields(rawValue: 1)
  /// Bcc.
  public static let bcc = CaptureFields(rawValue: 2)
  /// Subject.
  public static let subject = CaptureFields(rawValue: 4)
  /// Body.
  public static let body = CaptureFields(rawValue: 8)
  /// Attachments.
  public static let attachments = CaptureFields(rawValue: 16)
}
