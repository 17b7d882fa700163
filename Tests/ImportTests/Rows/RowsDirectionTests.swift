import Testing

@testable import Import

/// ES-1 to ES-3, ES-9: direction, activity types, folders.
@Suite struct DirectionRows {
  @Test("ES-1-both-directions: From or Sender of the owner makes a mail outbound")
  func direction() throws {
    let out = try Scene([
      mail(), sent(),
      mail(from: "sl@example.com", to: "ann@client.test"),
      // An assistant writes for them: Sender is the owner.
      mail(
        from: "Boss <boss@example.com>", to: "ann@client.test", more: ["Sender: sam@example.com"]),
      mail(from: "SAM@EXAMPLE.COM", to: "ann@client.test"),
      mail(from: "Kim <kim@free.test>", to: "ann@client.test"),
    ]).run()
    #expect(
      out.decisions.map { $0["direction"].text } == [
        "inbound", "outbound", "outbound", "outbound", "outbound", "inbound",
      ])
    // The last is a colleague's mail to a lead: its counterpart is Kim, who is none.
    #expect(out.reasons.last == "no-lead")
  }

  @Test("ES-1-both-directions: the folder says nothing of the direction")
  func folderIsNoDirection() throws {
    var scene = Scene([mail()])
    scene.sources = #"[{"path":"sam.mbox","owner":"sam","folder":"sent"}]"#
    let out = try scene.run()
    #expect(out.decisions[0]["direction"].text == "inbound")
    #expect(out.reasons == ["matched"])
    #expect(out.activities[0]["source"]["folder"].text == "sent")
  }

  private static let sentFolder = #"[{"path":"sam.mbox","owner":"sam","folder":"sent"}]"#

  @Test("mail in a sent folder under an address that nobody lists was sent by the owner")
  func sentUnderAnotherAddress() throws {
    let other = mail(from: "Sam <sam@old.test>", to: "ann@client.test")
    var scene = Scene([
      other, mail(from: "sam@old.test", to: "Ann <ann@client.test>", subject: "Again"),
      // It came to the owner, by a recipient field or by delivery.
      mail(from: "ann@client.test", to: "sam@example.com"),
      mail(from: "ann@client.test", to: "list@x.test", more: ["Delivered-To: sam@example.com"]),
      mail(from: "ann@client.test", to: "list@x.test", more: ["X-Original-To: <sam@example.com>"]),
      // A colleague's.
      mail(from: "kim@free.test", to: "ann@client.test"),
    ])
    scene.sources = Self.sentFolder
    let out = try scene.run()
    #expect(
      out.decisions.map { $0["direction"].text } == [
        "outbound", "outbound", "inbound", "inbound", "inbound", "inbound",
      ])
    #expect(out.reasons.prefix(2) == ["matched", "matched"])
    let said = out.run["warnings"].texts.filter { $0.contains("sam@old.test") }
    #expect(said.count == 1 && said[0].contains("2 mails") && said[0].contains("sam's aliases"))
    // Elsewhere the folder says nothing.
    scene.sources = #"[{"path":"sam.mbox","owner":"sam","folder":"inbox"}]"#
    #expect(try scene.run().decisions[0]["direction"].text == "inbound")
  }

  @Test("sentAs: inbound leaves it to From, for all mail or for a source; it is told all the same")
  func sentAsInbound() throws {
    let other = mail(from: "Sam <sam@old.test>", to: "ann@client.test")
    var scene = Scene([other], email: #"{"sentAs":"inbound"}"#)
    scene.sources = Self.sentFolder
    let out = try scene.run()
    #expect(out.decisions[0]["direction"].text == "inbound")
    #expect(out.warnings.contains("sam@old.test"))
    var own = Scene([other])
    own.sources = #"[{"path":"sam.mbox","owner":"sam","folder":"sent","sentAs":"inbound"}]"#
    #expect(try own.run().decisions[0]["direction"].text == "inbound")
  }

  @Test("many such addresses in one mailbox are asked about, not listed")
  func sharedMailbox() throws {
    var scene = Scene((0..<6).map { mail(from: "p\($0)@old.test", to: "ann@client.test") })
    scene.sources = Self.sentFolder
    let said = try scene.run().run["warnings"].texts.filter { $0.contains("shared mailbox") }
    #expect(said.count == 1 && said[0].contains("6 addresses"))
  }

  @Test(
    "ES-1-activity-on-lead, ES-3-sent-activity, ES-9-type: types by direction, one activity per lead"
  )
  func types() throws {
    let out = try Scene([mail(), sent(to: "bo@client.test, Ann <ann@client.test>")]).run()
    #expect(
      out.activities.map { $0["type"].text } == ["Email Received", "Email Sent", "Email Sent"])
    #expect(out.filed == ["L1", "L2", "L1"])
    #expect(out.decisions[1]["records"].texts == out.activities[1...].compactMap { $0["key"].text })
    let own = try Scene(
      [mail(), sent()],
      email:
        #"{"outbound":{"activity":{"type":"Mail out"}},"inbound":{"activity":{"type":"Mail in"}}}"#
    ).run()
    #expect(own.activities.map { $0["type"].text } == ["Mail in", "Mail out"])
  }

  @Test(
    "ES-1-activity-on-lead: two addresses of one lead give one activity, the first in header order named"
  )
  func firstInHeaderOrder() throws {
    var scene = Scene([sent(to: "x@else.test", cc: "B2@client.test", bcc: "b1@client.test")])
    scene.files["leads.csv"] = "id,email,contact\nL9,b1@client.test;b2@client.test,\n"
    let out = try scene.run()
    #expect(out.filed == ["L9"])
    #expect(out.activities[0]["lead"]["email"].text == "b2@client.test")
    #expect(out.decisions[0]["matched"].text == "b2@client.test")
  }

  @Test("ES-1-inbox-sent-only: names of folders decide; drafts, spam, trash, chats never come in")
  func foldersByName() throws {
    for (path, wanted) in [
      ("Inbox.mbox", "matched"), ("Sent Items.mbox", "matched"), ("Gesendet.mbox", "matched"),
      ("Archive.mbox", "folder-not-synced"), ("Drafts.mbox", "folder-not-synced"),
      ("Trash.mbox", "folder-not-synced"), ("Spam.mbox", "folder-not-synced"),
      ("Inbox.sbd/Customers", "folder-not-synced"), ("whatever.mbox", "matched"),
    ] {
      var scene = Scene([])
      scene.files["box/" + path] = mbox([mail()])
      scene.sources = #"[{"path":"box","owner":"sam"}]"#
      #expect(try scene.run().reasons == [wanted], "\(path)")
      let never = ["Drafts.mbox", "Trash.mbox", "Spam.mbox"].contains(path)
      scene.email = #"{"folders":["inbox","sent","archive","customers"]}"#
      #expect(try scene.run().reasons == [never ? "folder-not-synced" : "matched"], "\(path)")
    }
  }

  @Test(
    "ES-1-inbox-sent-only: Gmail's labels",
    arguments: [
      ("Inbox,Important,Customers", "matched"), ("Sent,Opened", "matched"),
      ("Archived,Opened", "folder-not-synced"), ("Customers", "folder-not-synced"),
      ("Inbox,Spam", "folder-not-synced"), ("Trash", "folder-not-synced"),
      ("Drafts,Inbox", "folder-not-synced"), ("Chat", "folder-not-synced"),
      ("=?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?=", "matched"),
    ])
  func labels(_ value: String, _ reason: String) throws {
    let out = try Scene([mail(more: ["X-Gmail-Labels: \(value)"])]).run()
    #expect(out.reasons == [reason])
  }

  @Test("ES-1-inbox-sent-only: archive and labels can be let in")
  func archive() throws {
    let mails = ["Archived", "Customers", "Archived,Customers", "Spam"].map {
      mail(more: ["X-Gmail-Labels: \($0)"])
    }
    // Without the Inbox label a mail is archived, whatever labels of the user's own it bears.
    #expect(
      try reasons(mails, email: #"{"folders":["inbox","archive"]}"#) == [
        "matched", "duplicate", "duplicate", "folder-not-synced",
      ])
    #expect(
      try reasons(mails, email: #"{"folders":["inbox","customers"]}"#) == [
        "folder-not-synced", "matched", "duplicate", "folder-not-synced",
      ])
  }

  @Test("the store's own deletion mark is asked after the folder")
  func deleted() throws {
    #expect(
      try reasons([
        mail(more: ["X-Mozilla-Status: 0009"]), mail(more: ["X-Mozilla-Status: 0001"]),
        mail(more: ["X-Mozilla-Status: 0008", "X-Gmail-Labels: Trash"]),
      ]) == ["deleted-in-mailbox", "matched", "folder-not-synced"])
    var scene = Scene([])
    scene.files["Maildir/cur/1.a.host:2,ST"] = mail()
    scene.files["Maildir/cur/2.b.host:2,S"] = mail(subject: "Other")
    scene.files["Maildir/new/.keep"] = ""
    scene.files["Maildir/tmp/.keep"] = ""
    scene.sources = #"[{"path":"Maildir","owner":"sam"}]"#
    #expect(try scene.run().reasons == ["deleted-in-mailbox", "matched"])
  }

  @Test(
    "ES-8-scope, ES-9-inbound, ES-8-switch, ES-9-switch: a direction can be switched off; it captures nothing either"
  )
  func switches() throws {
    let out = try Scene(
      [mail(), sent(to: "new@else.test")],
      email: #"{"outbound":{"enabled":false,"captureLeads":{"enabled":true}}}"#
    ).run()
    #expect(out.reasons == ["matched", "direction-disabled"])
    #expect(out.captured == [])
    #expect(out.warnings.contains("email.outbound.enabled"))
    #expect(
      try reasons([mail(), sent()], email: #"{"inbound":{"enabled":false}}"#) == [
        "direction-disabled", "matched",
      ])
    #expect(try reasons([mail()], email: #"{"enabled":false}"#) == ["sync-disabled"])
  }

  @Test("ES-10.2-kill-switch: everything is dropped, the run is valid and empty")
  func killSwitch() throws {
    let out = try Scene([mail(), sent()], email: #"{"disableForAllUsers":true,"enabled":false}"#)
      .run()
    #expect(out.status == .done)
    #expect(out.reasons == ["sync-disabled-all", "sync-disabled-all"])
    #expect(out.activities.isEmpty && out.leads.isEmpty)
    #expect(out.run["items"]["dropped"].number == 2)
  }
}
