import Bytes
import Mail
import Testing

/// The worked example of Sources/Mail/Mail.docc, so that it stays true.
struct MailGuideTests {
  @Test func theGuidesExampleReadsAMessage() {
    let source = """
      From: "Weiß, Klara" <klara@hofgut.example>
      Subject: =?utf-8?q?Angebot_f=C3=BCr_das_Dach?=
      Date: Tue, 3 Feb 2026 09:12:44 +0100

      Guten Tag
      """
    var told: [String] = []
    let reader = MessageReader()
    Array(source.utf8).withByteView { bytes in
      guard reader.read(bytes) else { return }
      let message = reader.message
      if let from = message.from, let sender = message.addresses[from].first {
        told.append(message.text[sender.name].string)
        told.append(message.text[sender.address].string)
      }
      if let subject = message.subject { told.append(message.text[subject].string) }
      told.append(reader.readableText().string)
      for part in reader.attachmentParts() {
        reader.withAttachment(part) { told.append("\($0.sha256.hex()) \($0.bytes.count)") }
      }
      told.append("\(MailIdentity().digest(message, reader.bodies).hex().utf8.count)")
    }
    #expect(
      told == ["Weiß, Klara", "klara@hofgut.example", "Angebot für das Dach", "Guten Tag", "64"])
  }
}
