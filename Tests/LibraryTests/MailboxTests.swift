import Foundation
import Testing
import WinnowMail

@Suite struct MailboxWalks {
  private func folder(_ files: [String: String]) throws -> String {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    for (name, text) in files {
      let url = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return root.path
  }

  private func mail(_ subject: String) -> String {
    "From: a@example.com\nSubject: \(subject)\nDate: Tue, 3 Feb 2026 09:12:44 +0100\n\n\(subject)\n"
  }

  @Test("an mbox is walked from its first mail to its last, in every loop")
  func mbox() throws {
    let line = "From a@example.com Tue Feb  3 09:12:44 2026\n"
    let path = try folder(["in.mbox": line + mail("one") + "\n" + line + mail("two")]) + "/in.mbox"
    let mailbox = try Mailbox(path)
    for _ in 0..<2 {
      let all = Array(mailbox)
      #expect(all.map(\.subject) == ["one", "two"])
      #expect(all.map(\.text) == ["one\n", "two\n"])
      #expect(all.map(\.place?.index) == [0, 1])
      #expect(all.allSatisfy { $0.place?.path == path })
      #expect(mailbox.faults.isEmpty)
    }
  }

  @Test("what is no mail is listed, and the walk goes on")
  func faults() throws {
    let path = try folder(["a.eml": "no header at all\n", "b.eml": mail("two"), "c.eml": "\n"])
    let mailbox = try Mailbox(path + "/*.eml")
    #expect(mailbox.map(\.subject) == ["two"])
    #expect(mailbox.faults.map(\.path) == [path + "/a.eml", path + "/c.eml"])
    #expect("\(mailbox.faults[0])".contains("no header field"))
  }

  @Test("a folder gives the mail of all its files, Maildirs among them")
  func tree() throws {
    let path = try folder([
      "a.eml": mail("eml"), "Maildir/cur/1.host:2,S": mail("maildir"), "Maildir/new/.keep": "",
      "Maildir/tmp/.keep": "", "notes.txt": "not mail",
    ])
    let found = try Mailbox(path).compactMap(\.subject).sorted()
    #expect(found == ["eml", "maildir"])
    for place in try Mailbox(path).compactMap(\.place) {
      #expect(FileManager.default.fileExists(atPath: place.path), "\(place)")
    }
  }

  @Test("one message is read from its file")
  func single() throws {
    let path = try folder(["a.eml": mail("alone")]) + "/a.eml"
    #expect(try MailMessage(contentsOf: path).subject == "alone")
  }

  @Test("a path where nothing is, and one without mail, are errors with the path")
  func nothing() throws {
    let path = try folder(["a.ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
    for wrong in ["/nowhere/at/all.mbox", path] {
      let error = #expect(throws: MailError.self) { try Mailbox(wrong) }
      #expect(error?.description.hasPrefix(wrong) == true)
    }
  }
}
