import Bytes
import Testing

@testable import Mail

/// Mail whose text and files lie in a package of their own.
@Suite struct PackedMail {
  // Made with: openssl cms -sign -nodetach -nocerts -noattr -binary.
  private static let signed = """
    MIIBcQYJKoZIhvcNAQcCoIIBYjCCAV4CAQExDTALBglghkgBZQMEAgEwgbgGCSqGSIb3DQEHAaCB
    qgSBp0NvbnRlbnQtVHlwZTogbXVsdGlwYXJ0L21peGVkOyBib3VuZGFyeT1pDQoNCi0taQ0KQ29u
    dGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNClNpZ25lZCB3b3Jkcw0KLS1p
    DQpDb250ZW50LVR5cGU6IGFwcGxpY2F0aW9uL3BkZjsgbmFtZT10LnBkZg0KDQp4DQotLWktLQ0K
    MYGOMIGLAgEBMCQwDDEKMAgGA1UEAwwBdAIUegcFPtiCwpEHuBpvIGX4kX0Z3FgwCwYJYIZIAWUD
    BAIBMAoGCCqGSM49BAMCBEcwRQIgOZDJBn5k9RWVvEH7Ag/JgHESDTgj7r0Jd8sS9Z49wWQCIQCx
    nrMsW4VGZCaw0+iNfhjKA+ExjLqOF88zlRL9Jw2y/g==
    """

  private func mail(_ type: String, _ body: String) -> SeenMail {
    SeenMail(
      "From: a@x.example\nMessage-ID: <1@x>\nSubject: s\nContent-Type: \(type)\n"
        + "Content-Transfer-Encoding: base64\n\n\(body)\n")
  }

  @Test(
    "opaque-signed S/MIME is read like any other mail",
    arguments: ["application/pkcs7-mime", "application/x-pkcs7-mime; smime-type=signed-data"])
  func signed(type: String) {
    let seen = mail(type + "; name=smime.p7m", Self.signed)
    #expect(seen.subject == "s")
    #expect(seen.text == "Signed words")
    #expect(seen.attachments == ["t.pdf|application/pdf|x"])
    #expect(seen.message.isOpened)
    #expect(seen.message.messageID != .empty)
  }

  @Test("its identity is that of the attachment that it was to the first readers")
  func identity() {
    let seen = mail("application/pkcs7-mime; name=smime.p7m", Self.signed)
    seen.reader.decodeBodies()
    let own = SHA256.digest(
      ByteView("1@x\0\0a@x.example\0s\0\0smime.p7m\0application/pkcs7-mime\0"))
    #expect(MailIdentity().digest(seen.message, seen.reader.bodies).hex() == own.hex())
  }

  @Test("what cannot be opened stays an attachment, and no change of a byte traps")
  func damaged() {
    let whole = mail("application/pkcs7-mime", String(Self.signed.prefix(100)))
    #expect(whole.text.isEmpty && whole.attachments.count == 1 && !whole.message.isOpened)
    let der = ByteBuffer()
    _ = Self.signed.withByteView { Base64Decoder.decode($0, into: der) }
    let bytes = der.view.array
    for i in bytes.indices {
      for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[i] = value
        let head = "Subject: s\nContent-Type: application/pkcs7-mime\n\n"
        let seen = SeenMail(bytes: Array(head.utf8) + changed)
        #expect(seen.isMessage)
        _ = seen.text
      }
    }
  }

  @Test("winmail.dat gives its body where the mail has none")
  func outlook() {
    let body = Array("Dear Bo, the offer.\0".utf8)
    var packed: [UInt8] = [0x78, 0x9F, 0x3E, 0x22, 1, 0]
    packed += [1, 0x0C, 0x80, 0x02, 0] + [UInt8(body.count), 0, 0, 0] + body
    let sum = body.reduce(0) { $0 + Int($1) }
    packed += [UInt8(sum & 0xFF), UInt8(sum >> 8 & 0xFF)]
    func seen(_ text: String) -> SeenMail {
      let head =
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\(text)\n"
        + "--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\n"
      return SeenMail(bytes: Array(head.utf8) + packed + Array("\n--b--\n".utf8))
    }
    #expect(seen("\u{A0}").text == "Dear Bo, the offer.")
    #expect(seen("Own words").text == "Own words")
    #expect(seen("").attachments.count == 1)
  }
}
