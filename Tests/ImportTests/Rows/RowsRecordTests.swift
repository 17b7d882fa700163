import Foundation
import Testing

@testable import Import

/// ES-8.3: what records carry; privacy; repeatability.
@Suite struct RecordRows {
  private static let pdf = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

  private func attached(_ parts: [(name: String, type: String, body: String)]) -> String {
    let list = parts.map { p in
      "--b\nContent-Type: \(p.type)\nContent-Disposition: attachment; filename=\"\(p.name)\"\n"
        + "Content-Transfer-Encoding: base64\n\n\(Data(p.body.utf8).base64EncodedString())\n"
    }
    return mail(
      id: "a@x", more: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
      body: "--b\n\nSee files.\n" + list.joined() + "--b--")
  }

  @Test(
    "ES-8.3-type, -cc, -bcc, -subject, -body: From and To always, the rest as captured, else no key"
  )
  func capture() throws {
    let m = sent(to: "Ann <ann@client.test>", cc: "c@else.test", bcc: "d@else.test", subject: "S")
    let all = [("cc", "cc"), ("bcc", "bcc"), ("subject", "subject"), ("body", "bodyText")]
    for (word, key) in all {
      let out = try Scene(
        [m], email: #"{"outbound":{"activity":{"capture":["\#(word)"]}}}"#
      ).run()
      let a = out.activities[0]
      #expect(a["from"]["email"].text == "sam@example.com" && a["to"].list.count == 1)
      for (_, other) in all + [("attachments", "attachments")] {
        #expect(a.has(other) == (other == key), "\(other) with capture \(word)")
      }
    }
    let none = try Scene([m], email: #"{"outbound":{"activity":{"capture":[]}}}"#).run()
    #expect(none.activities[0].keys.contains("subject") == false)
    let usual = try Scene([m]).run().activities[0]
    #expect(
      usual.keys == [
        "bcc", "bodyText", "cc", "date", "dateSource", "direction", "from", "inReplyTo", "key",
        "lead", "messageId", "owner", "references", "senderAuth", "source", "subject", "thread",
        "to", "type",
      ])
    #expect(usual["bcc"][0]["email"].text == "d@else.test")
    #expect(usual["bodyText"].text?.hasPrefix("Good morning.") == true)
  }

  @Test(
    "The mails before a mail are in its record, whatever names the conversation",
    arguments: [[], ["X-GM-THRID: 1234567890"]])
  func conversation(thread: [String]) throws {
    let ids = ["References: <first@x> <second@x>", "In-Reply-To: <second@x>"]
    let out = try Scene([mail(id: "third@x", more: thread + ids)]).run()
    let a = out.activities[0]
    #expect(a["references"].texts == ["first@x", "second@x"])
    #expect(a["inReplyTo"].text == "second@x")
  }

  @Test("ES-8.3-cc: what is not captured is evaluated all the same")
  func evaluated() throws {
    let out = try Scene(
      [sent(to: "x@else.test", cc: "ann@client.test", subject: "offer")],
      email: """
        {"outbound":{"activity":{"capture":[]},"behaviour":"keywords",
         "keywords":{"admin":["offer"]}}}
        """
    ).run()
    #expect(out.filed == ["L1"])
  }

  @Test(
    "ES-1-attachments, ES-8.3-attachment, ES-8.3-types: the strict profile leaves PDF out by its content, the mail stays"
  )
  func attachments() throws {
    let m = attached([
      ("offer.pdf", "application/pdf", Self.pdf), ("fake.jpg", "image/jpeg", Self.pdf),
      ("a.json", "application/json", "{\"a\": 1}"), ("a.html", "text/html", "<html><p>x</html>"),
      ("a.csv", "text/csv", "a,b\n1,2\n"),
    ])
    let email = #"{"inbound":{"activity":{"capture":["attachments"]}}}"#
    var scene = Scene([m], email: email)
    scene.profile = "leadsquared"
    let out = try scene.run()
    #expect(out.reasons == ["matched"])
    let list = out.activities[0]["attachments"].list
    #expect(list.map { $0["name"].text } == ["offer.pdf", "fake.jpg", "a.json", "a.html", "a.csv"])
    #expect(list.map { "\($0["kept"])" } == ["0", "0", "1", "1", "0"])
    #expect(list[0]["reason"].text == "attachment-type" && list[0]["path"].isNull)
    let path = try #require(list[2]["path"].text)
    let stored = out.folder.contents(of: "result")[path]
    #expect(stored.map { String(decoding: $0, as: UTF8.self) } == "{\"a\": 1}")
    #expect(
      try Scene([m], email: email).run().activities[0]["attachments"].list.allSatisfy {
        "\($0["kept"])" == "1"
      })
    #expect(try Scene([m]).run().activities[0].has("attachments") == false)
  }

  @Test("ES-8.3-types: inline means inline images; types by name or extension")
  func inline() throws {
    let gif = "R0lGODlhAQABAAAAACw="
    let m = mail(
      more: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
      body: """
        --b
        Content-Type: image/gif
        Content-Disposition: inline; filename=i.gif
        Content-ID: <1@x>
        Content-Transfer-Encoding: base64

        \(gif)
        --b
        Content-Type: image/gif
        Content-Disposition: attachment; filename=a.gif
        Content-Transfer-Encoding: base64

        \(gif)
        --b--
        """)
    func kept(_ types: String) throws -> [String] {
      let email =
        #"{"inbound":{"activity":{"capture":["attachments"],"attachmentTypes":\#(types)}}}"#
      return try Scene([m], email: email).run().activities[0]["attachments"].list.map {
        "\($0["kept"])"
      }
    }
    #expect(try kept(#"["inline"]"#) == ["1", "0"])
    #expect(try kept(#"[".GIF"]"#) == ["1", "1"])
    #expect(try kept(#"["jpeg","docx"]"#) == ["0", "0"])
    #expect(try kept(#""all""#) == ["1", "1"])
  }

  @Test("bodyScope newest leaves the quoted history out")
  func newest() throws {
    let m = mail(body: "Yes, gladly.\n\nOn 1 Mar 2026, Sam Low wrote:\n> Shall we meet?\n> Sam\n")
    let out = try Scene([m], email: #"{"inbound":{"activity":{"bodyScope":"newest"}}}"#).run()
    let text = try #require(out.activities[0]["bodyText"].text)
    #expect(text.contains("gladly") && !text.contains("Shall we meet"))
  }

  @Test("ES-5.1-retention: run.json counts, compliance, inputs, hashes only when asked")
  func runFile() throws {
    var scene = Scene([mail(), mail(from: "no@else.test")])
    scene.files["x/bad.eml"] = "No header here, only words.\n"
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"x/*.eml","owner":"sam"}]"#
    scene.organization = #"{"domains":["example.com"],"region":"EU","retentionDays":365}"#
    let out = try scene.run()
    let items = out.run["items"]
    #expect(items["in"].number == 3)
    #expect(
      items["in"].number
        == ["kept", "dropped", "quarantined"].reduce(0) { $0 + (items[$1].number ?? 0) })
    #expect(out.run["compliance"]["region"].text == "EU")
    #expect(out.run["compliance"]["retentionDays"].number == 365)
    #expect(out.run["reasons"]["matched"].number == 1 && out.run["reasons"]["no-lead"].number == 1)
    let input = out.run["inputs"][0]
    #expect(input["path"].text == "sam.mbox" && input["items"].number == 2)
    #expect(input["fingerprint"].text?.utf8.count == 64 && !input.has("sha256"))
    #expect(out.run["version"].text != nil && out.run["config"]["digest"].text?.utf8.count == 64)
    let whole = try scene.run { $0.hashesInputs = true }
    #expect(whole.run["inputs"][0]["sha256"].text?.utf8.count == 64)
    let bare = try Scene([mail()]).run()
    #expect(bare.run["compliance"].keys == ["region", "retentionDays"])
    #expect(
      bare.run["compliance"]["region"].isNull && bare.run["compliance"]["retentionDays"].isNull)
  }

  /// Mail that goes through every stage.
  private var everything: Scene {
    var mails: [String] = []
    // Long enough that the mail of one file goes to the workers in many batches.
    let padding = String(repeating: "All work and no play. ", count: 400)
    for i in 0..<60 {
      let from = "P\(i % 7) <p\(i % 7)@else.test>"
      let to = "q\(i % 5)@else.test, bo@client.test"
      mails.append(mail(from: from, id: "\(i)@x", body: "Text \(i / 2) \(padding)"))
      mails.append(sent(to: to, id: "s\(i)@x", body: "No \(i) \(padding)"))
    }
    mails.append(attached([("offer.pdf", "application/pdf", Self.pdf)]))
    var scene = Scene(
      sam: mails, kim: mails.reversed(),
      email: """
        {"outbound":{"captureLeads":{"enabled":true,"from":["to"]}},
         "inbound":{"activity":{"capture":["attachments","subject"]}}}
        """)
    scene.more = [#""output":{"formats":["jsonl","csv","json"]}"#]
    return scene
  }

  @Test("one and four threads write the same bytes")
  func threads() throws {
    let folder = try everything.folder()
    try folder.importAll(to: "one") { $0.jobs = 1 }
    try folder.importAll(to: "four") { $0.jobs = 4 }
    var one = folder.contents(of: "one")
    var four = folder.contents(of: "four")
    func comparable(_ data: Data?) throws -> NSDictionary {
      let v = try JSONSerialization.jsonObject(with: data ?? Data()) as? [String: Any] ?? [:]
      return v.filter { $0.key != "timing" } as NSDictionary
    }
    #expect(
      try comparable(one.removeValue(forKey: "run.json"))
        == comparable(four.removeValue(forKey: "run.json")))
    #expect(one.keys.sorted() == four.keys.sorted())
    for (name, data) in one { #expect(data == four[name], "\(name) differs") }
  }

  @Test("a dry run writes nothing")
  func dryRun() throws {
    let folder = try everything.folder()
    let before = folder.contents(of: ".").keys.sorted()
    #expect(try folder.importAll { $0.isDryRun = true } == .done)
    #expect(folder.contents(of: ".").keys.sorted() == before)
  }

  @Test("privacy headers leaves subject, body and attachments out of every file")
  func headers() throws {
    var scene = Scene(
      [attached([("offer.pdf", "application/pdf", Self.pdf)])],
      email: #"{"inbound":{"activity":{"capture":["subject","body","attachments","cc"]}}}"#)
    scene.more = [#""output":{"privacy":"headers"}"#]
    scene.files["x/bad.eml"] = "No header here, only a secret.\n"
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"x/*.eml","owner":"sam"}]"#
    let out = try scene.run()
    #expect(out.reasons == ["matched", "quarantined"])
    let a = out.activities[0]
    #expect(!a.has("subject") && !a.has("bodyText") && !a.has("attachments") && a.has("cc"))
    #expect(a["lead"]["email"].text == "ann@client.test")
    for (name, data) in out.folder.contents(of: "result") {
      let text = String(decoding: data, as: UTF8.self)
      for word in ["See files", "offer.pdf", "Hello", "secret"] {
        #expect(!text.contains(word), "\(word) in \(name)")
      }
    }
  }

  @Test("privacy pseudonymous names nobody, the same way in every file and run")
  func pseudonymous() throws {
    var scene = Scene(
      [],
      email: """
        {"internal":{"skip":true},
         "inbound":{"exclude":{"admin":["linkedin.test","ceo@else.test"]}},
         "outbound":{"captureLeads":{"enabled":true,"source":"Mail"}}}
        """)
    scene.files["exports/sam@example.com/Inbox.mbox"] = mbox([
      mail(
        to: "sam@example.com, Bo Ray <bo@client.test>", cc: "Cy <cy@else.test>",
        subject: "Topsecret",
        id: "1.ann@client.test", more: ["X-Gmail-Labels: Inbox,Customer Ann"]),
      sent(
        to: "Nia New <nia@else.test>", id: "2@mx.example.com",
        more: ["In-Reply-To: <1.ann@client.test>"]),
      mail(from: "nia@else.test", id: "3@else.test"), mail(from: "x@linkedin.test", id: "4@x"),
      mail(from: "ceo@else.test", id: "5@x"), mail(from: "who@else.test", id: "6@x"),
      mail(id: "7@x", more: ["X-Gmail-Labels: Customer Ann"]),
    ])
    scene.files["exports/sam@example.com/ann@client.test.eml"] = "Only words and ann@client.test.\n"
    scene.sources = #"[{"path":"exports/*/*.mbox"},{"path":"exports/*/*.eml"}]"#
    scene.users = #"[{"id":"sam@example.com","name":"Sam","email":"sam@example.com"}]"#
    scene.more = [#""output":{"privacy":"pseudonymous"}"#]
    let out = try scene.run()
    #expect(
      out.reasons.prefix(7) == [
        "matched", "captured", "captured", "excluded-admin", "excluded-admin", "no-lead",
        "folder-not-synced",
      ])
    #expect(out.reasons.last == "quarantined")
    for (name, data) in out.folder.contents(of: "result") {
      let text = String(decoding: data, as: UTF8.self)
      for word in [
        "client.test", "else.test", "example.com", "linkedin", "Ann", "Nia", "nia", "Cy",
        "Topsecret",
        "Good morning", "ceo@", "Customer",
      ] {
        #expect(!text.contains(word), "\(word) in \(name)")
        #expect(!name.contains(word))
      }
    }
    let a = out.activities
    #expect(a[0]["from"]["email"].text == a[0]["lead"]["email"].text)
    #expect(a[1]["lead"]["email"].text == a[2]["from"]["email"].text)
    #expect(out.captured == [a[1]["lead"]["email"].text])
    #expect(out.leads[0]["key"].text == a[1]["lead"]["key"].text)
    #expect(a[1]["inReplyTo"].text == a[0]["messageId"].text)
    #expect(out.decisions[0]["id"].text == a[0]["messageId"].text)
    #expect(a[0]["lead"]["id"].text == "L1")
    #expect(out.captured[0].hasSuffix(".invalid"))
    // The same configuration, the same pseudonyms; another one, others.
    #expect(try scene.run().captured == out.captured)
    scene.more.append(#""version":1"#)
    scene.more.removeLast()
    scene.organization = #"{"domains":["example.com","example.org"]}"#
    #expect(try scene.run().captured != out.captured)
  }
}
