import Bytes
import TestSupport
import Testing

@testable import Mailboxes

private let first = "From ann@client.example Tue Mar  3 10:15:00 2026\n"

private func lengthMail(_ n: Int, _ body: String, length: Int? = nil) -> String {
  "From: a\(n)@client.example\nSubject: s\(n)\nContent-Length: \(length ?? body.utf8.count)\n\n\(body)"
}

@Suite struct SplitterTests {
  @Test(arguments: [1 << 16, 60_000, 52_428, 52_429, 40_000, 1 << 18])
  func aFirstLineLongerThanTheBufferSplitsAlikeInPiecesOfAnySize(count: Int) {
    for end in [
      "", "\nSubject: x\n\nbody\n\nFrom a@b.c Mon Mar  2 10:00:00 2026\nSubject: y\n\nz\n",
    ] {
      let bytes = Array("From ".utf8) + [UInt8](repeating: 97, count: count - 5) + Array(end.utf8)
      let places = [Int.max, 61, 4096, 1 << 16].map { step in
        split(bytes, step: step, limit: 1 << 20, size: 1 << 16).pieces.map {
          [$0.entry.separatorOffset, $0.entry.offset, $0.entry.length]
        }
      }
      for other in places { #expect(other == places[0]) }
    }
  }

  @Test func aTrueContentLengthProtectsAPastedSeparator() {
    let pasted = "look\n\n" + first + mail(9) + "\n"
    let text = first + lengthMail(1, pasted) + "\n" + first + lengthMail(2, "b\n") + "\n"
    let (pieces, summary) = split(text)
    #expect(pieces.count == 2)
    #expect(summary.dialect?.hasContentLength == true)
    #expect(pieces[0].text.contains("a9@client.example"))
    #expect(summary.doubtfulLines == 1)
  }

  @Test(arguments: [999_999, -1, 3])
  func aFalseContentLengthIsIgnored(length: Int) {
    let text =
      first + lengthMail(1, "short\n", length: length) + "\n" + first + mail(2) + "\n" + first
      + mail(3)
    let (pieces, _) = split(text)
    #expect(pieces.count == 3)
  }

  @Test func oneFalseLengthAmongTrueOnesIsIgnored() {
    var text = ""
    for i in 0..<6 {
      text += first + lengthMail(i, "body\n", length: i == 3 ? 1_000_000 : nil) + "\n"
    }
    for isSeekable in [true, false] {
      #expect(split(Array(text.utf8), isSeekable: isSeekable).pieces.count == 6)
    }
  }

  /// Each header section ends at the next separator at the latest: linear, not 256 KiB a message.
  @Test(.slow) func headersWithoutBodiesAreReadOnce() {
    expectLinear(
      3_750,
      make: { n in
        (0..<n).reduce(into: first + lengthMail(0, "b\n") + "\n") {
          $0 += first + "Subject: \($1)\nContent-Length: 5\n"
        }
      }
    ) { #expect(split($0).pieces.count > 3_750) }
  }

  /// A long message's length leads beyond what is in memory: a file is looked into, a pipe held.
  @Test func contentLengthBeyondTheBufferIsChecked() {
    let big = String(repeating: "line of text\n", count: 200_000) + "\n" + first + mail(9)
    let text = first + lengthMail(1, big) + "\n" + first + lengthMail(2, "b\n")
    for isSeekable in [true, false] {
      let (pieces, _) = split(Array(text.utf8), isSeekable: isSeekable)
      #expect(pieces.count == 2)
      #expect(pieces[0].entry.length == lengthMail(1, big).utf8.count)
    }
  }

  @Test func aMessageAboveTheLimitIsNamedButNotHeld() {
    let big = mail(2, String(repeating: "0123456789abcdef\n", count: 400_000))
    let text = first + mail(1) + "\n" + first + big + "\n" + first + mail(3) + "\n"
    let (pieces, _) = split(Array(text.utf8), step: 100_000, limit: 3 << 20)
    #expect(pieces.count == 3)
    #expect(pieces[1].flags.contains(.isOversize))
    #expect(pieces[1].raw.isEmpty)
    #expect(pieces[1].entry.length == big.utf8.count)
    let start = pieces[1].entry.offset
    #expect(Array(text.utf8)[start...].starts(with: Array("From: a2@".utf8)))
    #expect(pieces[2].text == mail(3))
    #expect(pieces.allSatisfy { !$0.flags.contains(.isNotSeekable) })
    let pipe = split(Array(text.utf8), isSeekable: false, limit: 3 << 20).pieces
    #expect(pipe[1].flags.isSuperset(of: [.isOversize, .isNotSeekable]))
  }

  @Test func anOversizeLastMessageEndsWithTheFile() {
    let big = mail(1, String(repeating: "x", count: 5 << 20))
    let (pieces, summary) = split(Array((first + big).utf8), limit: 1 << 20)
    #expect(pieces.count == 1)
    #expect(pieces[0].entry.length == big.utf8.count)
    #expect(summary.endOffset == (first + big).utf8.count)
  }

  @Test func aGrownFileIsReadOnFromItsEnd() {
    let old = first + mail(1) + "\n" + first + mail(2) + "\n"
    let before = split(old)
    let grown = old + first + mail(3) + "\n" + first + mail(4) + "\n"
    let after = split(
      Array(grown.utf8), offset: before.summary.endOffset, index: before.pieces.count,
      dialect: before.summary.dialect)
    #expect(after.pieces.map(\.text) == [mail(3), mail(4)])
    #expect(after.pieces.map(\.entry.index) == [2, 3])
    #expect(after.pieces.map(\.raw) == Array(split(grown).pieces.map(\.raw)[2...]))
    #expect(
      after.pieces.map(\.entry.offset) == Array(split(grown).pieces.map(\.entry.offset)[2...]))
    // Not a separator there: the caller reads all of it again.
    let wrong = split(
      Array(grown.utf8), offset: 10, index: 1, dialect: before.summary.dialect)
    #expect(wrong.pieces.isEmpty)
    #expect(wrong.summary.error?.kind == .notMail)
  }

  @Test func theStoresOwnMessageIsLeftOut() {
    let pseudo =
      "Date: Tue, 3 Mar 2026 10:15:00 +0100\nFrom: Mail System <MAILER-DAEMON@host>\n"
      + "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nThis text\n"
    let (pieces, summary) = split(first + pseudo + "\n" + first + mail(1))
    #expect(pieces.map(\.text) == [mail(1)])
    #expect(pieces.map(\.entry.index) == [0])
    #expect(summary.pseudoMessages == 1)
    // Later in the file the same subject is somebody's mail.
    #expect(split(first + mail(1) + "\n" + first + pseudo).pieces.count == 2)
  }

  @Test func aByteOrderMarkAndBlankLinesBeforeTheFirstSeparatorAreSkipped() {
    let (pieces, summary) = split("\u{FEFF}\r\n" + first + mail(1))
    #expect(pieces.map(\.text) == [mail(1)])
    #expect(summary.skippedBytes == 2)
  }

  @Test func aMessageWithoutSeparatorBeforeAnMboxIsKept() {
    let (pieces, _) = split(mail(1) + "\n" + first + mail(2))
    #expect(pieces.map(\.text) == [mail(1), mail(2)])
    #expect(pieces[0].flags.contains(.hasNoSeparator))
  }

  @Test func crOnlyFilesComeOutWithLF() {
    let text = first + mail(1) + "\n" + first + mail(2)
    let cr = text.replacing("\n", with: "\r")
    let (pieces, summary) = split(cr)
    #expect(pieces.map(\.text) == [mail(1), mail(2)])
    #expect(summary.dialect?.isCROnly == true)
  }

  @Test func theLastMessageWithoutNewlineIsKeptAndFlagged() {
    let (pieces, _) = split(first + mail(1) + "\n" + first + mail(2, "cut he").dropLast())
    #expect(pieces.count == 2)
    #expect(pieces[1].flags.contains(.hasNoFinalNewline))
    #expect(!pieces[0].flags.contains(.hasNoFinalNewline))
  }

  @Test func batchesAreSmallAndLoseNothing() {
    var text = ""
    for i in 0..<3000 { text += first + mail(i, String(repeating: "y", count: 1000)) + "\n" }
    let input = MemoryInput(Array(text.utf8))
    let splitter = MboxSplitter(input, pool: BatchPool())
    var counts: [Int] = []
    while let batch = splitter.next() {
      counts.append(batch.entries.count)
      #expect(batch.bytes.count <= 128 << 10)
      for e in batch.entries {
        #expect(batch.envelope(e)?.seconds == 1_772_532_900)
        #expect(batch.message(e).hasPrefix("From: a"))
      }
      batch.recycle()
      batch.recycle()
    }
    #expect(counts.reduce(0, +) == 3000)
    // One kibibyte a mail: what was probed is given out in pieces, too.
    #expect(counts.allSatisfy { $0 < 140 })
  }

  /// What stands before the first message, and a first line of any length, may be longer than one
  /// reading.
  @Test(arguments: [0, 1, 70_000, 200_000, 1_000_000])
  func whatWasProbedIsSplitFromTheFirstMessageOn(_ junk: Int) {
    let head = String(repeating: "x\n", count: junk / 2)
    let mails = (0..<2000).map { first + mail($0, String(repeating: "y", count: 1000)) + "\n" }
    let bytes = Array((head + mails.joined()).utf8)
    let splitter = MboxSplitter(MemoryInput(bytes), pool: BatchPool())
    var at = head.utf8.count
    var count = 0
    while let batch = splitter.next() {
      for e in batch.entries {
        #expect(e.separatorOffset == at)
        #expect(e.index == count)
        #expect(batch.envelope(e)?.seconds == 1_772_532_900)
        at += mails[count].utf8.count
        count += 1
      }
      batch.recycle()
    }
    #expect(count == 2000)
    #expect(splitter.summary.skippedBytes == head.utf8.count)
    #expect(splitter.summary.endOffset == bytes.count)
  }
}
