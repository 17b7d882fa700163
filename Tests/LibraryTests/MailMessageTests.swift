import Foundation
import Testing
import WinnowMail

@Suite struct MailMessages {
  private let offer = """
    From: "Weiss, Klara" <klara@hofgut.example>
    To: Sales <sales@example.com>, bob@example.com
    Cc: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>
    Subject: =?utf-8?q?Angebot_f=C3=BCr_das_Dach?=
    Date: Tue, 3 Feb 2026 09:12:44 +0100
    Message-ID: <m1@hofgut.example>
    In-Reply-To: <m0@example.com>
    References: <first@example.com>
     <m0@example.com>
    X-Ring: =?utf-8?q?Gl=C3=B6ckchen?=
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: multipart/alternative; boundary=c

    --c
    Content-Type: text/plain; charset=utf-8

    Guten Tag
    --c
    Content-Type: text/html; charset=utf-8

    <p>Guten <b>Tag</b></p>
    --c--
    --b
    Content-Type: image/png; name="dach.png"
    Content-Disposition: inline; filename="dach.png"
    Content-ID: <roof@hofgut.example>
    Content-Transfer-Encoding: base64

    AAEC
    --b--

    """

  @Test("a mail says who, when and what, decoded")
  func whole() throws {
    let mail = try MailMessage(offer.utf8)
    #expect(mail.from.map(\.description) == ["Weiss, Klara <klara@hofgut.example>"])
    #expect(mail.to.map(\.email) == ["sales@example.com", "bob@example.com"])
    #expect(mail.cc == [.init(name: "Jörg", email: "joerg@example.com")])
    #expect(mail.subject == "Angebot für das Dach")
    #expect(mail.date == Timestamp("2026-02-03T08:12:44Z"))
    #expect(mail.messageID == "m1@hofgut.example")
    #expect(mail.inReplyTo == "m0@example.com")
    #expect(mail.references == ["first@example.com", "m0@example.com"])
    #expect(mail.text == "Guten Tag")
    #expect(mail.html == "<p>Guten <b>Tag</b></p>")
    #expect(mail.header("x-ring") == "Glöckchen")
    #expect(
      mail.headers.first == .init(name: "From", value: "\"Weiss, Klara\" <klara@hofgut.example>"))
    #expect(mail.defects.isEmpty)
  }

  @Test("an attachment has its name, its bytes and their digest")
  func attachment() throws {
    let mail = try MailMessage(offer.utf8)
    let file = try #require(mail.attachments.first)
    #expect(mail.attachments.count == 1)
    #expect(file.name == "dach.png" && file.mediaType == "image/png")
    #expect(file.contentID == "roof@hofgut.example" && file.isInline)
    #expect(file.bytes == [0, 1, 2] && file.size == 3 && file.isWhole)
    #expect(file.sha256 == "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc")
  }

  @Test("line ends do not matter")
  func lineEnds() throws {
    let unix = try MailMessage(offer.utf8)
    let wire = try MailMessage(offer.replacingOccurrences(of: "\n", with: "\r\n").utf8)
    #expect(wire.text == unix.text && wire.attachments == unix.attachments)
  }

  @Test("bytes without a header field are no mail, and all others are one")
  func anyBytes() throws {
    #expect(throws: MailError.self) { try MailMessage("just a line".utf8) }
    #expect(throws: MailError.self) { try MailMessage([UInt8]()) }
    let broken = try MailMessage("Subject: x\nContent-Type: multipart/mixed\n\nbody".utf8)
    #expect(broken.text == "body")
    #expect(broken.defects.contains("missing-boundary"))
  }

  @Test("a mail comes back from JSON as it was")
  func coding() throws {
    let mail = try MailMessage(offer.utf8)
    let json = try JSONEncoder().encode(mail)
    #expect(try JSONDecoder().decode(MailMessage.self, from: json) == mail)
  }

  @Test("a mail may be handed to another task")
  func sending() async throws {
    let mail = try MailMessage(offer.utf8)
    let subject = await Task.detached { mail.subject }.value
    #expect(subject == mail.subject)
  }
}
