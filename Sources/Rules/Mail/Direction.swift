/// What mail in a sent folder is whose From is no listed address (`email.sentAs`).
public enum SentAs: String, CaseIterable, Sendable {
  /// The owner sent it under an address that nobody lists.
  case outbound
  /// Somebody else sent it.
  case inbound
}

/// Which way a mail went, seen from the mailbox's owner.
public enum Direction: UInt8, Sendable {
  /// To the owner: From is somebody else.
  case inbound
  /// By the owner: From or Sender is one of their addresses.
  case outbound

  /// `inbound` or `outbound`.
  public var name: StaticString { self == .inbound ? "inbound" : "outbound" }
}
