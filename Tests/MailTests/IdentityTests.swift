import Bytes
import Testing

@testable import Mail

private let mail = """
  Message-ID: <1@x.example>
  Date: Tue, 3 Mar 2026 10:15:00 +0100
  From: Ann <Ann@Client.example>
  To: bob@corp.example
  Subject: One two
  Content-Type: multipart/mixed; boundary=b

  --b

  Hello
  World
  --b
  Content-Type: application/pdf; name=a.pdf

  pdf
  --b--

  """

@Suite struct MailIdentities {
  private func changed(_ old: String, _ new: String) -> String {
    SeenMail(mail.replacing(old, with: new)).identity
  }

  @Test func lineEndsMakeNoDifference() {
    #expect(SeenMail(mail, lineEnd: "\r\n").identity == SeenMail(mail).identity)
    #expect(SeenMail(mail, lineEnd: "\r").identity == SeenMail(mail).identity)
  }

  static let same: [(String, String)] = [
    // transport and mailbox leave their marks
    (
      "Message-ID:",
      "Received: by mx; Tue, 3 Mar 2026 10:15:03 +0100\nDelivered-To: bob@corp.example\nMessage-ID:"
    ),
    ("Message-ID:", "X-Gmail-Labels: Inbox\nX-Mozilla-Status: 0001\nMessage-ID:"),
    ("To: bob", "Bcc: eve@corp.example\nTo: bob"),
    // the same instant, the same address, the same words
    ("10:15:00 +0100", "09:15:00 +0000"),
    ("Ann@Client.example", "ann@client.EXAMPLE"),
    ("Subject: One two", "Subject: One\n two"),
    ("Subject: One two", "Subject: =?utf-8?Q?One_two?="),
    // white space at line ends and at the end gets lost on the way
    ("Hello\n", "Hello \t\n"), ("World\n", "World\n\n \n"),
    // the same text in another encoding
    ("--b\n\nHello", "--b\nContent-Transfer-Encoding: quoted-printable\n\nHel=6Co"),
    // the boundary is chosen anew when a mail is stored
    ("b\n\n--b\n\nHello", "b\n\npreamble\n--b\n\nHello"),
  ]

  @Test(arguments: same)
  func copiesAreTheSameMail(change: (String, String)) {
    #expect(mail.contains(change.0))
    #expect(changed(change.0, change.1) == SeenMail(mail).identity)
  }

  static let different: [(String, String)] = [
    ("<1@x.example>", "<2@x.example>"), ("Message-ID: <1@x.example>\n", ""),
    ("10:15:00", "10:15:01"), ("Date: Tue, 3 Mar 2026 10:15:00 +0100\n", ""),
    ("Ann@Client", "Anna@Client"), ("One two", "One Two"), ("Hello", "Hallo"),
    ("Hello\n", "Hello\n\n"),
    ("a.pdf", "b.pdf"), ("application/pdf", "application/zip"),
    ("--b\n\nHello", "--b\nContent-Type: text/html\n\n<p>Hello"),
    // nothing slides from one group to the next
    ("World\n--b\n", "World\n--b\n\n\n--b\n"),
  ]

  @Test(arguments: different)
  func otherContentIsAnotherMail(change: (String, String)) {
    #expect(mail.contains(change.0))
    #expect(changed(change.0, change.1) != SeenMail(mail).identity)
  }

  @Test func longTextsAreHashedAsOne() {
    // Around the length up to which the text is put together, in lines that lose a blank each.
    for length in [100, 16_300, 16_384, 16_500, 40_000] {
      let line = String(repeating: "x", count: 97)
      let lines = Array(repeating: line, count: length / 98)
      let text = "Message-ID: <1@x.example>\nFrom: Ann@x.example\nSubject: S\n\n"
      let seen = SeenMail(text + lines.joined(separator: " \n") + "\n")
      let hashed = "1@x.example\0\0ann@x.example\0S\0" + lines.joined(separator: "\n") + "\0\0"
      #expect(seen.identity == Array(hashed.utf8).withByteView { SHA256.digest($0).hex() })
    }
  }

  @Test func oneObjectGivesTheSameDigestAgain() {
    let seen = SeenMail(mail)
    let identity = MailIdentity()
    seen.reader.decodeBodies()
    let first = identity.digest(seen.message, seen.reader.bodies)
    #expect(identity.digest(seen.message, seen.reader.bodies) == first)
  }
}
