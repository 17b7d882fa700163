import Bytes
import TestSupport
import Testing

@testable import Mailboxes

/// One message as a test sees it.
struct Piece {
  var entry: MessageEntry
  var raw: [UInt8]
  var text: String { String(decoding: raw, as: UTF8.self) }
  var flags: MessageEntry.Flags { entry.flags }
}

/// Splits bytes and copies every message out, quoting undone.
func split(
  _ bytes: [UInt8], step: Int = .max, isSeekable: Bool = true, limit: Int = 64 << 20,
  offset: Int = 0, index: Int = 0, dialect: MailboxDialect? = nil, range: Range<Int> = 0..<Int.max,
  size: Int = MboxSplitter.bufferSize, pool: BatchPool = BatchPool()
) -> (pieces: [Piece], summary: MailboxSummary) {
  let input = MemoryInput(bytes, step: step, isSeekable: isSeekable)
  if offset > 0 { #expect(input.skip(to: offset)) }
  let splitter = MboxSplitter(
    input, pool: pool, limit: limit, offset: offset, index: index, dialect: dialect, range: range,
    size: size)
  var pieces: [Piece] = []
  while let batch = splitter.next() {
    for e in batch.entries {
      var raw = batch.message(e).array
      if e.flags.contains(.needsUnquote) {
        let out = ByteBuffer()
        batch.quoting.unquote(batch.message(e), into: out)
        raw = out.array
      }
      pieces.append(Piece(entry: e, raw: raw))
    }
    batch.recycle()
  }
  return (pieces, splitter.summary)
}

func split(_ text: String) -> (pieces: [Piece], summary: MailboxSummary) {
  split(Array(text.utf8))
}

/// A message with a body, LF line ends, and no blank line after it.
func mail(_ n: Int, _ body: String = "body") -> String {
  "From: a\(n)@client.example\nSubject: s\(n)\nMessage-ID: <m\(n)@x>\n\n\(body)\n"
}
