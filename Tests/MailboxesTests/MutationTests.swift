import Bytes
import TestSupport
import Testing

@testable import Mailboxes

/// Damaged mailboxes: whatever the damage, the messages are the same however the file is cut
/// into reads, their places only grow, and nothing traps.
@Suite(.seeded) struct MutationTests {
  static let pieces = [
    "From ann@client.example Tue Mar  3 10:15:00 2026\n", "From - Tue Mar  3 10:15:00 2026\n",
    "From 1848707889910060830@xxx Thu Nov 13 20:20:33 +0000 2025\r\n", "From \n", "From -\n",
    ">From x\n", ">>From y\n", "From the desk\n", "Subject: a\n", "Content-Length: 30\n",
    "Content-Length: 99999999999999999999\n", "Content-Length: 4000\n", "\n", "\n", "\r\n", "\r",
    "body text\n", "X-Mozilla-Status: 0009\n", "\u{FEFF}", "\u{0}\u{0}", "From", ">", "F", ":",
    "From: a@b\nTo: c@d\nDate: x\n\nhello\n\n", "From a@b Thu Nov 13 20:20:33 2025",
    "From 0123 Mon Sep 17 00:00:00 2001\n", "Subject: FOLDER INTERNAL DATA\nX-IMAP: 1\n",
  ]

  @Test func damagedFilesGiveTheSameMessagesInAnyChunks() {
    var random = SeededNumbers(20_260_303)
    for _ in 0..<800 {
      var text = random.below(3) == 0 ? "" : Self.pieces[random.below(5)]
      for _ in 0..<random.below(40) { text += Self.pieces[random.below(Self.pieces.count)] }
      var bytes = Array(text.utf8)
      for _ in 0..<random.below(4) where !bytes.isEmpty {
        bytes[random.below(bytes.count)] = UInt8(random.below(256))
      }
      let whole = split(bytes)
      var end = 0
      for p in whole.pieces {
        let e = p.entry
        let isOrdered = e.separatorOffset >= end && e.offset >= e.separatorOffset
        #expect(isOrdered && e.offset + e.length <= bytes.count)
        end = e.offset + e.length
      }
      for (step, isSeekable) in [(1, true), (5, false), (100, true)] {
        let parts = split(bytes, step: step, isSeekable: isSeekable)
        let same =
          parts.pieces.map(\.raw) == whole.pieces.map(\.raw)
          && parts.pieces.map(\.entry.offset) == whole.pieces.map(\.entry.offset)
          && parts.summary.doubtful == whole.summary.doubtful
          && parts.summary.skippedBytes == whole.summary.skippedBytes
        #expect(same, "\(bytes)")
        if !same { return }
      }
    }
  }

  /// Small buffers put their borders, the probe's end and the batches' ends everywhere.
  @Test func damagedFilesGiveTheSameMessagesFromSmallBuffers() {
    var random = SeededNumbers(20_261_121)
    var compared = 0
    for _ in 0..<120 {
      var text = Self.pieces[random.below(3)]
      for _ in 0..<(200 + random.below(900)) {
        text += Self.pieces[random.below(Self.pieces.count)]
      }
      let bytes = Array(text.utf8)
      let whole = split(bytes)
      guard let dialect = whole.summary.dialect else { continue }
      for (step, size, isSeekable) in [(97, 1500, true), (1, 2500, false), (4000, 5000, true)] {
        // The dialect is given, since a smaller probe may find another.
        let parts = split(
          bytes, step: step, isSeekable: isSeekable, dialect: dialect, size: size)
        let same =
          parts.pieces.map(\.raw) == whole.pieces.map(\.raw)
          && parts.pieces.map(\.entry.offset) == whole.pieces.map(\.entry.offset)
          && parts.summary.doubtful == whole.summary.doubtful
        compared += 1
        #expect(same, "step \(step) size \(size)")
        if !same {
          let a = whole.pieces.map { [$0.entry.separatorOffset, $0.entry.offset, $0.entry.length] }
          let b = parts.pieces.map { [$0.entry.separatorOffset, $0.entry.offset, $0.entry.length] }
          let i = zip(a, b).enumerated().first { $1.0 != $1.1 }?.offset ?? min(a.count, b.count)
          print(
            dialect.name, i, a.dropFirst(i).prefix(3), b.dropFirst(i).prefix(3), a.count, b.count)
          return
        }
      }
    }
    #expect(compared > 300)
  }

  /// The limits pull the buffer's borders through the middle of everything.
  @Test func aSmallLimitLosesNoMessage() {
    var random = SeededNumbers(7)
    var text = ""
    var sizes: [Int] = []
    for i in 0..<60 {
      let body = String(repeating: "line \(i)\n", count: random.below(80_000))
      text += "From a@b Thu Nov 13 20:20:33 2025\n" + mail(i, body) + "\n"
      sizes.append(mail(i, body).utf8.count)
    }
    let bytes = Array(text.utf8)
    for limit in [1000, 100_000, 600_000, 64 << 20] {
      let (pieces, _) = split(bytes, step: 70_001, limit: limit)
      #expect(pieces.map(\.entry.length) == sizes)
      #expect(pieces.allSatisfy { $0.flags.contains(.isOversize) == ($0.entry.length > limit) })
    }
  }
}
