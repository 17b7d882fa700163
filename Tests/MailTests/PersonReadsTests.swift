import Bytes
import TestSupport
import Testing

@testable import Mail

/// The text as a person would read it: what mail programs show, and other readers miss.
@Suite struct AsAPersonReads {
  private func mail(_ type: String, _ parts: String...) -> String {
    "Content-Type: \(type); boundary=b\n\n" + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
  }

  private func plain(_ text: String) -> String {
    "Content-Type: text/plain; charset=utf-8\n\n\(text)"
  }

  private func html(_ text: String) -> String {
    "Content-Type: text/html; charset=utf-8\n\n\(text)"
  }

  @Test(
    "a blank plain branch gives way to the next one, and to HTML",
    arguments: ["", " ", "\n\n", "\u{A0}", "\u{200B}\u{FEFF}", "\t \u{3000}"])
  func blank(text: String) {
    #expect(
      SeenMail(mail("multipart/alternative", plain(text), html("<p>Offer</p>"))).text == "Offer")
    #expect(SeenMail(mail("multipart/alternative", plain(text), plain("Offer"))).text == "Offer")
    #expect(SeenMail(mail("multipart/mixed", plain(text), html("<p>Offer</p>"))).text == "Offer")
    // Where there is nothing else it stays.
    #expect(SeenMail(mail("multipart/alternative", plain(text))).text == text)
  }

  @Test("HTML with plain text beside it is both, in order; what says the same is read once")
  func beside() {
    let body = html("<p>We order twelve units of the smaller panel.</p>")
    #expect(
      SeenMail(mail("multipart/mixed", body, plain("_____\nA list"))).text
        == "We order twelve units of the smaller panel.\n_____\nA list")
    #expect(
      SeenMail(mail("multipart/mixed", plain("[external]"), body)).text
        == "[external]\nWe order twelve units of the smaller panel.")
    let twin = plain("We order twelve units\nof the smaller panel.")
    #expect(
      SeenMail(mail("multipart/mixed", twin, body)).text
        == "We order twelve units\nof the smaller panel.")
    // An alternative inside keeps its one branch.
    let inner =
      "Content-Type: multipart/alternative; boundary=c\n\n--c\n\(plain("short"))\n--c\n\(body)\n--c--\n"
    #expect(SeenMail(mail("multipart/mixed", inner, plain("A list"))).text == "short\nA list")
  }

  @Test("a body that is to be shown inline is no attachment, one with a name is")
  func inline() {
    let head = "Content-Disposition: inline\n"
    let seen = SeenMail(
      mail("multipart/alternative", head + plain("Test"), head + html("<div>Test</div>")))
    #expect(seen.text == "Test" && seen.attachments.isEmpty)
    let named = "Content-Disposition: inline; filename=a.html\n" + html("x")
    #expect(SeenMail(mail("multipart/mixed", plain("Test"), named)).attachments.count == 1)
  }

  @Test(
    "a multipart's transfer encoding is passed over",
    arguments: ["quoted-printable", "base64", "BASE64", "quoted-printable (note)"])
  func encodedMultipart(encoding: String) {
    let part = "Content-Transfer-Encoding: quoted-printable\n" + plain("Gr=C3=BC=C3=9Fe")
    let file = "Content-Type: application/pdf; name=a.pdf\n\nx"
    let seen = SeenMail(
      "Content-Transfer-Encoding: \(encoding)\n" + mail("multipart/mixed", part, file))
    #expect(seen.text == "Grüße")
    #expect(seen.attachments == ["a.pdf|application/pdf|x"])
    #expect(seen.defects == .encodedMultipart)
  }

  @Test("line ends are LF, whatever an encoding hid in them")
  func lineEnds() {
    let head = "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
    #expect(
      SeenMail(head + "Dear Bo,=0D\r\n=0D\r\nwe=0Dorder.=0D=0A").text == "Dear Bo,\n\nwe\norder.\n")
    #expect(SeenMail(head + "a=0D\n=0D\nb=0D\n").text == "a\n\nb\n")
  }

  @Test("several fields of recipients are one list, each named once")
  func recipients() {
    let seen = SeenMail(
      "From: a@x.example\nCc: b@x.example\nTo: c@x.example\ncc: d@x.example, e@x.example\n"
        + "To: f@x.example\nBcc: g@x.example\nFrom: other@x.example\n\nx\n")
    func list(_ range: Range<Int>?) -> [String] {
      (range ?? 0..<0).map { seen.message.text[seen.message.addresses[$0].address].string }
    }
    #expect(list(seen.message.to) == ["c@x.example", "f@x.example"])
    #expect(list(seen.message.cc) == ["b@x.example", "d@x.example", "e@x.example"])
    #expect(list(seen.message.bcc) == ["g@x.example"])
    #expect(list(seen.message.from) == ["a@x.example"])
  }

  @Test("a line that is a colon alone ends nothing")
  func colonAlone() {
    let seen = SeenMail("Subject: s\n:\nFrom: a@x.example\n: what\n\nbody\n")
    #expect(seen.text == "body\n" && seen.message.from != nil)
    #expect(SeenMail("Subject: s\n:\n\nbody\n").text == "body\n")
  }

  @Test("text under a label that cannot hold it is read in the charset that fits")
  func charsets() {
    func text(_ label: String, _ bytes: [UInt8]) -> SeenMail {
      SeenMail(bytes: Array("Content-Type: text/plain; charset=\(label)\n\n".utf8) + bytes)
    }
    let report: [UInt8] = [0xCA, 0xF3, 0xB9, 0xF0, 0xBD, 0xF1]
    #expect(text("iso-2022-jp", report).text == "報告書")
    #expect(text("iso-2022-jp", report).defects == .wrongCharset)
    #expect(text("utf-8", [0x47, 0x72, 0xFC, 0xDF, 0x65]).text == "Grüße")
    #expect(text("iso-2022-jp", Array("Grüße".utf8)).text == "Grüße")
    // Damaged UTF-8 stays what it is.
    #expect(text("utf-8", [0xC3, 0xBC, 0x20, 0xC3, 0x20]).text == "ü \u{FFFD} ")
    #expect(text("utf-8", [0xC3, 0xBC, 0x20, 0xC3, 0x20]).defects == .badCharset)
  }

  @Test("raw bytes in a header are in the charset of the text, where they fit")
  func rawHeaders() {
    func subject(_ bytes: [UInt8], _ label: String) -> String? {
      let seen = SeenMail(
        bytes: Array("Subject: ".utf8) + bytes
          + Array("\nContent-Type: text/plain; charset=\(label)\n\nx\n".utf8))
      return seen.message.subject.map { seen.message.text[$0].string }
    }
    #expect(subject([0xB1, 0xA8, 0xBC, 0xDB], "gbk") == "报价")
    #expect(subject([0xCF, 0xF0, 0xE8], "windows-1251") == "При")
    // UTF-8 is UTF-8 under any label, and without one it is as ever.
    #expect(subject(Array("Grüße".utf8), "gbk") == "Grüße")
    #expect(subject([0x47, 0x72, 0xFC], "us-ascii") == "Grü")
    // A lead byte without a second is no GBK.
    #expect(subject([0x47, 0x72, 0xFC], "gbk") == "Grü")
  }

  @Test("the identity is the one that the first readers gave, but for mail that they read alike")
  func identities() {
    // Computed with the reader before: digests of mails that are read better now.
    for (text, digest) in Self.known {
      let seen = SeenMail(text)
      seen.reader.decodeBodies()
      #expect(MailIdentity().digest(seen.message, seen.reader.bodies).hex() == digest, "\(text)")
    }
  }

  // Digests of what the first reader saw, computed apart from this code.
  private static let known: [(String, String)] = {
    let head = "From: a@x.example\nMessage-ID: <1@x>\n"
    let mixed = "Content-Type: multipart/mixed; boundary=b\n"
    let parts =
      "\n--b\nContent-Type: text/plain\n\nA\n--b\nContent-Type: application/pdf; name=a.pdf\n\nx\n--b--\n"
    let both =
      "\n--b\nContent-Type: text/html\n\n<p>H</p>\n--b\nContent-Type: text/plain\n\nfoot\n--b--\n"
    let shifted =
      "Subject: =?iso-2022-jp?B?GyRCJUsl?=\n =?iso-2022-jp?B?YyE8JXNKczlwGyhC?=\n\nx\n"
    return [
      // A multipart with an encoding was an attachment.
      (
        head + "Subject: s\nContent-Transfer-Encoding: base64\n" + mixed + parts,
        "2aa2713807578b30c47aa94ac719eddae6dc89a7e35b934840e53768b6ce6a6e"
      ),
      // One without delimiters was nothing.
      (
        head + "Subject: s\n" + mixed + "\nwords\n",
        "e77c1cd9557dcd3e47162155798de6d6d58b92f8187b8a896fc0bbc06dd51059"
      ),
      // Shift states ended with their word.
      (head + shifted, "e693586d40c40c197ab5d8f03512cdadbe2a99d5e943c29dd022674124ebe476"),
      // Of HTML and a footer the record had one, the identity both.
      (
        head + "Subject: s\n" + mixed + both,
        "83f7d225e2bf728e007b7b536d2e562e4f5752084158c7b1b1953ea85f7fd4c4"
      ),
    ]
  }()

  @Test("the first readers' identity of raw bytes and of wrong labels, too")
  func identitiesOfBytes() {
    func digest(_ bytes: [UInt8]) -> String {
      let seen = SeenMail(bytes: Array("From: a@x.example\nMessage-ID: <1@x>\n".utf8) + bytes)
      seen.reader.decodeBodies()
      return MailIdentity().digest(seen.message, seen.reader.bodies).hex()
    }
    let subject: [UInt8] = [0xB1, 0xA8, 0xBC, 0xDB, 0xB5, 0xA5, 0xC7, 0xEB, 0xB2, 0xE9, 0xCA, 0xD5]
    #expect(
      digest(
        Array("Content-Type: text/plain; charset=gbk\nSubject: ".utf8) + subject
          + Array("\n\nx\n".utf8))
        == "d59484fdaf1230cdeb902372341df5e8f832a2b8f4987c7b70fbfd8b12f8dac7")
    #expect(
      digest(
        Array("Subject: s\nContent-Type: text/plain; charset=iso-2022-jp\n\n".utf8)
          + [0xCA, 0xF3, 0xB9, 0xF0, 0xBD, 0xF1])
        == "2ba190c0020765306a19b1106b2fbf54d1eda2bcb834aa39fb5c29170c28d1fd")
  }
}
