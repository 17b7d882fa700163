import Testing

@testable import Import

/// ES-F-identify, ES-W-poc, ES-W-secondary; duplicates, threads, records.
@Suite struct LeadRows {
  @Test("ES-W-poc, ES-W-secondary: search fields in order, the first that hits wins and is named")
  func searchBy() throws {
    let out = try Scene([mail(from: "poc@desk.test"), mail()]).run()
    #expect(out.filed == ["L5", "L1"])
    // ann@client.test is also the contact of L4; the first field wins.
    #expect(out.activities.map { $0["lead"]["matchedBy"].text } == ["contact", "email"])
    var scene = Scene([mail()])
    scene.leads = #"{"files":["leads.csv"],"id":"id","searchBy":["contact","email"]}"#
    #expect(try scene.run().filed == ["L4"])
  }

  @Test("ES-F-identify: addresses compare trimmed, lower case, IDNA; the name says nothing")
  func comparison() throws {
    var scene = Scene([
      mail(from: "\"bo@client.test\" <ANN@Client.TEST>"), mail(from: "x@xn--bcher-kva.test"),
      mail(from: "b@two.test"),
    ])
    scene.files["leads.csv"] =
      "id,email,contact\nL1,  Ann@client.test ,\nL2,x@Bücher.test,\nL3,\"a@two.test; b@two.test\",\n"
    let out = try scene.run()
    #expect(out.filed == ["L1", "L2", "L3"])
    #expect(out.activities[1]["lead"]["email"].text == "x@xn--bcher-kva.test")
    #expect(out.activities[0]["from"]["email"].text == "ANN@Client.TEST")
  }

  @Test("ES-W-poc: several leads with one address: all, first, review")
  func onMultiple() throws {
    func run(_ how: String, _ mails: [String]) throws -> Outputs {
      var scene = Scene(mails)
      scene.leads =
        #"{"files":["leads.csv"],"id":"id","searchBy":["email"],"onMultiple":"\#(how)"}"#
      return try scene.run()
    }
    let one = [mail(from: "office@client.test")]
    let all = try run("all", one)
    #expect(all.filed == ["L3", "L4"])
    #expect(Set(all.activities.compactMap { $0["key"].text }).count == 2)
    #expect(try run("first", one).filed == ["L3"])
    let review = try run("review", one)
    #expect(review.reasons == ["ambiguous-lead"])
    #expect(review.decisions[0]["matched"].text == "L3,L4")
    #expect(review.activities.isEmpty)
    // Beside a lead that is certain the doubtful one is left out.
    let mixed = try run("review", [sent(to: "office@client.test, bo@client.test")])
    #expect(mixed.filed == ["L2"])
  }

  @Test("one mail in several mailboxes is one activity, the copies name the first")
  func duplicates() throws {
    let sentCopy = mail(
      from: "sam@example.com", to: "kim@free.test, ann@client.test", bcc: "x@else.test", id: "1@x")
    let receivedCopy = mail(
      from: "Sam <SAM@example.com>", to: "kim@free.test, ann@client.test", id: "1@x",
      more: ["Received: by mx.test; Mon, 2 Mar 2026 10:00:01 +0000", "X-Gmail-Labels: Inbox"])
    let email = #"{"inbound":{"captureLeads":{"enabled":true,"from":["from","to"]}}}"#
    let out = try Scene(sam: [sentCopy], kim: [receivedCopy], email: email).run()
    #expect(out.reasons == ["matched", "duplicate"])
    #expect(out.decisions[1]["matched"].text == "sam.mbox#0")
    #expect(out.decisions[0]["key"].text == out.decisions[1]["key"].text)
    #expect(out.filed == ["L1"])
  }

  @Test("same id and other content are two mails, reported; without id content counts")
  func identity() throws {
    let out = try Scene([
      mail(id: "1@x", body: "One"), mail(id: "1@x", body: "Two"), mail(body: "Three"),
      mail(body: "Three"), mail(body: "Three  \n\n"), mail(subject: "Re", body: "Three"),
    ]).run()
    #expect(
      out.reasons == ["matched", "matched", "matched", "duplicate", "duplicate", "matched"])
    #expect(out.warnings.contains("Message-ID of another mail"))
  }

  @Test("a dropped copy is no original")
  func droppedCopies() throws {
    let m = mail(to: "sam@example.com, kim@free.test", id: "1@x")
    var scene = Scene(sam: [m], kim: [m])
    scene.users = """
      [{"id":"sam","email":"sam@example.com","status":"paused"},{"id":"kim","email":"kim@free.test"}]
      """
    #expect(try scene.run().reasons == ["user-paused", "matched"])
  }

  @Test("thread from X-GM-THRID, References, In-Reply-To, the mail's own id")
  func threads() throws {
    func threads(_ mails: [String]) throws -> [String] {
      try Scene(mails).run().activities.compactMap { $0["thread"].text }
    }
    let t = try threads([
      mail(id: "root@x"), mail(id: "2@x", more: ["References: <root@x> <1@x>"]),
      mail(id: "3@x", more: ["In-Reply-To: <root@x>"]),
      mail(id: "4@x", more: ["References: <root@x>", "In-Reply-To: <other@x>"]),
      mail(id: "5@x", more: ["X-GM-THRID: 123", "References: <root@x>"]),
      mail(id: "6@x", more: ["X-GM-THRID: 123"]), mail(id: "7@x"),
    ])
    #expect(t.count == 7 && Set(t[0...3]).count == 1)
    #expect(t[4] == t[5] && t[4] != t[0] && t[6] != t[0])
  }

  @Test(
    "senderAuth from the topmost Authentication-Results",
    arguments: [
      ([], "unknown"), (["Authentication-Results: mx.test; none"], "none"),
      (["Authentication-Results: mx.test; dkim=pass; spf=fail"], "pass"),
      (["Authentication-Results: mx.test; dmarc=fail; dkim=pass"], "fail"),
      (
        [
          "Authentication-Results: mx.test; dmarc=fail",
          "Authentication-Results: forged; dmarc=pass",
        ], "fail"
      ),
    ] as [([String], String)])
  func auth(_ headers: [String], _ wanted: String) throws {
    #expect(try Scene([mail(more: headers)]).run().activities[0]["senderAuth"].text == wanted)
  }

  @Test("--from, --to with both ends; connectedAt of the user and of all")
  func time() throws {
    let mails = ["1", "2", "3"].map {
      mail(id: "\($0)@x", date: "Mon, 0\($0) Mar 2026 10:00:00 +0000")
    }
    let scene = Scene(mails)
    func span(_ from: String?, _ to: String?) throws -> [String] {
      try scene.run {
        $0.from = from.flatMap { TimePoint($0) }
        $0.to = to.flatMap { TimePoint($0) }
      }.reasons
    }
    #expect(
      try span("2026-03-02", "2026-03-02") == ["outside-window", "matched", "outside-window"])
    #expect(
      try span("2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z") == [
        "outside-window", "matched", "matched",
      ])
    #expect(
      try span("2026-03-02T10:00:01Z", nil) == ["outside-window", "outside-window", "matched"])
    #expect(
      try reasons(mails, email: #"{"connectedAt":"2026-03-02T10:00:00Z"}"#) == [
        "before-connected", "matched", "matched",
      ])
    var own = Scene(mails)
    own.users = #"[{"id":"sam","email":"sam@example.com","connectedAt":"2026-03-03"}]"#
    let out = try own.run()
    #expect(out.reasons == ["before-connected", "before-connected", "matched"])
    #expect(out.decisions[0]["rule"].text == "users.connectedAt")
  }

  @Test("mail without any date passes every span, nothing is lost for it")
  func undated() throws {
    // As an EML, which has no separator line to take a date from.
    var scene = Scene([], email: #"{"connectedAt":"2026-01-01"}"#)
    scene.files["x/a.eml"] = mail(date: nil)
    scene.sources = #"[{"path":"x/*.eml","owner":"sam"}]"#
    let out = try scene.run { $0.from = TimePoint("2026-01-01") }
    #expect(out.reasons == ["matched"])
    #expect(out.decisions[0]["date"].isNull && out.activities[0]["dateSource"].text == "none")
  }

  @Test("keys are 32 hex digits and the same whatever the run, files and threads")
  func keys() throws {
    let mails =
      (0..<6).map { mail(id: "\($0)@x", body: "Text \($0)") } + [
        mail(from: "new@else.test", id: "n@x")
      ]
    let email = #"{"inbound":{"captureLeads":{"enabled":true}}}"#
    func keys(_ o: Outputs) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: o.activities.map {
          ($0["messageId"].text ?? "", $0["key"].text ?? "")
        })
    }
    let one = try Scene(mails, email: email).run { $0.jobs = 1 }
    var other = Scene(
      [], email: #"{"inbound":{"captureLeads":{"enabled":true}},"folders":["inbox"]}"#)
    for (i, m) in mails.reversed().enumerated() { other.files["eml/\(i).eml"] = m }
    other.sources = #"[{"path":"eml/*.eml","owner":"sam","folder":"inbox"}]"#
    let two = try other.run { $0.jobs = 4 }
    #expect(keys(one) == keys(two) && keys(one).count == 7)
    #expect(one.leads[0]["key"].text == two.leads[0]["key"].text)
    for key in keys(one).values + one.decisions.compactMap({ $0["key"].text }) {
      #expect(key.utf8.count == 32 && key.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
    // A captured lead that later stands in the CRM's list keeps its keys.
    var later = Scene(mails, email: email)
    later.files["leads.csv"] = Scene.leadsCSV + "L9,new@else.test,\n"
    let known = try later.run()
    #expect(known.reasons.last == "matched" && known.leads.isEmpty)
    #expect(known.activities.last?["key"].text == one.activities.last?["key"].text)
    #expect(known.activities.last?["lead"]["key"].text == one.leads[0]["key"].text)
  }
}
