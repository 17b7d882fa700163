import Bytes
import TestSupport
import Testing

@testable import Mailboxes

private func line(_ text: String) -> EnvelopeLine {
  text.withByteView { EnvelopeLine($0) }
}

private let first = "From ann@client.example Tue Mar  3 10:15:00 2026\n"

@Suite struct SeparatorTests {
  @Test(arguments: [
    ("From a@b Thu Nov 13 20:20:33 2025", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20:33 +0000 2025", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20:33 2025 +0100", 1_763_061_633),
    ("From a@b Thu Nov 13 20:20:33 2025 -0530", 1_763_085_033),
    ("From a@b Thu Nov 13 20:20:33 CET 2025", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20:33 2025 (PST)", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20 2025", 1_763_065_220 - 20),
    ("From a@b Thu, 13 Nov 2025 20:20:33 +0000", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20:33 2025 remote from host", 1_763_065_233),
    ("From \"A. Name\" Thu Nov 13 20:20:33 2025", 1_763_065_233),
    ("From - Thu Nov 13 20:20:33 2025\r\n", 1_763_065_233),
    ("From ???@??? Thu Jan 1 01:00:00 1970", 3600),
    ("From MAILER-DAEMON Thu Nov 13 20:20:33 2025", 1_763_065_233),
    ("From a@b Thu Nov 13 20:20:33 99", 942_524_433),
  ])
  func envelopeDatesOfManyWritersAreRead(text: String, seconds: Int) {
    let l = line(text)
    #expect(l.isDated)
    #expect(l.seconds == seconds)
  }

  @Test(arguments: [
    "From the President of ACME we hear", "From here to Thu Nov 13", "From a@b 2025",
    "From a@b Thu Nov 13 20:20:33 2025 and then", "From a@b Thu Nov 99 20:20:33 2025",
    "From a@b Thu Nov 13 2025", "From May to June 2025", "From 10:00 on", "From ",
    "From a@b " + String(repeating: "x", count: 2000),
  ])
  func proseIsNoEnvelopeDate(text: String) {
    #expect(!line(text).isDated)
  }

  @Test func sendersAreToldApart() {
    #expect(line("From - Thu").sender == .dash)
    #expect(line("From -").sender == .dash)
    #expect(line("From 1848707889910060830@xxx").sender == .takeout)
    #expect(line("From 18487x@xxx").sender == .address)
    #expect(line("From \"A B\" x").sender == .quoted)
    #expect(line("From root Thu").sender == .token)
    #expect(line("From").sender == .none)
  }

  @Test func aLineOfProseStaysInItsBodyAndIsListed() {
    let text = first + mail(1, "Hello\n\nFrom the President we hear\nnews") + "\n" + first + mail(2)
    let (pieces, summary) = split(text)
    #expect(pieces.count == 2)
    #expect(pieces[0].text.contains("From the President we hear\nnews\n"))
    #expect(summary.doubtfulLines == 1)
    #expect(summary.doubtful.first?.text == Array("From the President we hear".utf8))
    let at = summary.doubtful.first?.offset ?? 0
    #expect(Array(text.utf8)[at...].starts(with: Array("From the".utf8)))
  }

  @Test func theListOfDoubtfulLinesIsCappedButTheCountIsNot() {
    let body = String(repeating: "From nowhere\n", count: 50)
    let (pieces, summary) = split(first + mail(1, body))
    #expect(pieces.count == 1)
    #expect(summary.doubtfulLines == 50)
    #expect(summary.doubtful.count == 20)
  }

  @Test func offsetsNameTheSeparatorAndTheMessage() {
    let one = first + mail(1)
    let text = one + "\n" + first + mail(2)
    let (pieces, _) = split(text)
    #expect(pieces.map(\.entry.separatorOffset) == [0, one.utf8.count + 1])
    #expect(
      pieces.map(\.entry.offset) == [first.utf8.count, one.utf8.count + 1 + first.utf8.count])
    #expect(pieces.map(\.entry.length) == [mail(1).utf8.count, mail(2).utf8.count])
    #expect(pieces.map(\.text) == [mail(1), mail(2)])
    #expect(pieces.map(\.entry.index) == [0, 1])
  }

  @Test func theFileGivesTheSameMessagesWhateverTheChunks() {
    var text = ""
    for i in 0..<40 {
      text += first + mail(i, i % 3 == 0 ? ">From x\n\nFrom time to time\n>>From y" : "b\n") + "\n"
    }
    let whole = split(Array(text.utf8)).pieces
    #expect(whole.count == 40)
    for step in [1, 2, 3, 7, 64, 1000] {
      let parts = split(Array(text.utf8), step: step, isSeekable: step % 2 == 0).pieces
      #expect(parts.map(\.raw) == whole.map(\.raw))
      #expect(parts.map(\.entry.offset) == whole.map(\.entry.offset))
    }
  }

  @Test func anotherWriterAfterThunderbirdIsFollowedWhenHeIsNoException() {
    let tb = "From - Tue Mar 03 10:15:00 2026\n"
    let mixed = tb + mail(1) + "\n" + first + mail(2) + "\n" + first + mail(3)
    #expect(split(mixed).pieces.count == 3)
    // One such line among many of the file's own is text that somebody pasted.
    var locked = ""
    for i in 0..<5 { locked += tb + mail(i) + "\n" }
    locked += tb + mail(6, "look:\n\n" + first + mail(7)) + "\n"
    let (pieces, summary) = split(locked)
    #expect(pieces.count == 6)
    #expect(summary.doubtfulLines == 1)
    #expect(summary.dialect?.isThunderbird == true)
  }

  @Test func takeoutSeparatorsNeedNoDateAndAdmitNoOthers() {
    let body = "x\n\n" + first + "not: a header of a message\nbut: pasted\n"
    let text =
      "From 1844347792267117879@xxx\r\n" + mail(1, body) + "\nFrom 1844347839636459560@xxx\n"
      + mail(2) + "\nFrom 1844347853750471882@xxx Thu Nov 13 20:20:33 +0000 2025\n" + mail(3)
    let (pieces, summary) = split(text)
    #expect(pieces.count == 3)
    #expect(summary.dialect?.isTakeout == true)
  }

  @Test func bareThunderbirdSeparatorsNeedAFieldBehindThem() {
    let text = "From - \n" + mail(1, "a\n\nFrom -\nno field here") + "\nFrom -\n" + mail(2)
    #expect(split(text).pieces.count == 2)
  }

  @Test func gitsDateInABodyIsContentAndInAPatchSeriesASeparator() {
    let git = "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"
    let pasted = first + mail(1, "see\n\n" + git + mail(9)) + "\n" + first + mail(2)
    #expect(split(pasted).pieces.count == 2)
    #expect(split(git + mail(1) + "\n" + git + mail(2)).pieces.count == 2)
  }

  @Test func separatorsWithoutABlankLineBeforeThemAreFound() {
    let (pieces, summary) = split(first + mail(1) + first + mail(2) + first + mail(3))
    #expect(pieces.map(\.text) == [mail(1), mail(2), mail(3)])
    #expect(summary.dialect?.hasBlankLine == false)
    // A single one that lacks it, in a file that has them: two header lines must follow.
    let one = first + mail(1) + "\n" + first + mail(2) + "\n" + first + mail(3) + first + mail(4)
    #expect(split(one).pieces.count == 4)
  }

  @Test func oldSpoolsQuoteTheFirstSeparatorAboveTheFields() {
    let text =
      "From ???@??? Thu Jan  1 01:00:00 1970\n>From user Thu Jan 1 00:00:00 1998\n" + mail(1) + "\n"
      + "From ???@??? Thu Jan  1 01:00:00 1970\n" + mail(2)
    let (pieces, _) = split(text)
    #expect(pieces.count == 2)
    // Undoing it there would make a separator of a header line.
    #expect(pieces[0].text.hasPrefix(">From user"))
  }

  @Test func quotingIsUndoneByDialect() {
    let body = ">From x\n>>From y\n>>>From z\n> From no\na >From b"
    let (rd, _) = split(first + mail(1, body))
    #expect(rd[0].text == mail(1, "From x\n>From y\n>>From z\n> From no\na >From b"))
    let takeout = "From 1848707889910060830@xxx Thu Nov 13 20:20:33 +0000 2025\n"
    let (o, _) = split(takeout + mail(1, body))
    #expect(o[0].text == mail(1, "From x\n>>From y\n>>>From z\n> From no\na >From b"))
    // A body with an unquoted line shows that the writer does not quote.
    let (none, summary) = split(
      first + mail(1, "\nFrom here\n") + "\n" + first + mail(2, ">From x"))
    #expect(summary.dialect?.quoting == FromQuoting.none)
    #expect(none[1].text == mail(2, ">From x"))
  }

  @Test func dialectsSurviveTheirCode() {
    let dialects = [
      split(first + mail(1)), split("From - \n" + mail(1) + "From - \n" + mail(2)),
      split("Subject: x\n\nb\n"),
    ].compactMap { $0.summary.dialect }
    #expect(dialects.count == 3)
    for d in dialects { #expect(MailboxDialect(code: d.code) == d) }
    #expect(MailboxDialect(code: 0xFFFF_0000) == nil)
    #expect(MailboxDialect(code: 3 << 14) == nil)
  }
}
