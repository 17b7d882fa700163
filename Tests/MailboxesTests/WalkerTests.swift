import Bytes
import Glibc
import TestSupport
import Testing

@testable import Mailboxes

private let first = "From ann@client.example Tue Mar  3 10:15:00 2026\n"

func walk(_ paths: String...) -> SourceList { SourceWalker.walk(paths.map { Array($0.utf8) }) }

/// `kind path` of each source, relative to the tree.
private func lines(_ list: SourceList, _ tree: TemporaryTree) -> [String] {
  list.sources.map { s in
    let path = String(decoding: s.path, as: UTF8.self)
    return "\(s.kind.rawValue) \(path.dropFirst(tree.path.count + 1))"
  }
}

@Suite struct WalkerTests {
  @Test func kindsAreToldByNameAndContent() {
    let t = TemporaryTree()
    t.write("a.mbox", first + mail(1))
    t.write("b", first + mail(1))
    t.write("c.eml", mail(1))
    t.write("d", mail(1))
    t.write("e.ics", "BEGIN:VCALENDAR\n")
    t.write("f.json", "{}")
    t.write("g.txt", "nothing\n")
    t.write("h.mbox.gz", gzip(Array((first + mail(1)).utf8)))
    t.write("i.emlx", "3\nabc")
    t.write("j.partial.emlx", "3\nabc")
    t.write("k.msf", "// index")
    t.write("L.EML", mail(1))
    let list = walk(t.path)
    #expect(
      lines(list, t) == [
        "eml L.EML", "mbox a.mbox", "mbox b", "eml c.eml", "eml d", "calendar e.ics",
        "calendar f.json", "other g.txt", "mbox h.mbox.gz", "emlx i.emlx", "emlx j.partial.emlx",
      ])
    #expect(list.sources.filter(\.isGzip).count == 1)
    #expect(list.sources.filter(\.isPartial).count == 1)
    #expect(list.storeFiles == 1)
    #expect(list.sources.allSatisfy { !$0.isNamed })
  }

  @Test func calendarsAreToldByEveryEndingInUseAndByTheirFirstBytes() {
    let t = TemporaryTree()
    for ending in ["ics", "ical", "ifb", "xcal", "xcs", "jcal", "JCS"] {
      t.write("a." + ending, "anything\n")
    }
    t.write("b", "\u{FEFF}begin:vcalendar\r\n")
    t.write("c.txt", "[\n  \"vcalendar\", [], []]\n")
    t.write("d.txt", "[\"vcard\", []]\n")
    t.write("e.txt", "<icalendar xmlns=\"urn:ietf:params:xml:ns:icalendar-2.0\"/>\n")
    let others = walk(t.path).sources.filter { $0.kind != .calendar }
    #expect(walk(t.path).sources.count == 11)
    #expect(
      others.map { String(decoding: $0.path, as: UTF8.self).suffix(5) } == ["d.txt", "e.txt"])
  }

  @Test func thunderbirdTreesAreWalkedInByteOrder() {
    let t = TemporaryTree()
    for name in ["Mail/Inbox", "Mail/Inbox.sbd/Kunden", "Mail/Sent", "Mail/Archives.sbd/2024"] {
      t.write(name, first + mail(1))
      t.write(name + ".msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->")
    }
    let list = walk(t.path + "/Mail")
    #expect(
      lines(list, t) == [
        "mbox Mail/Archives.sbd/2024", "mbox Mail/Inbox", "mbox Mail/Inbox.sbd/Kunden",
        "mbox Mail/Sent",
      ])
    #expect(list.sources.map(\.folder.role) == [.other("2024"), .inbox, .other("Kunden"), .sent])
    #expect(list.sources[2].folder.path == ["Inbox", "Kunden"])
    #expect(list.storeFiles == 4)
  }

  @Test func maildirsAndTheirSubfoldersAreOneSourceEach() {
    let t = TemporaryTree()
    t.write("Maildir/cur/1.a:2,S", mail(1))
    t.write("Maildir/new/2.a", mail(2))
    t.write("Maildir/tmp/3.a", "partial")
    t.write("Maildir/dovecot-uidlist", "x")
    t.write("Maildir/.Sent.2024/cur/4.a:2,", mail(4))
    t.write("Maildir/.Entw&APw-rfe/cur/5.a:2,D", mail(5))
    let list = walk(t.path + "/Maildir")
    #expect(
      lines(list, t) == [
        "maildir Maildir/.Entw&APw-rfe", "maildir Maildir/.Sent.2024", "maildir Maildir",
      ])
    // By the paths of their messages: `.Sent.2024/cur/…` comes before `cur/…`.
    #expect(list.sources.map(\.folder.role) == [.drafts, .other("2024"), .inbox])
  }

  @Test func appleMailFoldersTakeTheirDirectorysName() {
    let t = TemporaryTree()
    t.write("Gesendet.mbox/mbox", first + mail(1))
    t.write("Gesendet.mbox/table_of_contents", "x")
    t.write("V10/Sent Messages.mbox/0A/Data/Messages/1.emlx", "3\nabc")
    let list = walk(t.path)
    #expect(
      lines(list, t) == [
        "mbox Gesendet.mbox/mbox", "emlx V10/Sent Messages.mbox/0A/Data/Messages/1.emlx",
      ])
    #expect(list.sources.map(\.folder.role) == [.sent, .sent])
  }

  @Test func readpstTreesAndFoldersOfMessagesTakeTheirDirectorysName() {
    let t = TemporaryTree()
    t.write("Outlook/Inbox/mbox", first + mail(1))
    t.write("Outlook/Inbox/Kunden/mbox", first + mail(1))
    t.write("Outlook/Sent Items/1.eml", mail(1))
    let list = walk(t.path + "/Outlook")
    #expect(list.sources.map(\.folder.role) == [.other("Kunden"), .inbox, .sent])
    // Named directly, the directory around a message still says where it was.
    #expect(walk(t.path + "/Outlook/Sent Items/1.eml").sources.first?.folder.role == .sent)
  }

  @Test func patternsMatchNamesAndDirectories() {
    let t = TemporaryTree()
    for name in ["a/1.mbox", "a/2.mbox", "a/b/3.mbox", "c/4.eml", ".hidden/5.mbox"] {
      t.write(name, first + mail(1))
    }
    #expect(lines(walk(t.path + "/a/*.mbox"), t) == ["mbox a/1.mbox", "mbox a/2.mbox"])
    #expect(
      lines(walk(t.path + "/**/*.mbox"), t) == [
        "mbox a/1.mbox", "mbox a/2.mbox", "mbox a/b/3.mbox",
      ]
    )
    #expect(lines(walk(t.path + "/?/?.eml"), t) == ["eml c/4.eml"])
    #expect(lines(walk(t.path + "/a/**"), t).count == 3)
    #expect(walk(t.path + "/*.none").missing.first?.kind == .noMatch)
    #expect(walk(t.path + "/none").missing.first?.errno == ENOENT)
    #expect(walk(t.path + "/a/*.mbox").sources.filter(\.isNamed).count == 2)
    // One file under two paths is one source.
    #expect(walk(t.path + "/a/1.mbox", t.path + "/a/*.mbox").sources.count == 2)
  }

  @Test(arguments: [
    ("*", "abc", true), ("a*c", "abbc", true), ("a*c", "abbd", false), ("a?c", "abc", true),
    ("?", "", false), ("**x*", "aaax", true), ("*", ".a", false), (".*", ".a", true),
    ("", "", true),
  ])
  func wildcardsMatch(pattern: String, name: String, expected: Bool) {
    #expect(PathPattern.matches(Array(pattern.utf8), Array(name.utf8)) == expected)
  }

  @Test func manyStarsStayLinear() {
    let pattern = Array(String(repeating: "a*", count: 200).utf8) + [98]
    #expect(!PathPattern.matches(pattern, [UInt8](repeating: 97, count: 100_000)))
  }

  @Test func hostileEntriesAreLeftAloneAndNamed() {
    let t = TemporaryTree()
    t.write("good.eml", mail(1))
    t.write(Array("name_".utf8) + [0xFF, 0xFE] + Array(".eml".utf8), Array(mail(2).utf8))
    t.write("new\nline.eml", mail(3))
    t.write(String(repeating: "x", count: 251) + ".eml", mail(4))
    t.makeDirectory("dir_named.eml")
    symlink("/etc/passwd", t.path + "/link_passwd.eml")
    symlink(".", t.path + "/loop")
    symlink("/nonexistent", t.path + "/dangling.eml")
    mkfifo(t.path + "/fifo.eml", 0o644)
    let list = walk(t.path)
    #expect(list.sources.count == 4)
    #expect(list.problems.filter { $0.kind == .symbolicLink }.count == 3)
    #expect(list.problems.filter { $0.kind == .notRegularFile }.count == 1)
    var messages = 0
    for s in list.sources {
      let source = MessageSource(s)
      while let batch = source.next() { messages += batch.entries.count }
      #expect(source.summary.error == nil)
    }
    #expect(messages == 4)
    // Named by the user a link is followed, a FIFO is an error.
    symlink("good.eml", t.path + "/link.eml")
    #expect(walk(t.path + "/link.eml").sources.count == 1)
    #expect(walk(t.path + "/fifo.eml").missing.first?.kind == .notRegularFile)
    #expect(SourceWalker.walk([[97, 0, 98]]).missing.first?.kind == .badPath)
  }

  @Test func directoriesNestNoDeeperThanTheLimit() {
    let t = TemporaryTree()
    t.makeDirectory(Array(repeating: "d", count: 80).joined(separator: "/"))
    #expect(walk(t.path).problems.map(\.kind) == [.tooDeep])
  }
}
