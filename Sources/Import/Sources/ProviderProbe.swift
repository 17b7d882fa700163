import Bytes
import Mail
import Mailboxes
import Rules

/// Which provider's mailbox a source is, told from headers that only that provider's own export
/// bears (ES-7-provider): a mismatch is worth a warning, never a reason to drop.
enum ProviderProbe {
  /// How many messages are looked at.
  static let limit = 50

  /// The provider, or nil when nothing tells.
  static func provider(of found: FoundSource) -> Config.Provider? {
    let source = MessageSource(found)
    let reader = MessageReader()
    var messages = 0
    while let batch = source.next() {
      defer { batch.recycle() }
      for entry in batch.entries where !entry.flags.contains(.isOversize) {
        if messages >= limit { return nil }
        messages += 1
        guard reader.read(batch.message(entry)) else { continue }
        let m = reader.message
        if m.has(.gmailLabels) { return .gmail }
        if isExchange(m) { return .outlook }
      }
    }
    return nil
  }

  // Exchange takes these off what leaves an organisation: they tell of the mailbox, not of the
  // sender, unlike the other X-MS-Exchange fields.
  private static func isExchange(_ m: Message) -> Bool {
    guard let root = m.parts.first else { return false }
    return m.bytes[root.header].firstRangeIgnoringCase(
      of: ByteView("\nX-MS-Exchange-Organization-")) != nil
  }
}
