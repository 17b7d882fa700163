import Bytes
import Testing

@testable import Mail

private let alternative = "Content-Type: multipart/alternative; boundary=b\n\n"

@Suite struct ReadableText {
  /// Headers of a single-part message, its body, the text, the defects.
  static let single: [(head: String, body: String, text: String, defects: MailDefects)] = [
    ("", "plain\n", "plain\n", []),
    ("Content-Type: text/plain; charset=utf-8", "gr\u{FC}n\n", "gr\u{FC}n\n", []),
    (
      "Content-Transfer-Encoding: quoted-printable", "a=3Db soft=\nwrap \nend=\n",
      "a=b softwrap\nend", []
    ),
    (
      "Content-Transfer-Encoding: quoted-printable", "50=% =ZZ =4", "50=% =ZZ =4",
      .badQuotedPrintable
    ),
    ("Content-Transfer-Encoding: QUOTED-PRINTABLE (why not)", "=41", "A", []),
    ("Content-Transfer-Encoding: base64", "SGVs\nbG8=\n", "Hello", []),
    (
      "Content-Transfer-Encoding: base64", "SGVsbG8=\n\n____\nlist mailing list\n", "Hello",
      .badBase64
    ),
    ("Content-Transfer-Encoding: base64", "SGVsbG8= ignored\n", "Hello", .badBase64),
    ("Content-Transfer-Encoding: base64", "SGVsbG8=\nSent from my phone\n", "Hello", .badBase64),
    ("Content-Transfer-Encoding: base64", "SGVsbG8=\nV29ybGQ=\n", "HelloWorld", .badBase64),
    ("Content-Transfer-Encoding: base64", "SG!Vs*bG8", "Hello", .badBase64),
    ("Content-Transfer-Encoding: x-nonsense", "as it is=3D\n", "as it is=3D\n", .unknownEncoding),
    ("Content-Transfer-Encoding: 8-bit", "=3D\n", "=3D\n", []),
    (
      "Content-Transfer-Encoding: x-uuencode", "words before\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\n",
      "Hello",
      []
    ),
    (
      "Content-Transfer-Encoding: x-uuencode", "no begin line\n", "no begin line\n",
      .unknownEncoding
    ),
    ("Content-Type: text/plain; charset=nonsense-7", "ok\n", "ok\n", .unknownCharset),
    ("Content-Type: ;;;", "still text\n", "still text\n", .badContentType),
    ("Content-Type: text", "still text\n", "still text\n", .badContentType),
    ("", "a\u{0}\u{0}b\n", "a\u{FFFD}b\n", .nulInText),
    ("Content-Type: text/html", "<p>Hi <b>you</b></p>", "Hi you", []),
  ]

  @Test(arguments: single, ["\n", "\r\n"])
  func bodiesAreDecoded(
    c: (head: String, body: String, text: String, defects: MailDefects), lineEnd: String
  ) {
    let head = c.head.isEmpty ? "Subject: s" : "Subject: s\n" + c.head
    let seen = SeenMail(head + "\n\n" + c.body, lineEnd: lineEnd)
    #expect(seen.text.trimmingLineEnds == c.text.trimmingLineEnds)
    if c.head.isEmpty { #expect(seen.text == c.text) }
    #expect(seen.defects == c.defects)
  }

  static let charsets: [(charset: String, bytes: [UInt8], text: String)] = [
    ("iso-8859-1", [0x80, 0xE4, 0x99], "\u{20AC}ä\u{2122}"),
    ("us-ascii", [0xE4], "ä"),
    ("", [0xC3, 0xA4], "ä"),
    ("", [0xE4, 0x21], "ä!"),
    ("utf-8", [0xEF, 0xBB, 0xBF, 0x41], "A"),
    ("utf-8", [0xC0, 0xAF, 0x41], "\u{FFFD}\u{FFFD}A"),
    ("utf-16le", [0x41, 0, 0xAC, 0x20], "A\u{20AC}"),
    ("koi8-r", [0xF0, 0xD2], "Пр"),
    ("windows-1251", [0xCF, 0xF0], "Пр"),
    ("shift_jis", [0x83, 0x65], "テ"),
    ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42, 0x21], "あ!"),
    ("gb2312", [0xC4, 0xE3], "你"),
    ("big5", [0xA7, 0x41], "你"),
    ("euc-kr", [0xB0, 0xA1], "가"),
    ("x-mac-cyrillic", [0x8F, 0xE0], "Па"),
  ]

  @Test(arguments: charsets)
  func charsetsAreReadAsTheWebReadsThem(c: (charset: String, bytes: [UInt8], text: String)) {
    let label = c.charset.isEmpty ? "" : "; charset=\(c.charset)"
    let head = Array("Content-Type: text/plain\(label)\n\n".utf8)
    #expect(SeenMail(bytes: head + c.bytes).text == c.text)
  }

  /// A message and its readable text.
  static let chosen: [(message: String, text: String)] = [
    // the first branch that has plain text, wherever it stands
    ("\(alternative)--b\nContent-Type: text/html\n\n<p>H</p>\n--b\n\nP\n--b--\n", "P"),
    ("\(alternative)--b\n\nP\n--b\n\nQ\n--b--\n", "P"),
    // only HTML
    ("\(alternative)--b\nContent-Type: text/html\n\n<p>H</p>\n--b--\n", "H"),
    (
      "\(alternative)--b\nContent-Type: text/html\n\n<p>H</p>\n--b\nContent-Type: text/html\n\n<p>I</p>\n--b--\n",
      "H"
    ),
    // a branch may be a multipart
    (
      "\(alternative)--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nP1\n--c\n\nP2\n--c--\n"
        + "--b\n\nQ\n--b--\n", "P1\nP2"
    ),
    // in mixed all plain leaves, joined by one LF
    ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n", "one\ntwo"),
    // no attachment, nothing named, nothing inside a message
    (
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Disposition: attachment\n\ntwo\n"
        + "--b\nContent-Type: text/plain; name=x.txt\n\nthree\n--b\nContent-Type: message/rfc822\n\n\nfour\n--b--\n",
      "one"
    ),
    // other text leaves are no body
    (
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/calendar\n\nBEGIN\n--b\n\none\n--b--\n",
      "one"
    ),
    ("Content-Type: text/plain; name=x.txt\n\nnamed\n", ""),
    ("Content-Type: image/png\n\nx\n", ""),
  ]

  @Test(arguments: chosen, ["\n", "\r\n"])
  func theBodyIsWhatAPersonReads(c: (message: String, text: String), lineEnd: String) {
    #expect(SeenMail(c.message, lineEnd: lineEnd).text == c.text)
  }

  @Test func htmlIsNoticedOnlyAsABody() {
    #expect(SeenMail("Content-Type: text/html\n\n<p>x</p>\n").html)
    #expect(!SeenMail("Content-Type: text/html; name=x.html\n\n<p>x</p>\n").html)
    #expect(
      !SeenMail("Content-Type: text/html\nContent-Disposition: attachment\n\n<p>x</p>\n").html)
  }

  @Test func aReaderForgetsTheMessageBefore() {
    let reader = MessageReader()
    let first = "Subject: one\nContent-Type: text/plain; charset=nonsense\n\n\u{0}\n"
    #expect(first.withByteView { reader.read($0) })
    #expect(reader.readableText().count > 0)
    #expect(!reader.defects.isDisjoint(with: [.nulInText, .unknownCharset]))
    let second = "X: y\n\nbody"
    second.withByteView {
      #expect(reader.read($0))
      #expect(reader.message.subject == nil)
      #expect(reader.readableText().string == "body")
      #expect(reader.defects.isDisjoint(with: [.nulInText, .unknownCharset]))
    }
  }
}

extension String {
  fileprivate var trimmingLineEnds: String {
    var s = self
    while s.last?.isNewline == true { s.removeLast() }
    return s
  }
}

@Suite struct Attachments {
  static let cases: [(part: String, expected: [String])] = [
    (
      "Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\nAQID\n",
      ["p.png|image/png|\u{1}\u{2}\u{3}"]
    ),
    ("Content-Type: application/pdf\n\nraw\n", ["|application/pdf|raw"]),
    ("Content-Type: text/plain; name=n.txt\n\nx\n", ["n.txt|text/plain|x"]),
    ("Content-Type: text/plain\nContent-Disposition: attachment\n\nx\n", ["|text/plain|x"]),
    // the disposition's name wins over the type's
    (
      "Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment; filename=b.csv\n\nx\n",
      ["b.csv|text/csv|x"]
    ),
    // text leaves without name and disposition are none
    ("Content-Type: text/html\n\n<p></p>\n", []),
    ("Content-Type: text/calendar\n\nx\n", []),
    // an unknown disposition is an attachment (RFC 2183 section 2.8)
    ("Content-Type: text/html\nContent-Disposition: strange\n\nx\n", ["|text/html|x"]),
    // an inline text of a kind that is no body
    ("Content-Type: text/csv\nContent-Disposition: inline\n\nx\n", ["|text/csv|x"]),
    // what Thunderbird leaves of an attachment
    (
      "Content-Type: image/png; name=a.png\nX-Mozilla-Altered: AttachmentDetached; date=\"x\"\n\nx\n",
      []
    ),
    ("Content-Type: text/x-moz-deleted; name=\"Deleted: a.png\"\n\nx\n", []),
    // a message is one entry with its bytes
    (
      "Content-Type: message/rfc822\n\nSubject: i\n\ninner\n",
      ["|message/rfc822|Subject: i\n\ninner"]
    ),
    // uuencode as a transfer encoding is undone
    (
      "Content-Type: image/gif; name=u.gif\nContent-Transfer-Encoding: x-uuencode\n\n"
        + "begin 644 u.gif\n#86)C\n`\nend\n", ["u.gif|image/gif|abc"]
    ),
    (
      "Content-Type: image/gif\nContent-Transfer-Encoding: quoted-printable\n\na=3Db=\n\n",
      ["|image/gif|a=b"]
    ),
  ]

  @Test(arguments: cases)
  func everyOtherLeafIsAnAttachment(c: (part: String, expected: [String])) {
    let message = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\n\(c.part)--b--\n"
    let seen = SeenMail(message)
    #expect(seen.text == "body")
    #expect(seen.attachments == c.expected)
  }

  @Test func digestsAreOverTheDecodedBytes() {
    let seen = SeenMail("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nYWJj\n")
    let sha = seen.reader.withAttachment(0) { $0.sha256.hex() }
    #expect(sha == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(seen.reader.withAttachment(99) { $0.bytes.count } == 0)
    #expect(seen.reader.withAttachment(-1) { $0.bytes.count } == 0)
  }

  @Test func aDigestsUnlabelledPartIsAMessage() {
    let seen = SeenMail(
      "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: i\n\nx\n--b\nContent-Type: text/plain\n\ny\n--b--\n"
    )
    #expect(seen.attachments == ["|message/rfc822|Subject: i\n\nx"])
    #expect(seen.text == "y")
  }
}
