public import Bytes

/// A `Thread-Index` value of Outlook and Exchange: base64 of 22 bytes and 5 more for each reply.
public struct ThreadIndex: Hashable, Sendable {
  /// The conversation's GUID (bytes 6–21), as two words in the order of the bytes.
  public let conversation: (UInt64, UInt64)
  /// Number of replies before this message.
  public let depth: Int

  /// Reads a raw header value, or nil when it is no thread index. Looks at 4,096 bytes at most.
  public static func parse(_ value: ByteView) -> ThreadIndex? {
    let v = value.trimmed().prefix(4096)
    var words: (UInt64, UInt64) = (0, 0)
    var count = 0
    var bits: UInt32 = 0
    var held = 0
    for i in 0..<v.count {
      let c = v.base[i]
      guard let symbol = Base64Decoder.value(of: c) else {
        if ASCII.isSpace(c) || c == UInt8(ascii: "=") { continue }
        return nil
      }
      bits = bits << 6 | UInt32(symbol)
      held += 6
      guard held >= 8 else { continue }
      held -= 8
      let byte = UInt64(bits >> UInt32(held) & 0xFF)
      if count >= 6, count < 14 { words.0 = words.0 << 8 | byte }
      if count >= 14, count < 22 { words.1 = words.1 << 8 | byte }
      count += 1
    }
    guard count >= 22, (count - 22) % 5 == 0 else { return nil }
    return ThreadIndex(conversation: words, depth: (count - 22) / 5)
  }

  /// Appends the conversation as 32 lower-case hexadecimal digits.
  public func appendConversation(to out: ByteBuffer) {
    // The words are in the order of the bytes, a digest's in that of memory.
    Digest(words: (conversation.0.bigEndian, conversation.1.bigEndian, 0, 0))
      .appendHex(to: out, bytes: 16)
  }

  /// Equality of conversation and depth.
  public static func == (a: ThreadIndex, b: ThreadIndex) -> Bool {
    a.conversation == b.conversation && a.depth == b.depth
  }

  /// Hashes the conversation.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(conversation.0)
    hasher.combine(conversation.1)
  }
}
