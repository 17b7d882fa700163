import Bytes
import Testing

@testable import Mail

private func mixed(_ body: String, type: String = "multipart/mixed; boundary=b") -> String {
  "Subject: s\nContent-Type: \(type)\n\n\(body)"
}

private let a = "Content-Type: text/plain\n\nA\n"
private let h = "Content-Type: text/html\n\n<p>H</p>\n"

struct TreeCase: Sendable {
  var message: String
  var tree: String
  var text: String
  var defects: MailDefects = []
}

@Suite struct MIMEStructures {
  static let trees: [TreeCase] = [
    // preamble and epilogue are nobody's
    TreeCase(
      message: mixed("preamble\n--b\n\(a)--b\n\(h)--b--\nepilogue\n"),
      tree: "multipart/mixed(text/plain,text/html)", text: "A\nH"),
    // the boundary is the whole line, white space at its end apart
    TreeCase(
      message: mixed("--b \t\n\(a)--bb\n--b\n\(h)--b-- \n"),
      tree: "multipart/mixed(text/plain,text/html)", text: "A\n--bb\nH"),
    TreeCase(
      message: mixed("--b\n\nsee --b in a line\n--b--\n"), tree: "multipart/mixed(-)",
      text: "see --b in a line"),
    // the outer boundary begins the inner one, and the other way round
    TreeCase(
      message: mixed(
        "--b\nContent-Type: multipart/alternative; boundary=b2\n\n--b2\n\(a)--b2--\n--b\n\(h)--b--\n"
      ),
      tree: "multipart/mixed(multipart/alternative(text/plain),text/html)", text: "A\nH"),
    TreeCase(
      message: "Content-Type: multipart/mixed; boundary=b2\n\n--b2\n"
        + "Content-Type: multipart/related; boundary=b\n\n--b\n\(h)--b2\n\(a)--b2--\n",
      tree: "multipart/mixed(multipart/related(text/html),text/plain)", text: "H\nA",
      defects: .missingCloseDelimiter),
    // one boundary for both: the innermost open one wins
    TreeCase(
      message: mixed(
        "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\(a)--b--\n--b\n\(h)--b--\n"),
      tree: "multipart/mixed(multipart/mixed(text/plain),text/html)", text: "A\nH"),
    // no close delimiter
    TreeCase(
      message: mixed("--b\n\(a)--b\n\(h)"), tree: "multipart/mixed(text/plain,text/html)",
      text: "A\nH",
      defects: .missingCloseDelimiter),
    // no delimiter at all: a text
    TreeCase(
      message: mixed("only words\n"), tree: "multipart/mixed", text: "only words\n",
      defects: [.missingCloseDelimiter, .missingDelimiter]),
    // the close delimiter alone: an empty multipart
    TreeCase(message: mixed("only words\n--b--\n"), tree: "multipart/mixed", text: ""),
    // one inside another that never begins
    TreeCase(
      message: mixed(
        "--b\nContent-Type: multipart/alternative; boundary=c\n\nwords\n--b\n\(a)--b--\n"),
      tree: "multipart/mixed(multipart/alternative,text/plain)", text: "words\nA",
      defects: [.missingCloseDelimiter, .missingDelimiter]),
    // no boundary: read as text
    TreeCase(
      message: mixed("words\n", type: "multipart/mixed"), tree: "multipart/mixed", text: "words\n",
      defects: .missingBoundary),
    TreeCase(
      message: mixed("--\nwords\n", type: "multipart/mixed; boundary=\"\""),
      tree: "multipart/mixed",
      text: "--\nwords\n", defects: .missingBoundary),
    // digest: what says nothing is a message
    TreeCase(
      message: mixed(
        "--b\n\nSubject: x\n\ninner\n--b\n\(a)--b--\n", type: "multipart/digest; boundary=b"),
      tree: "multipart/digest(message/rfc822,text/plain)", text: "A"),
    // a message inside stays one leaf
    TreeCase(
      message: mixed(
        "--b\n\(a)--b\nContent-Type: message/rfc822\n\nSubject: x\n"
          + "Content-Type: multipart/mixed; boundary=c\n\n--c\n\nhidden\n--c--\n--b--\n"),
      tree: "multipart/mixed(text/plain,message/rfc822)", text: "A"),
    // headers of a part without the blank line, and none at all
    TreeCase(
      message: mixed("--b\nContent-Type: text/html\n--b\nwords\n--b--\n"),
      tree: "multipart/mixed(text/html,-)", text: "words"),
    // RFC 2045 section 6.4 forbids the encoding: it is passed over, and nothing is decoded
    TreeCase(
      message:
        "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\(a)--b--\n",
      tree: "multipart/mixed(text/plain)", text: "A", defects: .encodedMultipart),
    // where the delimiters are in the encoding it stays closed
    TreeCase(
      message:
        "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\nLS1iDQoNCkENCi0tYi0t\n",
      tree: "multipart/mixed", text: "", defects: [.encodedMultipart, .missingCloseDelimiter]),
    // the first of two Content-Type fields counts
    TreeCase(
      message:
        "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\(h)--b--\n",
      tree: "text/plain", text: "--b\nContent-Type: text/html\n\n<p>H</p>\n--b--\n",
      defects: .duplicateField),
  ]

  @Test(arguments: trees, ["\n", "\r\n"])
  func everyFormGivesItsTree(c: TreeCase, lineEnd: String) {
    let seen = SeenMail(c.message, lineEnd: lineEnd)
    #expect(seen.isMessage)
    #expect(seen.tree == c.tree)
    #expect(seen.text == c.text)
    #expect(seen.defects == c.defects)
  }

  @Test func theLineEndBeforeADelimiterBelongsToIt() {
    let body = "--b\n\nA\n--b\n\nB\n\n--b\n\n--b--\n"
    #expect(SeenMail(mixed(body)).leaves == ["A", "B\n", ""])
    #expect(SeenMail(mixed(body), lineEnd: "\r\n").leaves == ["A", "B\r\n", ""])
  }

  @Test func aPartBehindAnEpilogueLineKeepsItsEnd() {
    let inner = "Content-Type: multipart/mixed; boundary=c\n\n--c\n\nin\n--c--\nepilogue\n"
    let seen = SeenMail(mixed("--b\n\(inner)--b\n\nout\n--b--\n"))
    #expect(seen.leaves == ["in", "out"])
  }

  @Test func longBoundariesAreComparedWhole() {
    let long = String(repeating: "x", count: 7000)
    let body = "--\(long)\n\(a)--\(long)y\n--\(long)--\n"
    let seen = SeenMail(mixed(body, type: "multipart/mixed; boundary=\(long)"))
    #expect(seen.tree == "multipart/mixed(text/plain)")
    #expect(seen.text == "A\n--\(long)y")
  }

  @Test func nestingStopsAtTheLimitWithoutRecursion() {
    var message = "Subject: deep\n"
    for i in 0..<1500 { message += "Content-Type: multipart/mixed; boundary=b\(i)\n\n--b\(i)\n" }
    let seen = SeenMail(message + "\nbottom\n")
    #expect(seen.message.parts.count == Limits.depth + 1)
    #expect(seen.defects.contains(.nestingTooDeep))
  }

  @Test func partsStopAtTheLimitAndTheRestIsKept() {
    let message = mixed(
      String(repeating: "--b\n\n", count: Limits.parts + 50) + "--b\n\nlast words\n")
    let seen = SeenMail(message)
    #expect(seen.message.parts.count == Limits.parts)
    #expect(seen.defects.contains(.tooManyParts))
    #expect(seen.leaves.last?.hasSuffix("last words\n") == true)
  }

  @Test func bareCRIsALineEndWhereThereIsNoOther() {
    let seen = SeenMail(mixed("--b\n\(a)--b\n\(h)--b--\n"), lineEnd: "\r")
    #expect(seen.tree == "multipart/mixed(text/plain,text/html)")
    #expect(seen.text == "A\nH")
    #expect(seen.defects == .bareCR)
    #expect(SeenMail("Subject: s\n\na\rb\n").text == "a\rb\n")
  }

  @Test func aDigestOfABareCRAttachmentIsTakenOverItsOwnBytes() {
    let seen = SeenMail(
      mixed("--b\nContent-Type: text/plain; name=x.txt\n\none\ntwo\n--b--\n"), lineEnd: "\r")
    #expect(seen.attachments == ["x.txt|text/plain|one\rtwo"])
  }
}

@Suite struct HeaderSections {
  struct HeaderCase: Sendable {
    var message: String
    var subject: String?
    var text: String
    var defects: MailDefects = []
  }

  static let cases: [HeaderCase] = [
    HeaderCase(message: "Subject: s\n\nbody\n", subject: "s", text: "body\n"),
    HeaderCase(message: "\n\n\nSubject: s\n\nbody\n", subject: "s", text: "body\n"),
    HeaderCase(message: "\u{FEFF}Subject: s\n\nbody\n", subject: "s", text: "body\n"),
    HeaderCase(message: " continues nothing\nSubject: s\n\nbody\n", subject: "s", text: "body\n"),
    HeaderCase(message: "Subject: one\n \n two\n\nbody\n", subject: "one two", text: "body\n"),
    HeaderCase(message: "Subject : s\n\nbody\n", subject: "s", text: "body\n"),
    HeaderCase(
      message: "X: 1\njunk without colon\nSubject: s\n\nbody\n", subject: "s", text: "body\n",
      defects: .junkInHeader),
    HeaderCase(
      message: "Subject: s\nNo field here, body at once.\n\nmore\n", subject: "s",
      text: "No field here, body at once.\n\nmore\n", defects: .missingSeparator),
    HeaderCase(message: "Subject: s\n", subject: "s", text: "", defects: .missingSeparator),
    HeaderCase(message: "Subject: s", subject: "s", text: "", defects: .missingSeparator),
    HeaderCase(
      message: "Subject: first\nSubject: second\n\nbody\n", subject: "first", text: "body\n",
      defects: .duplicateField),
    HeaderCase(
      message: "From: a@x.example\nFrom: b@x.example\nSubject: s\n\n", subject: "s", text: "",
      defects: [.duplicateField, .duplicateFrom]),
  ]

  @Test(arguments: cases, ["\n", "\r\n"])
  func headerSectionsEndWhereTheBodyBegins(c: HeaderCase, lineEnd: String) {
    let seen = SeenMail(c.message, lineEnd: lineEnd)
    #expect(seen.subject == c.subject)
    #expect(seen.text == c.text)
    #expect(seen.defects.subtracting(.missingSeparator) == c.defects.subtracting(.missingSeparator))
    #expect(
      seen.message.defects.contains(.missingSeparator) == c.defects.contains(.missingSeparator))
  }

  @Test(arguments: ["", "\n", "\n\n \n", "just words, no field\n", ": no name\n", "--b\n"])
  func whatHasNoFieldIsNoMessage(bytes: String) {
    #expect(!SeenMail(bytes).isMessage)
  }

  @Test func fieldsAfterTheLimitAreSkippedAndTheBodyIsFound() {
    let many = (0..<3000).map { "X-Field-\($0): \($0)\n" }.joined()
    let seen = SeenMail("Subject: s\n\(many)\nbody\n")
    #expect(seen.text == "body\n")
    #expect(seen.defects == .tooManyFields)
    #expect(seen.message.fields.count == Limits.headerFields)
  }
}
