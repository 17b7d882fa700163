import Foundation
import TestSupport
import Testing

/// What happens to the output when something goes wrong: the program itself, in folders of its own.
@Suite struct OutputTests {
  private static let call =
    "\"$0\" import --config winnow.json --now 2026-06-01T00:00:00Z --out result"

  @Test func aRunPublishesAllItsFilesAndLeavesNothingBeside() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    #expect(try w.importMail().status == 0)
    #expect(try w.text("result/activities.jsonl").split(separator: "\n").count == 3)
    #expect(w.exists("result/run.json"))
    #expect(try w.leftOvers().isEmpty)
  }

  @Test func aCommandThatEndsWithAStatusSaysNoEmptyLine() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("winnow.json", #"{"version": 1, "bogus": 2}"#)
    let done = try w.shell("\"$0\" check --quiet")
    #expect(done.status == 78)
    #expect(done.err.contains("bogus") && !done.err.hasSuffix("\n\n"))
  }

  @Test func anEarlierResultIsExchangedAsAWhole() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    #expect(try w.importMail().status == 0)
    try w.write("result/attachments/old", "old")
    #expect(try w.importMail().status == 0)
    #expect(!w.exists("result/attachments/old"))
    #expect(try w.leftOvers().isEmpty)
  }

  @Test func anEmptyFolderIsUsed() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try FileManager.default.createDirectory(
      at: w.folder.appendingPathComponent("result"), withIntermediateDirectories: true)
    #expect(try w.importMail().status == 0)
    #expect(w.exists("result/run.json"))
  }

  @Test(arguments: ["notes.txt", "run.json", "decisions.jsonl"])
  func aFolderOfSomebodyElseIsLeftAlone(name: String) throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("result/\(name)", "mine")
    let done = try w.importMail()
    #expect(done.status == 73)
    #expect(done.err.contains("result"))
    #expect(try w.text("result/\(name)") == "mine")
    #expect(!w.exists("result/activities.jsonl"))
    #expect(try w.leftOvers().isEmpty)
  }

  @Test func aResultThatHoldsSomebodysFileIsLeftAlone() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    #expect(try w.importMail().status == 0)
    try w.write("result/notes.txt", "mine")
    let done = try w.importMail()
    #expect(done.status == 73)
    #expect(done.err.contains("notes.txt"))
    #expect(try w.text("result/notes.txt") == "mine")
  }

  @Test func aFileOrALinkWhereTheFolderShouldBeIs73() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("result", "mine")
    #expect(try w.importMail().status == 73)
    #expect(try w.text("result") == "mine")
    try w.write("elsewhere/notes.txt", "mine")
    try FileManager.default.createSymbolicLink(
      atPath: w.folder.appendingPathComponent("link").path, withDestinationPath: "elsewhere")
    #expect(try w.importMail("--out", "link").status == 73)
    #expect(try w.importMail("--out", "winnow.json/below").status == 73)
    #expect(try w.importMail("--out", "/proc/winnow-result").status == 73)
  }

  @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
  func aFolderThatMayNotBeWrittenIs73() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    #expect(try w.shell("mkdir shut && chmod 555 shut").status == 0)
    #expect(try w.importMail("--out", "shut/result").status == 73)
  }

  @Test func aFullDiskIs74AndPublishesNothing() throws {
    let w = try WinnowBinary(mails: 2000)
    defer { w.remove() }
    // A file size limit fails like a full disk and needs no privileges.
    let done = try w.shell("ulimit -f 64; \(Self.call)")
    #expect(done.status == 74)
    #expect(done.err.contains("nothing was published"))
    #expect(!w.exists("result"))
    #expect(try w.leftOvers().isEmpty)
    #expect(try w.importMail().status == 0)
  }

  @Test func aFailedRunLeavesTheEarlierResultAsItWas() throws {
    let w = try WinnowBinary(mails: 2000)
    defer { w.remove() }
    #expect(try w.importMail().status == 0)
    let before = try w.text("result/activities.jsonl")
    #expect(try w.shell("ulimit -f 64; \(Self.call)").status == 74)
    #expect(try w.text("result/activities.jsonl") == before)
  }

  @Test func outputInsideAnInputIs78AndTheOtherWayRound() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write(
      "winnow.json", WinnowBinary.config(sources: #"[{"path": "in", "owner": "bob"}]"#))
    for place in ["in/result", "in/../in/result", "in", "."] {
      let done = try w.importMail("--out", place)
      #expect(done.status == 78 || (place == "." && done.status == 73), "\(place): \(done)")
    }
    try w.write("x.eml", "From: ann@client.example\n\nx\n")
    #expect(try w.shell("ln -s in alias").status == 0)
    #expect(try w.importMail("--out", "alias/result").status == 78)
    #expect(!w.exists("in/result"))
  }

  @Test func closedStandardStreamsHarmNothing() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    #expect(try w.shell("\(Self.call) >&-").status == 0)
    #expect(try w.shell("\(Self.call) 2>&-").status == 0)
    #expect(try w.shell("\(Self.call) <&- >&- 2>&-").status == 0)
    #expect(try w.text("result/activities.jsonl").split(separator: "\n").count == 3)
    #expect(try w.text("result/decisions.jsonl").hasPrefix("{\"item\""))
    let pipe = try w.shell("(\(Self.call); echo $? >status) | true; cat status")
    #expect(pipe.out == "0\n")
  }

  @Test func inspectStopsWhenNobodyReadsAnyMore() throws {
    let w = try WinnowBinary(mails: 20_000)
    defer { w.remove() }
    let done = try w.shell("(\"$0\" inspect in/mail.mbox; echo $? >status) | head -1; cat status")
    #expect(done.out.hasPrefix("{\"item\":\"mail\""))
    #expect(done.out.hasSuffix("\n0\n"))
    #expect(try w.shell("\"$0\" inspect in/mail.mbox >/dev/full").status == 74)
  }

  @Test func twoRunsIntoOneFolderEachPublishAWhole() throws {
    let w = try WinnowBinary(mails: 500)
    defer { w.remove() }
    let line = (0..<4).map { "\(Self.call) --quiet >s\($0) 2>&1 & p\($0)=$!;" }.joined()
    let waits = (0..<4).map { "wait $p\($0); echo $?;" }.joined()
    #expect(try w.shell(line + waits).out == "0\n0\n0\n0\n")
    #expect(try w.text("result/activities.jsonl").split(separator: "\n").count == 500)
    #expect(try w.text("result/decisions.jsonl").split(separator: "\n").count == 500)
    #expect(try w.leftOvers().isEmpty)
  }

  @Test func leftOversOfDeadRunsGoAndThoseOfLivingStay() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write(".winnow-dead/activities.jsonl", "x")
    try w.write(".winnow-dead.lock", "")
    try w.write(".winnow-going.gone/activities.jsonl", "x")
    try w.write(".winnow-going.lock", "")
    try w.write(".winnow-living/activities.jsonl", "x")
    try w.write(".winnow-living.lock", "")
    try w.write(".winnow-notes", "no left-over")
    let done = try w.shell("flock .winnow-living.lock \(Self.call)")
    #expect(done.status == 0)
    #expect(
      try Set(w.leftOvers()) == [".winnow-living", ".winnow-living.lock", ".winnow-notes"])
  }

  @Test func missingAndWrongSourcesAre65AndAllAreNamed() throws {
    let w = try WinnowBinary()
    defer { w.remove() }
    try w.write("in/picture.png", "\u{89}PNG\r\n\u{1A}\n")
    try w.write("in/binary.mbox", String(repeating: "\u{1}\u{2}\u{3}\u{4}", count: 500))
    let paths = ["mail.mbox", "absent.mbox", "absent*.eml", "picture.png"]
    let sources = paths.map { #"{"path": "in/\#($0)", "owner": "bob"}"# }.joined(separator: ",")
    try w.write("winnow.json", WinnowBinary.config(sources: "[\(sources)]"))
    let done = try w.importMail()
    #expect(done.status == 65)
    for path in paths.dropFirst() { #expect(done.err.contains(path), "\(path)") }
    #expect(!w.exists("result"))
    let lenient = try w.importMail("--skip-missing")
    #expect(lenient.status == 0)
    #expect(try w.text("result/activities.jsonl").split(separator: "\n").count == 3)
    try w.write(
      "winnow.json",
      WinnowBinary.config(
        sources:
          #"[{"path": "in/mail.mbox", "owner": "bob"}, {"path": "in/binary.mbox", "owner": "bob"}]"#
      ))
    let binary = try w.importMail("--out", "other")
    #expect(binary.status == 65)
    #expect(binary.err.contains("binary.mbox"))
    #expect(!w.exists("other"))
    #expect(try w.leftOvers().isEmpty)
  }

  @Test func theMailAtTheEndOfAHalfWrittenMailboxIsQuarantined() throws {
    let w = try WinnowBinary(mails: 1)
    defer { w.remove() }
    let whole = try w.text("in/mail.mbox")
    try w.write(
      "in/mail.mbox", whole + whole.replacingOccurrences(of: "m0@", with: "m1@").prefix(120))
    #expect(try w.importMail().status == 0)
    let reasons = try w.text("result/decisions.jsonl").split(separator: "\n").map {
      $0.contains("\"quarantined\"")
    }
    #expect(reasons == [false, true])
  }
}

/// SIGTERM and its like, sent to a run that is under way.
@Suite(.serialized, .slow) struct SignalTests {
  private struct Late: Error {}

  // The run is stopped once the folder is there (before, it has not taken signals over and just
  // ends), gets the signal and goes on. One that was over by then is tried with a longer mailbox.
  private func signalled(_ signal: String) throws -> (WinnowBinary, String) {
    let line = """
      "$0" import --config winnow.json --now 2026-06-01T00:00:00Z --out result --quiet 2>err & p=$!
      state() { read -r s </proc/$p/stat; s=${s##*) }; s=${s%% *}; }
      while :; do
        for f in .winnow-*; do
          case $f in *.lock) ;; *) if [ -d "$f" ]; then break 2; fi ;; esac
        done
        state; if [ $s = Z ]; then break; fi
      done
      kill -STOP $p
      while :; do state; case $s in T|Z) break ;; esac; done
      if [ $s = T ] && [ -d "$f" ]; then kill -\(signal) $p; kill -CONT $p; else s=late; kill -CONT $p; fi
      wait $p; echo $? $s
      """
    for mails in [30_000, 120_000, 480_000] {
      let w = try WinnowBinary(mails: mails)
      let said = try w.shell(line).out.split(whereSeparator: \.isWhitespace)
      if said.last == "T", let status = said.first { return (w, String(status)) }
      w.remove()
    }
    throw Late()
  }

  @Test(arguments: [("TERM", "143"), ("INT", "130"), ("HUP", "129")])
  func aSignalEndsTheRunWithItsStatusAndPublishesNothing(signal: String, wanted: String) throws {
    let (w, status) = try signalled(signal)
    defer { w.remove() }
    #expect(status == wanted)
    #expect(!w.exists("result"))
    #expect(try w.leftOvers().isEmpty)
    #expect(try w.text("err").contains("nothing was published"))
    #expect(try w.text("err").split(separator: "\n").count == 1)
  }

  @Test func aKilledRunIsClearedAwayByTheNext() throws {
    let (w, status) = try signalled("KILL")
    defer { w.remove() }
    #expect(status == "137")
    #expect(!w.exists("result"))
    try w.write("in/mail.mbox", "")
    #expect(try w.importMail("--quiet").status == 0)
    #expect(try w.leftOvers().isEmpty)
    #expect(w.exists("result/run.json"))
  }
}
