import Bytes
import Glibc
import TestSupport
import Testing

@testable import Mailboxes

/// Everything that a reading gives and that has to be the same however the file is cut.
private struct Reading: Equatable {
  struct Message: Equatable {
    var index: Int
    var separator: Int
    var offset: Int
    var length: Int
    var flags: MessageEntry.Flags
    var raw: [UInt8]

    /// Its number counts from where the reading began.
    var withoutIndex: Message {
      var m = self
      m.index = 0
      return m
    }
  }

  var messages: [Message] = []
  var dialect: MailboxDialect?
  // Empty, doubtful, skipped, cut, the store's own.
  var counts = [0, 0, 0, 0, 0]
  var error: MailboxError.Kind?

  init() {}

  init(
    _ bytes: [UInt8], _ range: Range<Int> = 0..<Int.max, step: Int = .max,
    size: Int = MboxSplitter.bufferSize
  ) {
    let (pieces, s) = split(bytes, step: step, range: range, size: size, pool: Self.pool)
    messages = pieces.map {
      Message(
        index: $0.entry.index, separator: $0.entry.separatorOffset, offset: $0.entry.offset,
        length: $0.entry.length, flags: $0.flags, raw: $0.raw)
    }
    dialect = s.dialect
    counts = [s.empty, s.doubtfulLines, s.skippedBytes, s.cutSeparatorBytes, s.pseudoMessages]
    error = s.error?.kind
    #expect(s.messages == messages.count)
  }

  private static let pool = BatchPool()

  /// Adds what the next part gave.
  mutating func add(_ part: Reading) {
    let before = messages.count
    messages += part.messages.map {
      var m = $0
      m.index += before
      return m
    }
    dialect = part.dialect
    error = part.error
    // A file that is no mail is so in each part.
    counts = error == nil ? zip(counts, part.counts).map { $0 + $1 } : part.counts
  }

  init(_ parts: [Reading]) {
    self.init()
    for part in parts { add(part) }
  }
}

private let first = "From ann@client.example Tue Mar  3 10:15:00 2026\n"

private func lengthMail(_ n: Int, _ body: String, length: Int? = nil) -> String {
  "From: a\(n)@b\nSubject: s\(n)\nContent-Length: \(length ?? body.utf8.count)\n\n\(body)"
}

/// One file a dialect, with what is hard in it.
private let files: [(name: String, text: String)] = [
  (
    "mboxrd",
    first + mail(1, ">From the start\n>>From twice") + "\n" + first + mail(2, "From here on\n\nx")
      + "\n" + first + "\n" + first + first + mail(3) + "\n" + first + mail(4, "no line end")
  ),
  (
    "mboxo",
    first + mail(1, "a\n\n>From b c") + "\n" + first + mail(2) + first + mail(3, "no blank before")
      + "\n\n" + first + "Subject: \(String(repeating: "long ", count: 900))\n\nx\n"
  ),
  (
    "mboxcl",
    first + lengthMail(1, "look\n\n" + first + mail(9) + "\n") + "\n" + first
      + lengthMail(2, ">From b\n") + "\n" + first + lengthMail(3, "lie\n", length: 9999) + "\n"
      + first + lengthMail(4, "lie\n", length: 2) + "\n" + first + mail(5, "none") + "\n" + first
      + lengthMail(6, first + first + mail(8)) + "\n" + first + lengthMail(7, "end\n")
  ),
  (
    "mboxcl2",
    first + lengthMail(1, "a\n\nFrom x\n\n" + first + mail(7) + "\n") + "\n" + first
      + lengthMail(2, "\n" + first + "\n" + first) + "\n" + first + lengthMail(3, "c\n")
  ),
  (
    "thunderbird",
    "From - Tue Mar  3 10:15:00 2026\nX-Mozilla-Status: 0001\n" + mail(1, "From - here\n\n" + first)
      + "\nFrom - Tue Mar  3 10:15:00 2026\n" + mail(2) + "\nFrom - \nX-Mozilla-Status: 0001\n"
      + mail(3)
  ),
  (
    "takeout",
    ("From 1848707889910060830@xxx Thu Nov 13 20:20:33 +0000 2025\n"
      + mail(1, ">From x\n\nFrom a@b Thu Nov 13 20:20:33 2025\nSubject: y")
      + "\nFrom 18@xxx Thu Nov 13 20:20:33 +0000 2025\n" + mail(2)
      + "\nFrom 19@xxx Thu Nov 13 20:20:33 +0000 2025\n" + mail(3))
      .replacing("\n", with: "\r\n")
  ),
  (
    "no blank lines",
    first + mail(1) + first + mail(2, "From me\nto you") + first + first + mail(3) + first
  ),
  ("two writers", first + mail(1) + "\nFrom - Tue Mar  3 10:15:00 2026\n" + mail(2) + "\n" + first),
  ("junk before", "\u{FEFF}\r\n\n" + first + mail(1) + "\n" + first + mail(2)),
  ("no first separator", mail(1) + "\n" + first + mail(2) + "\n" + first + mail(3)),
  (
    "CR only",
    (first + mail(1) + "\n" + first + mail(2) + "\n" + first).replacing("\n", with: "\r")
  ),
  ("one message", mail(1, "From a\n\n" + first + "\nb")),
  (
    "the store's own",
    first + "Subject: FOLDER INTERNAL DATA\nX-IMAP: 1\n\nx\n\n" + first
      + "Subject: FOLDER INTERNAL DATA\nX-IMAPbase: 1\n\ny\n\n" + first + mail(1) + "\n" + first
      + "Subject: FOLDER INTERNAL DATA\nX-IMAP: 3\n\nz\n\n" + first + mail(2)
  ),
  ("a cut separator", first + mail(1) + "\n" + first + mail(2) + "\nFrom ann@client.example Tu"),
  ("separators only", first + first + first + first),
  ("git patches", "From 0123 Mon Sep 17 00:00:00 2001\n" + mail(1) + "\n" + first + mail(2)),
  ("no mail", "hello\n\nFrom here\n"),
  ("blank", "\n\n\n"),
  ("empty", ""),
]

private let line = "From a@b Tue Mar  3 10:15:00 2026\n"

private func tiny(_ body: String, length: Int? = nil, declares: Bool = true) -> String {
  declares
    ? "A: b\nContent-Length: \(length ?? body.utf8.count)\n\n\(body)" : "A: b\n\n\(body)"
}

/// One a dialect and a line end, so small that all parts of it can be read.
private let tinyFiles: [(name: String, text: String)] = {
  let plain = { tiny($0, declares: false) }
  let quoted =
    line + plain("x\n>From y\n>>From z\n\n") + line + line + plain("From z\n") + line + "\n" + line
    + "D: e"
  return [
    ("mboxrd", quoted),
    ("mboxrd, CRLF", quoted.replacing("\n", with: "\r\n")),
    ("mboxrd, CR", quoted.replacing("\n", with: "\r")),
    (
      "mboxo", line + plain("x\n>From y\n\n") + line + plain("z\n\n") + line + plain("\n>From\n")
    ),
    (
      "mboxcl",
      line + tiny(">From y\n\n" + line) + "\n" + line + tiny("x\n", length: 999) + "\n" + line
        + tiny("x\n", length: 1)
    ),
    (
      "mboxcl2, CRLF",
      (line + tiny("a\r\n\r\nFrom x\r\n") + "\n" + line + tiny("b\r\n") + "\n" + line
        + tiny("c\r\n")).replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
    ),
    (
      "mboxcl2",
      line + tiny("a\n\n" + line + "x\n") + "\n" + line + tiny("\nFrom x\n") + "\n" + line
        + tiny("c\n")
    ),
    (
      "thunderbird",
      "From - Tue Mar  3 10:15:00 2026\nX-Mozilla-Status: 0001\n" + plain("From - x\n\n")
        + "From - \nX-Mozilla-Status: 0001\n" + plain("y\n\n") + "From - \n" + plain("z\n")
    ),
    (
      "takeout, CRLF",
      ("From 18@xxx Thu Nov 13 20:20:33 +0000 2025\n" + plain(">From x\n\n" + line)
        + "\nFrom 19@xxx Thu Nov 13 20:20:33 +0000 2025\n" + plain("y\n"))
        .replacing("\n", with: "\r\n")
    ),
    (
      "no blank lines", line + plain("x\n") + line + plain("From me\n") + line + line + plain("y")
    ),
    ("no first separator", plain("x\n\n") + line + plain("y\n\n") + line + plain("z")),
    ("junk before", "\u{FEFF}\r\n\n" + line + plain("x\n\n") + line + plain("y\n")),
  ]
}()

@Suite(.seeded) struct RangeTests {
  @Test("cut in two at every byte, each dialect gives what the whole gives", arguments: files)
  func everyByte(_ file: (name: String, text: String)) {
    let bytes = Array(file.text.utf8)
    let whole = Reading(bytes)
    for cut in 0...bytes.count + 1 {
      let parts = [Reading(bytes, 0..<cut), Reading(bytes, cut..<Int.max)]
      let same = Reading(parts) == whole
      #expect(same, "\(file.name) cut at \(cut)")
      if !same { return }
    }
  }

  @Test(
    "of every part from one byte to another of a tiny file come the messages that begin in it",
    .slow, arguments: tinyFiles)
  func everyPart(_ file: (name: String, text: String)) {
    let bytes = Array(file.text.utf8)
    let whole = Reading(bytes)
    #expect(whole.messages.count > 1, "\(file.name)")
    let heads = (0...bytes.count).map { Reading(bytes, 0..<$0) }
    let tails = (0...bytes.count).map { Reading(bytes, $0..<Int.max) }
    for a in 0...bytes.count {
      for b in a...bytes.count {
        let part = Reading(bytes, a..<b)
        let wanted = whole.messages.filter { $0.separator >= a && $0.separator < b }
        let isRight = part.messages.map(\.withoutIndex) == wanted.map(\.withoutIndex)
        let same = Reading([heads[a], part, tails[b]]) == whole
        #expect(isRight && same, "\(file.name) cut at \(a) and \(b)")
        if !isRight || !same { return }
      }
    }
  }

  @Test("damaged files in many parts give what the whole gives, whatever the buffers hold")
  func damaged() {
    var random = SeededNumbers(20_260_913)
    var messages = 0
    for round in 0..<400 {
      var text = random.below(3) == 0 ? "" : MutationTests.pieces[random.below(5)]
      for _ in 0..<random.below(round % 4 == 0 ? 900 : 60) {
        text += MutationTests.pieces[random.below(MutationTests.pieces.count)]
      }
      let bytes = Array(text.utf8)
      let size = [MboxSplitter.bufferSize, 1500, 2500, 5000][random.below(4)]
      let whole = Reading(bytes, size: size)
      messages += whole.messages.count
      var cuts = (0..<(1 + random.below(6))).map { _ in random.below(bytes.count + 2) }.sorted()
      cuts = [0] + cuts + [Int.max]
      let step = [1, 97, 4000, Int.max][random.below(4)]
      let parts = zip(cuts, cuts.dropFirst()).map {
        // Small reads put the borders of the parts' buffers elsewhere than the whole's; a file with
        // CR line ends is turned read by read.
        let isCROnly = whole.dialect?.isCROnly ?? true
        return Reading(bytes, $0..<$1, step: isCROnly ? .max : step, size: size)
      }
      let same = Reading(parts) == whole
      #expect(same, "round \(round), size \(size), step \(step), cuts \(cuts)")
      if !same { return }
    }
    #expect(messages > 1000)
  }

  @Test("a long file with Content-Length is walked by its lengths, not read")
  func leaps() {
    let pasted = String(repeating: "\n" + first + mail(9), count: 3000)
    var text = ""
    for i in 0..<40 { text += first + lengthMail(i, pasted + "\(i)\n") + "\n" }
    let bytes = Array(text.utf8)
    let whole = Reading(bytes)
    #expect(whole.messages.count == 40)
    let cut = bytes.count / 40 * 30
    let input = CountingInput(bytes)
    let splitter = MboxSplitter(input, pool: nil, range: cut..<Int.max)
    var offsets: [Int] = []
    while let batch = splitter.next() { offsets += batch.entries.map(\.separatorOffset) }
    #expect(offsets == whole.messages.map(\.separator).filter { $0 >= cut })
    // The probe, a buffer a message before the cut, and what lies behind it.
    #expect(input.bytesRead < (1 << 20) + 30 * (128 << 10) + bytes.count - cut)
    let parts = [0..<cut, cut..<Int.max].map { Reading(bytes, $0) }
    #expect(Reading(parts) == whole)
  }

  @Test("a part of a long file is found without reading what lies before it")
  func reachesOnlyItsPart() {
    var text = ""
    for i in 0..<6000 { text += first + mail(i, String(repeating: "y\n", count: 500)) + "\n" }
    let bytes = Array(text.utf8)
    let whole = Reading(bytes)
    let cut = bytes.count - 300_000
    let input = CountingInput(bytes)
    let splitter = MboxSplitter(input, pool: nil, range: cut..<(cut + 100_000))
    var offsets: [Int] = []
    while let batch = splitter.next() { offsets += batch.entries.map(\.separatorOffset) }
    #expect(offsets == whole.messages.map(\.separator).filter { $0 >= cut && $0 < cut + 100_000 })
    #expect(input.bytesRead < (1 << 20) + (64 << 10) + 300_000)
  }

  @Test("variants and hostile files of the corpus give in parts what they give whole", .needsShared)
  func corpus() throws {
    let shared = try #require(SharedFolder.path)
    var random = SeededNumbers(1)
    let paths =
      TestSupport.files(below: shared + "/corpus/mail/mbox-variants", ending: ".mbox")
      + TestSupport.files(below: shared + "/hostile/mbox", ending: ".mbox")
    #expect(paths.count > 30)
    for path in paths {
      let bytes = readFile(path)
      let whole = Reading(bytes)
      let cuts =
        bytes.count < 500
        ? Array(0...bytes.count) : (0..<12).map { _ in random.below(bytes.count) }.sorted()
      for cut in cuts {
        let parts = [Reading(bytes, 0..<cut), Reading(bytes, cut..<Int.max)]
        #expect(Reading(parts) == whole, "\(path) cut at \(cut)")
      }
      let all = [0] + cuts + [Int.max]
      let parts = zip(all, all.dropFirst()).map { Reading(bytes, $0..<$1) }
      #expect(Reading(parts) == whole, "\(path) in \(parts.count) parts")
    }
  }

  @Test("the sources of a part: an mbox alone, and no gzip")
  func sources() throws {
    let tree = TemporaryTree()
    let text = first + mail(1) + "\n" + first + mail(2) + "\n" + first + mail(3)
    tree.write("a.mbox", text)
    tree.write("a.eml", mail(1))
    let found = walk(tree.path).sources
    let (eml, mbox) = (found[0], found[1])
    let part = MessageSource(mbox, range: 1..<(text.utf8.count - 150))
    var subjects: [String] = []
    while let batch = part.next() {
      for e in batch.entries { subjects.append(batch.message(e).slice(25, 36).string) }
    }
    #expect(subjects.count == part.summary.messages)
    #expect(part.summary.messages == 1)
    let refused = MessageSource(eml, range: 0..<10)
    #expect(refused.next() == nil)
    #expect(refused.summary.error?.kind == .noRange)
    tree.write("a.mbox.gz", gzip(Array(text.utf8)))
    let gz = try #require(walk(tree.path + "/a.mbox.gz").sources.first)
    let whole = MessageSource(gz, range: 0..<10)
    #expect(whole.next() == nil)
    #expect(whole.summary.error?.kind == .noRange)
  }
}

/// Counts what is read in order.
private final class CountingInput: ByteInput {
  private let inner: MemoryInput
  private(set) var bytesRead = 0
  var isSeekable: Bool { true }
  var error: MailboxError? { nil }

  init(_ bytes: [UInt8]) { inner = MemoryInput(bytes) }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    let n = inner.read(into: destination, capacity: capacity)
    bytesRead += n
    return n
  }

  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    inner.peek(at: offset, into: destination, capacity: capacity)
  }

  func skip(to offset: Int) -> Bool { inner.skip(to: offset) }
}
