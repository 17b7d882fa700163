import Bytes
import TestSupport
import Testing

@testable import Mailboxes

private func labels(_ text: String) -> GmailLabels {
  text.withByteView { GmailLabels.parse(decoded: $0) }
}

@Suite struct FolderTests {
  @Test(arguments: [
    ("Inbox", FolderRole.inbox), ("INBOX", .inbox), ("Posteingang", .inbox),
    ("Boîte de réception", .inbox), ("Bandeja de entrada", .inbox), ("受信トレイ", .inbox),
    ("收件箱", .inbox), ("收件匣", .inbox), ("받은편지함", .inbox), ("Входящие", .inbox),
    ("Вхідні", .inbox), ("Εισερχόμενα", .inbox), ("Gelen Kutusu", .inbox), ("דואר נכנס", .inbox),
    ("البريد الوارد", .inbox), ("Skrzynka odbiorcza", .inbox), ("Doručená pošta", .inbox),
    ("Beérkezett üzenetek", .inbox), ("Inkorgen", .inbox), ("Safata d’entrada", .inbox),
    ("Sent", .sent), ("Sent Items", .sent), ("Sent-Mail", .sent), ("Sent Messages", .sent),
    ("Gesendete Elemente", .sent), ("Messages envoyés", .sent), ("Enviados", .sent),
    ("Posta inviata", .sent), ("Itens Enviados", .sent), ("Verzonden items", .sent),
    ("Skickat", .sent), ("Sendt", .sent), ("Lähetetyt", .sent), ("Отправленные", .sent),
    ("Надіслані", .sent), ("已发送邮件", .sent), ("寄件備份", .sent), ("보낸편지함", .sent),
    ("送信済みメール", .sent), ("Wysłane", .sent), ("Odeslaná pošta", .sent),
    ("Elküldött elemek", .sent), ("Elemente trimise", .sent), ("Gönderilmiş Öğeler", .sent),
    ("Entwürfe", .drafts), ("Brouillons", .drafts), ("Utkast", .drafts), ("下書き", .drafts),
    ("Papierkorb", .trash), ("Deleted Items", .trash), ("Corbeille", .trash), ("Корзина", .trash),
    ("Junk E-mail", .spam), ("Spamverdacht", .spam), ("Skräppost", .spam), ("垃圾邮件", .spam),
    ("Archive", .archive), ("Archiv", .archive), ("Chats", .chats), ("Postausgang", .outbox),
    ("All mail Including Spam and Trash", .all), ("Alle Nachrichten", .all),
    ("Entwu\u{308}rfe", .drafts), ("SENT\u{A0}ITEMS", .sent),
  ])
  func standardFoldersAreKnownInManyLanguages(name: String, role: FolderRole) {
    #expect(FolderRole.named(name) == role)
  }

  static let inManyLanguages: [(name: String, role: FolderRole)] = [
    ("Odesláno", .sent), ("Archivováno", .archive), ("Archivés", .archive),
    ("Messages archivés", .archive), ("Archivados", .archive), ("Arkiverade", .archive),
    ("В архиве", .archive), ("В архіві", .archive), ("Arşivlendi", .archive), ("보관처리됨", .archive),
    ("Inkassie", .inbox), ("ገቢ መልዕክት", .inbox), ("علبة الوارد", .inbox), ("Gələnlər", .inbox),
    ("Атрыманыя", .inbox), ("Входяща папка", .inbox), ("ইনবক্স", .inbox),
    ("Blwch Derbyn", .inbox), ("Saabuvad", .inbox), ("Sarrera-ontzia", .inbox),
    ("صندوق دریافت", .inbox), ("Bosca isteach", .inbox), ("Bandexa de entrada", .inbox),
    ("ઇનબૉક્સ", .inbox), ("תיבת דואר נכנס", .inbox), ("इनबॉक्स", .inbox),
    ("Dolazna pošta", .inbox), ("Ներտուփ", .inbox), ("Primljena pošta", .inbox),
    ("შემოსულები", .inbox), ("Кіріс", .inbox), ("ប្រអប់សារចូល", .inbox), ("ಇನ್ಬಾಕ್ಸ್", .inbox),
    ("ອິນບັອກ", .inbox), ("Gauti laiškai", .inbox), ("Ienākošās", .inbox), ("Примено", .inbox),
    ("ഇന്‍ബോക്സ്", .inbox), ("Ирэх хайрцаг", .inbox), ("ဝင်စာ", .inbox),
    ("प्राप्ति मञ्जूषा", .inbox), ("එන ලිපි", .inbox), ("Të marrë", .inbox),
    ("Пријемно поштанско сандуче", .inbox), ("Kikasha", .inbox), ("இன்பாக்ஸ்", .inbox),
    ("ఇన్‌బాక్స్", .inbox), ("กล่องจดหมายเข้า", .inbox), ("ان باکس", .inbox),
    ("Kirish xatlari", .inbox), ("Ibhokisi lemiyalezo engenayo", .inbox),
    ("Gestuurde Items", .sent), ("Göndərilmişlər", .sent), ("Anfonwyd", .sent),
    ("Saadetud üksused", .sent), ("موارد ارسال شده", .sent), ("Ipinadala", .sent),
    ("Seolta", .sent), ("મોકલેલ આઇટમ્સ", .sent), ("भेजे गए आइटम", .sent), ("Ուղարկված", .sent),
    ("გაგზავნილი", .sent), ("Жіберілген элементтер", .sent), ("ಕಳುಹಿಸಿದ ಐಟಂಗಳು", .sent),
    ("ສົ່ງແລ້ວ", .sent), ("Испратени", .sent), ("അയച്ച ഇനങ്ങള്", .sent), ("Илгээсэн", .sent),
    ("पाठवलेले", .sent), ("Item Hantar", .sent), ("ပို့ပြီး", .sent), ("Të dërguar", .sent),
    ("Poslate stavke", .sent), ("Zilizotumwa", .sent), ("அனுப்பியவை", .sent),
    ("పంపిన అంశాలు", .sent), ("بھیجی گئی آئٹمز", .sent), ("Mục đã Gửi", .sent),
    ("Thunyelwe", .sent), ("Sende element", .sent), ("已发送项目", .sent), ("Esbozos", .drafts),
    ("Rasimu", .drafts), ("Okungaphelele", .drafts), ("Úthólf", .outbox),
    ("Irteerako ontzia", .outbox), ("İstenmeyen", .spam), ("Neželena e-pošta", .spam),
    ("Basurahan", .trash), ("Tong Sampah", .trash), ("Udoti", .trash), ("Сва пошта", .all),
    ("Semua mel", .all),
  ]

  @Test(arguments: inManyLanguages)
  func standardFoldersAreKnownInTheLanguagesOfGmailAndOutlook(c: (name: String, role: FolderRole)) {
    #expect(FolderRole.named(c.name) == c.role)
  }

  @Test(arguments: ["Outgoing", "Giden", "דואר יוצא", "البريد الصادر", "Mail", "กล่องขาออก"])
  func namesOnWhichProgramsDisagreeAreFoldersOfTheUsersOwn(name: String) {
    #expect(FolderRole.named(name) == nil)
  }

  @Test func noMarkOfGmailsIsAFolder() {
    for mark in ByteView(FolderNames.marks).string.split(separator: "|") {
      #expect(FolderRole.named(String(mark)) == nil, "\(mark)")
    }
  }

  @Test func everyNameOfTheTableHasOneRole() {
    var seen: [String: Substring] = [:]
    var doubles: [String] = []
    for line in ByteView(FolderNames.folders).string.split(separator: "\n") {
      let names = line.split(separator: "|")
      for name in names.dropFirst() {
        let key = FolderRole.normalized(String(name))
        if let other = seen[key], other != names[0] {
          doubles.append("\(name): \(other), \(names[0])")
        }
        seen[key] = names[0]
      }
    }
    #expect(doubles == [])
    #expect(seen.count > 1_600)
  }

  @Test func plainNamesAreFoundByTheirBytesAsInTheTable() {
    var plain = 0
    for (name, role) in FolderRole.table where name.utf8.allSatisfy({ $0 < 0x80 }) {
      #expect(FolderRole.find(ascii: name) == role, "\(name)")
      plain += 1
    }
    #expect(plain > 300)
    for name in ["", "|", "inbox|in", "nbox", "inbo", "Inbox", "inbox\nsent", "sent mai", " "] {
      #expect(FolderRole.find(ascii: name) == FolderRole.table[name], "\(name)")
    }
  }

  @Test(arguments: [
    (["Inbox", "Customers"], FolderRole.other("Customers")), (["Inbox", "Sent"], .other("Sent")),
    (["INBOX", "Sent"], .sent), (["INBOX"], .inbox), (["[Gmail]", "Sent Mail"], .sent),
    (["[Google Mail]", "Gesendet"], .sent), (["Trash", "Old"], .trash), (["Work"], .other("Work")),
    (["Work", "Sent"], .other("Sent")), (["Archives", "2024"], .other("2024")),
  ])
  func onlyTopLevelNamesHaveARole(path: [String], role: FolderRole) {
    #expect(FolderRole.of(path: path) == role)
  }

  @Test(arguments: [
    ("exports/sam", "Sent.mbox", FolderRole.sent), ("exports/sam", "INBOX.Sent", .sent),
    ("exports/sam", "[Gmail].sbd/Sent Mail", .sent), ("x", "INBOX.sbd/Sent", .sent),
    ("x", "Inbox.sbd/Sent", .other("Sent")), ("x", "Sent/2024.mbox", .sent),
    ("x", "Inbox/Customers.mbox", .other("Customers")),
    ("x", "team/Customers.mbox", .other("Customers")),
    ("x", "Takeout/Mail/All mail Including Spam and Trash.mbox", .all),
    ("x", "Takeout/Mail/Gesendet-001.mbox", .other("Gesendet-001")), ("x", "Inbox.mbox.gz", .inbox),
    ("x", "[Gmail] Sent Mail.mbox", .sent), ("exports/Sent", "mbox", .sent),
  ])
  func aFilesPlaceGivesItsFolder(root: String, relative: String, role: FolderRole) {
    let names = relative.split(separator: "/").map { Array($0.utf8) }
    let folder = MailFolder.place(root: Array(root.utf8), relative: names, kind: .mbox)
    #expect(folder.role == role)
  }

  @Test func imapNamesAreDecoded() {
    #expect(ModifiedUTF7.decode(Array("Entw&APw-rfe".utf8)) == "Entwürfe")
    #expect(ModifiedUTF7.decode(Array("&U,BTFw-/&ZeVnLIqe-".utf8)) == "台北/日本語")
    #expect(ModifiedUTF7.decode(Array("A&-B".utf8)) == "A&B")
    #expect(ModifiedUTF7.decode(Array("R&D".utf8)) == "R&D")
    #expect(ModifiedUTF7.decode(Array("Tom & Ann-Marie".utf8)) == "Tom & Ann-Marie")
    #expect(ModifiedUTF7.decode(Array("Sales &ABE".utf8)) == "Sales &ABE", "no hyphen, no shift")
  }

  @Test func labelsWithCommasAreQuoted() {
    let l = labels("Inbox,\"a,b\",\"say \"\"hi\"\"\", Work/Customers ,,Unread")
    #expect(l.labels == ["Inbox", "a,b", "say \"hi\"", "Work/Customers", "Unread"])
    #expect(l.roles == [.inbox, .other("a,b"), .other("say \"hi\""), .other("Work/Customers")])
    #expect(labels("\"unclosed, here").labels == ["unclosed, here"])
    #expect(labels("").labels == [])
    #expect(labels(String(repeating: "x,", count: 5000)).labels.count == 1000)
  }

  @Test(arguments: [
    ("Inbox,Important,Opened,Category Personal", FolderRole.inbox),
    ("Boîte de réception,Ouvert", .inbox), ("Messages envoyés,Ouvert", .sent),
    ("Posteingang,Ungelesen,Kategorie: Werbung", .inbox), ("Gesendet", .sent),
    ("Inbox,Sent", .sent), ("Sent,Trash", .trash), ("Spam,Unread", .spam), ("Drafts", .drafts),
    ("Draft", .drafts), ("Chat", .chats), ("Archived,Opened", .archive),
    ("Unread,Starred", .archive),
    ("Catégorie\u{A0}: Promotions,Non lus,Customers", .other("Customers")),
    ("Recibidos,No leídos", .inbox), ("受信トレイ,未読", .inbox), ("Odesláno", .sent),
    ("Archivováno,Otevřené", .archive), ("Archivés,Envoyé", .sent),
    ("Otworzone,Zarchiwizowane", .archive), ("보관처리됨,열림,중요편지함,카테고리 프로모션", .archive),
    ("Arşivlendi,Açıldı", .archive), ("Thunyelwe,Okunenkanyezi", .sent),
  ])
  func labelsGiveTheFolder(text: String, role: FolderRole) {
    #expect(labels(text).folder == role)
  }
}
