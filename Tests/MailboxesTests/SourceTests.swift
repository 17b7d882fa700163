import Bytes
import Glibc
import TestSupport
import Testing

@testable import Mailboxes

private let first = "From ann@client.example Tue Mar  3 10:15:00 2026\n"

/// Every message of every source under a path, with what the entry says.
private func readAll(_ path: String) -> (
  pieces: [(entry: MessageEntry, text: String, file: String)], summary: MailboxSummary
) {
  var pieces: [(entry: MessageEntry, text: String, file: String)] = []
  var last = MailboxSummary()
  for s in walk(path).sources {
    let source = MessageSource(s, pool: BatchPool())
    while let batch = source.next() {
      for e in batch.entries {
        let file = e.file < 0 ? [] : batch.files[Int(e.file)]
        pieces.append((e, batch.message(e).string, String(decoding: file, as: UTF8.self)))
      }
      batch.recycle()
    }
    last = source.summary
  }
  return (pieces, last)
}

@Suite struct SourceTests {
  @Test func maildirFilesCarryTheirFlagsAndPaths() {
    let t = TemporaryTree()
    t.write("M/cur/1700000000.M1P1.h:2,ST", mail(2))
    t.write("M/cur/1700000000.M1P1.h:2,S", mail(1))
    t.write("M/new/1700000001.M1P1.h", mail(3))
    t.write("M/cur/.hidden", mail(9))
    t.write("M/cur/1700000002.M1P1.h:2,DFRPab", gzip(Array(mail(4).utf8)))
    let (pieces, _) = readAll(t.path + "/M")
    #expect(pieces.map(\.text) == [mail(1), mail(2), mail(4), mail(3)])
    #expect(pieces[1].entry.store == [.seen, .deleted])
    #expect(pieces[2].entry.store == [.draft, .flagged, .replied, .passed])
    #expect(pieces[3].entry.store == [])
    #expect(pieces[0].file == "cur/1700000000.M1P1.h:2,S")
    #expect(pieces[3].file == "new/1700000001.M1P1.h")
  }

  @Test func aLargeMaildirComesInSeveralBatches() {
    let t = TemporaryTree()
    for i in 0..<30 {
      t.write("M/cur/\(100 + i).a:2,", mail(i, String(repeating: "z", count: 100_000)))
    }
    guard let s = walk(t.path + "/M").sources.first else {
      Issue.record("nothing there")
      return
    }
    let source = MessageSource(s, pool: BatchPool())
    var counts: [Int] = []
    while let batch = source.next() { counts.append(batch.entries.count) }
    #expect(counts.reduce(0, +) == 30)
    #expect(counts.count == 3)
    #expect(source.summary.messages == 30)
  }

  @Test func emlxIsTakenApart() {
    let t = TemporaryTree()
    let plist = """
      <?xml version="1.0" encoding="UTF-8"?>
      <plist version="1.0"><dict>
      <key>date-received</key>
      <integer>1772532900</integer>
      <key>flags</key>
      <integer>8590195715</integer>
      </dict></plist>
      """
    t.write("1.emlx", "\(mail(1).utf8.count)      \n" + mail(1) + plist)
    t.write("2.emlx", "999999\n" + mail(2) + plist)
    t.write("3.partial.emlx", "\(mail(3).utf8.count)\n" + mail(3))
    let (pieces, _) = readAll(t.path)
    #expect(pieces.map(\.text) == [mail(1), mail(2), mail(3)])
    #expect(pieces[0].entry.storeDate == 1_772_532_900)
    #expect(pieces[0].entry.store.contains([.seen, .deleted]))
    #expect(pieces[0].entry.offset == 10 - (mail(1).utf8.count < 100 ? 1 : 0))
    #expect(pieces[2].entry.flags.contains(.isPartial))
    #expect(!pieces[1].entry.flags.contains(.isPartial))
  }

  @Test func singleMessagesLoseSeparatorMarkAndCR() {
    let t = TemporaryTree()
    t.write("1.eml", first + mail(1))
    t.write("2.eml", "\u{FEFF}" + mail(2))
    t.write("3.eml", mail(3).replacing("\n", with: "\r"))
    t.write("4.eml", "")
    let (pieces, _) = readAll(t.path)
    #expect(pieces.map(\.text) == [mail(1), mail(2), mail(3), ""])
    #expect(pieces[0].entry.fromLine.count == 48)
    #expect(pieces[3].entry.flags.contains(.isEmpty))
  }

  @Test func gzipMembersFollowOneAnother() {
    let t = TemporaryTree()
    let one = Array((first + mail(1) + "\n").utf8)
    let two = Array((first + mail(2)).utf8)
    t.write("a.mbox.gz", gzip(one) + gzip(two) + [0, 0, 0])
    let (pieces, summary) = readAll(t.path + "/a.mbox.gz")
    #expect(pieces.map(\.text) == [mail(1), mail(2)])
    #expect(summary.error == nil)
    #expect(pieces[0].entry.flags.contains(.isNotSeekable))
  }

  @Test func aCutGzipGivesWhatCameBefore() {
    let t = TemporaryTree()
    var text = ""
    for i in 0..<2000 { text += first + mail(i, "\(i &* 2_654_435_761) body") + "\n" }
    let whole = gzip(Array(text.utf8))
    t.write("a.mbox.gz", Array(whole[..<(whole.count / 2)]))
    let (pieces, summary) = readAll(t.path + "/a.mbox.gz")
    #expect(pieces.count > 500 && pieces.count < 1500)
    #expect(pieces.last?.entry.flags.contains(.isCutOff) == true)
    #expect(summary.error?.kind == .damagedGzip)
    #expect(summary.error?.path == Array((t.path + "/a.mbox.gz").utf8))
    // Damage within the data, too.
    var bad = whole
    for i in (bad.count / 2)..<(bad.count / 2 + 64) { bad[i] = 0xFF }
    t.write("b.mbox.gz", bad)
    #expect(readAll(t.path + "/b.mbox.gz").summary.error?.kind == .damagedGzip)
  }

  @Test func filesThatVanishedAreNamed() {
    let t = TemporaryTree()
    t.write("a.mbox", first + mail(1))
    t.write("M/cur/1", mail(1))
    t.write("M/cur/2", mail(2))
    let sources = walk(t.path).sources
    #expect(sources.count == 2)
    let maildir = MessageSource(sources[0])
    unlink(t.path + "/a.mbox")
    unlink(t.path + "/M/cur/1")
    let mbox = MessageSource(sources[1])
    #expect(mbox.next() == nil)
    #expect(mbox.summary.error?.errno == ENOENT)
    #expect(mbox.summary.error?.reason == "No such file or directory")
    #expect(maildir.next()?.entries.count == 1)
    #expect(maildir.summary.fileErrors.map(\.errno) == [ENOENT])
  }

  /// A link put in a file's place after it was found is not followed.
  @Test func aFileExchangedForALinkIsRefused() {
    let t = TemporaryTree()
    t.write("d/a.eml", mail(1))
    let sources = walk(t.path).sources
    unlink(t.path + "/d/a.eml")
    symlink("/etc/passwd", t.path + "/d/a.eml")
    guard let found = sources.first else {
      Issue.record("nothing there")
      return
    }
    let source = MessageSource(found)
    #expect(source.next() == nil)
    #expect(source.summary.error?.kind == .symbolicLink)
  }

  @Test func anOversizeMessageCanBeReadAtItsOffset() {
    let t = TemporaryTree()
    let path = t.write(
      "a.mbox", first + mail(1) + "\n" + first + mail(2, String(repeating: "x", count: 3 << 20)))
    guard let found = walk(path).sources.first else {
      Issue.record("nothing there")
      return
    }
    let source = MessageSource(found, limit: 1 << 20)
    var big: MessageEntry?
    while let batch = source.next() {
      big = batch.entries.first { $0.flags.contains(.isOversize) } ?? big
    }
    guard let big, case .success(let fd) = found.open() else {
      Issue.record("nothing there")
      return
    }
    var head = [UInt8](repeating: 0, count: 8)
    #expect(pread(fd, &head, 8, off_t(big.offset)) == 8)
    #expect(head == Array("From: a2".utf8))
    close(fd)
  }

  @Test func aPipeGivesItsMessages() {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let bytes = Array((first + mail(1) + "\n" + first + mail(2)).utf8)
    #expect(bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) } == bytes.count)
    close(ends[1])
    let t = TemporaryTree()
    guard let named = walk(t.write("x.mbox", "")).sources.first else {
      Issue.record("nothing there")
      return
    }
    let source = MessageSource(descriptor: ends[0], source: named)
    var texts: [String] = []
    while let batch = source.next() { texts += batch.entries.map { batch.message($0).string } }
    #expect(texts == [mail(1), mail(2)])
  }

  @Test func mozillaStatusIsHexadecimal() {
    func flags(_ s: String) -> StoreFlags { s.withByteView { StoreFlags.mozilla($0) } }
    #expect(flags("0009") == [.seen, .deleted])
    #expect(flags(" 0019\r\n").contains(.deleted))
    #expect(flags("1003") == [.seen, .replied, .passed])
    #expect(flags("0001") == [.seen])
    for bad in ["", "x", "8 8", "0x08", "000000008"] { #expect(flags(bad) == []) }
  }
}
