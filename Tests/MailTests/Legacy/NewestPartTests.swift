import Bytes
import Glibc
import TestSupport
import Testing

@testable import Mail

private func newest(_ text: String) -> (whole: String, plain: String) {
  text.withByteView { v in
    let found = NewestPart.find(in: v)
    return (v[found.range].string, v[found.withoutSignature].string)
  }
}

@Suite struct NewestPartOfAReply {
  @Test(arguments: [
    "On Tue, Mar 3, 2026 at 10:15 AM Ann Lee <ann@client.example> wrote:",
    "On Tue, Mar 3, 2026 at 10:15 AM Ann Lee <\nann@client.example> wrote:",
    "Am Di., 3. März 2026 um 10:15 Uhr schrieb Ann Lee <ann@client.example>:",
    "Ann Lee <ann@client.example> schrieb am Di., 3. März 2026,\n10:15:",
    "Le mar. 3 mars 2026 à 10:15, Ann Lee <ann@client.example> a écrit\u{A0}:",
    "El mar, 3 mar 2026 a las 10:15, Ann Lee (<ann@client.example>) escribió:",
    "Il giorno mar 3 mar 2026 alle ore 10:15 Ann Lee <ann@client.example> ha scritto:",
    "Em ter., 3 de mar. de 2026 às 10:15, Ann Lee <ann@client.example> escreveu:",
    "Op di 3 mrt 2026 om 10:15 schreef Ann Lee <ann@client.example>:",
    "Den tis 3 mars 2026 kl 10:15 skrev Ann Lee <ann@client.example>:",
    "Den 3. mar. 2026 kl. 10.15 skrev Ann Lee <ann@client.example>:",
    "ti 3. maalisk. 2026 klo 10.15 Ann Lee (ann@client.example) kirjoitti:",
    "wt., 3 mar 2026 o 10:15 Ann Lee <ann@client.example> napisał(a):",
    "вт, 3 мар. 2026 г. в 10:15, Ann Lee <ann@client.example> написал:",
    "2026年3月3日(火) 10:15 Ann Lee <ann@client.example>のメール:",
    "在 2026年3月3日，10:15，Ann Lee <ann@client.example> 写道：",
    "2026-03-03 10:15 GMT+01:00 Ann Lee <ann@client.example>:",
    "-----Original Message-----\nFrom: Ann",
    "-----Ursprüngliche Nachricht-----\nVon: Ann",
    "-------- Message original --------\nDe : Ann",
    "________________________________\nFrom: Ann Lee <ann@client.example>\n"
      + "Sent: Tuesday, 3 March 2026 10:15\nTo: Bob\nSubject: Offer",
    "*From:* Ann Lee\n*Sent:* 2026-03-03\n*To:* Bob\n*Subject:* Offer",
    "Von: Ann Lee\nGesendet: Dienstag, 3. März 2026\nAn: Bob\nBetreff: Angebot",
    "Från: Ann Lee\nSkickat: den 3 mars 2026\nTill: Bob\nÄmne: Offert",
    "De : Ann Lee\nEnvoyé : mardi 3 mars 2026\nÀ : Bob\nObjet : Offre",
    "Da: Ann Lee\nInviato: martedì 3 marzo 2026\nA: Bob\nOggetto: Offerta",
    "От: Ann Lee\nОтправлено: 3 марта\nКому: Bob\nТема: Offer",
    "差出人: Ann Lee\n送信日時: 2026年3月3日\n宛先: Bob\n件名: Offer",
    "---------- Forwarded message ---------\nFrom: Ann",
    "Begin forwarded message:\n\nFrom: Ann",
  ])
  func endsWhereHistoryIsAnnounced(_ announcement: String) {
    #expect(newest("Yes, please.\n\n" + announcement + "\n\nOld text\n").whole == "Yes, please.")
  }

  @Test func quotedLinesToTheEndAreHistory() {
    #expect(newest("Yes.\n\n> old\n>> older\n>\n").whole == "Yes.")
    #expect(newest("Yes.\n\n> old\n-- \nBob\n").whole == "Yes.")
  }

  @Test func aReplyBelowTheQuoteIsFound() {
    let text = "On 3 March 2026, Ann <a@b.example> wrote:\n> old\n> older\n\nMy answer\n-- \nBob\n"
    #expect(newest(text).whole == "My answer\n-- \nBob")
    #expect(newest(text).plain == "My answer")
  }

  @Test func repliesBetweenQuotedLinesAreKeptWhole() {
    let text = "Hi\nOn 3 March 2026, Ann <a@b.example> wrote:\n> one?\nyes\n> two?\nno"
    #expect(newest(text).whole == text)
  }

  @Test func aForwardWithoutCommentIsItsOwnNewestPart() {
    let text = "---------- Forwarded message ---------\nFrom: Ann\n\nThe offer"
    #expect(newest(text).whole == text)
  }

  @Test func nothingButHistoryIsEmpty() {
    #expect(newest("On 3 March 2026, Ann <a@b.example> wrote:\n> old\n").whole.isEmpty)
  }

  @Test func proseIsNotTakenForHistory() {
    for text in [
      "On this day\n\nI wrote something\n\nwhich was very interesting.",
      "Please note:\nwe meet at 10:15",
      "From: the desk of Bob\nno header here",
      "Total ---------- 5",
      "He wrote:\n\nnothing",
    ] {
      #expect(newest(text).whole == text)
    }
  }

  @Test func signaturesAreToldApart() {
    #expect(newest("Hi\n-- \nBob\nSales").plain == "Hi")
    #expect(newest("Hi\n\nSent from my iPhone\n").plain == "Hi")
    #expect(newest("Hi\n\nSkickat från min iPhone\n").plain == "Hi")
    #expect(newest("Hi\n\nSent from my iPhone\n").whole == "Hi\n\nSent from my iPhone")
  }

  @Test func emptyTextIsEmpty() {
    for text in ["", "\n", "\n\n \n", ">", "--"] {
      #expect(newest(text).plain.isEmpty || text == ">")
    }
  }

  @Test(
    .slow,
    arguments: [
      "wrote:\n", "From: a\n", "On 3 March 2026\n", "> \n", "a@b 10:15 x\n", ":", "\n",
    ])
  func takesLinearTime(_ piece: String) {
    expectLinear(
      37_500, make: { String(repeating: piece, count: $0 / piece.utf8.count) }
    ) { _ = newest($0) }
  }

  @Test(.needsShared) func agreesWithTheReplyTrimmerCorpus() throws {
    let shared = try #require(SharedFolder.path)
    let root = shared + "/corpus/mail/discourse-email_reply_trimmer/test/"
    var agreed = 0
    let names = LegacyFiles.names(root + "emails")
    for name in names {
      let text = LegacyFiles.read(root + "emails/" + name).filter { $0 != 13 }
      let expected = LegacyFiles.read(root + "trimmed/" + name).withByteView { $0.trimmed().array }
      let got = text.withByteView { v in v[NewestPart.find(in: v).withoutSignature].trimmed().array
      }
      if got == expected { agreed += 1 }
    }
    print("newest part: \(agreed) of \(names.count) agree")
    #expect(names.isEmpty || agreed >= 56)
  }
}

/// Files of the shared folder.
enum LegacyFiles {
  static func names(_ folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 2 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }
}
