import Bytes
import TestSupport
import Testing

@testable import Mailboxes

@Suite(.needsShared) struct HostileTests {
  private func read(_ name: String) throws -> (pieces: [Piece], summary: MailboxSummary) {
    let shared = try #require(SharedFolder.path)
    return split(readFile("\(shared)/hostile/mbox/\(name).mbox"))
  }

  /// Messages that are not empty, by the manifest's `rec` column; duplicates and quarantine are
  /// decided later, so files where those make the difference have the number of raw messages.
  @Test(arguments: [
    ("plain3", 3), ("empty", 0), ("from_in_body", 2), ("from_forged", 3), ("mboxrd", 1),
    ("trunc_header", 2), ("trunc_body", 2), ("trunc_from", 1), ("garbage_start", 1),
    ("no_separator", 1), ("crlf", 2), ("cr_only", 2), ("nul_hole", 2), ("nul_start_of_from", 2),
    ("content_length_lie", 2), ("content_length_neg", 2), ("from_only_2000", 0),
    ("poison_middle", 3), ("dup_exact", 2), ("dup_flags", 2), ("thunderbird", 2),
    ("gmail_takeout", 1), ("long_from_line", 1), ("bom", 1), ("binary", 0),
    ("header_from_escaped", 1), ("blank_lines_between", 2),
  ])
  func hostileFilesGiveTheirMessages(name: String, count: Int) throws {
    let (pieces, summary) = try read(name)
    #expect(pieces.filter { !$0.flags.contains(.isEmpty) }.count == count)
    #expect(summary.messages == pieces.count)
  }

  @Test func emptyMessagesAreOneClass() throws {
    let (pieces, summary) = try read("from_only_2000")
    #expect(summary.empty == 2000)
    #expect(pieces.allSatisfy { $0.flags.contains(.isEmpty) })
  }

  @Test func aFileThatIsNoMailIsReportedAsAWhole() throws {
    let (_, summary) = try read("binary")
    #expect(summary.error?.kind == .notMail)
    #expect(summary.skippedBytes == 20_000)
  }

  @Test func skippedAndCutBytesAreReported() throws {
    let garbage = try read("garbage_start")
    let cut = try read("trunc_from")
    #expect(garbage.summary.skippedBytes == 16)
    #expect(cut.summary.cutSeparatorBytes == 11)
    #expect(!cut.pieces[0].text.contains("ann@cl"))
  }

  @Test func truncatedMessagesAreFlagged() throws {
    let header = try read("trunc_header")
    let body = try read("trunc_body")
    #expect(header.pieces[1].flags.contains(.hasNoFinalNewline))
    #expect(body.pieces[1].flags.contains(.hasNoFinalNewline))
  }

  @Test func crlfGivesTheSameBytesButLineEnds() throws {
    let lf = try read("plain3")
    let crlf = try read("crlf")
    #expect(crlf.pieces[0].text.replacing("\r\n", with: "\n") == lf.pieces[0].text)
  }

  /// Offsets of MimeKit's reader for the same files.
  @Test(arguments: [("content-length", 29), ("issue1189", 4), ("simple", 3), ("unmunged", 2)])
  func mimeKitsMailboxesGiveTheirMessages(name: String, count: Int) throws {
    let shared = try #require(SharedFolder.path)
    let folder = "\(shared)/corpus/mail/MimeKit/UnitTests/TestData/mbox"
    let bytes = readFile("\(folder)/\(name).mbox.txt")
    var dos: [UInt8] = []
    for b in bytes { dos += b == 10 ? [13, 10] : [b] }
    for (form, data) in [("unix", bytes), ("dos", dos)] {
      let (pieces, _) = split(data)
      #expect(pieces.count == count, "\(name) \(form)")
      let json = String(decoding: readFile("\(folder)/\(name).\(form)-offsets.json"), as: UTF8.self)
      let markers = numbers("\"mboxMarkerOffset\": ", json)
      if !markers.isEmpty { #expect(pieces.map(\.entry.separatorOffset) == markers) }
    }
  }

  private func numbers(_ key: String, _ json: String) -> [Int] {
    json.split(separator: "\n").compactMap { line in
      guard line.contains(key) else { return nil }
      return Int(line.filter { $0.isASCII && $0.isNumber })
    }
  }

  @Test(arguments: [
    ("mboxshell/tests/fixtures/mbox_testing.mbox", 123),
    ("mboxshell/tests/fixtures/cloud_infra.mbox", 42),
    ("mboxshell/tests/fixtures/google_groups.mbox", 3),
    ("suitenumerique-messages/src/backend/core/tests/resources/messages.mbox", 3),
    ("james-mime4j/mbox/src/test/resources/test-1/mbox.rlug", 5),
  ])
  func mailboxesOfOtherProjectsGiveTheirMessages(path: String, count: Int) throws {
    let shared = try #require(SharedFolder.path)
    #expect(split(readFile("\(shared)/corpus/mail/\(path)")).pieces.count == count)
  }
}
