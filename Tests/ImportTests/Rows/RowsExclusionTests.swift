import Testing

@testable import Import

/// ES-8.2: exclusions, and ES-10.3: internal mail.
@Suite struct ExclusionRows {
  private func outbound(_ admin: String, _ more: String = "") -> String {
    #"{"outbound":{"exclude":{"admin":\#(admin)\#(more)}}}"#
  }

  @Test(
    "ES-8.2-purpose, ES-8.2-admin: an address, a domain exactly, *. for the domains below it",
    arguments: [
      ("ceo@client.test", "CEO@Client.Test", true), ("ceo@client.test", "cfo@client.test", false),
      ("client.test", "ann@client.test", true), ("@client.test", "ann@client.test", true),
      ("client.test", "ann@eu.client.test", false), ("*.client.test", "ann@eu.client.test", true),
      ("*.client.test", "ann@a.eu.client.test", true), ("*.client.test", "ann@client.test", false),
      ("client.test", "ann@notclient.test", false), ("*.client.test", "a@evilclient.test", false),
      ("bücher.test", "a@xn--bcher-kva.test", true),
      ("ann@client.test", "ann+x@client.test", false),
    ])
  func entries(_ entry: String, _ address: String, _ isExcluded: Bool) throws {
    let out = try Scene([sent(to: address)], email: outbound(#"["\#(entry)"]"#)).run()
    #expect(
      (out.reasons == ["excluded-admin"]) == isExcluded, "\(entry) \(address): \(out.reasons)")
    if isExcluded {
      #expect(out.decisions[0]["matched"].text?.hasPrefix(entry) == true)
      #expect(out.decisions[0]["rule"].text == "email.outbound.exclude.admin")
    }
  }

  @Test("ES-8.2-applyto: only the named fields are tested; the whole mail is dropped")
  func applyTo() throws {
    let mails = [
      sent(to: "ann@client.test, ceo@big.test"), sent(cc: "ceo@big.test"),
      sent(bcc: "ceo@big.test"),
      sent(subject: "none"),
    ]
    for (fields, wanted) in [
      (#"["to"]"#, ["excluded-admin", "matched", "matched", "matched"]),
      (#"["cc"]"#, ["matched", "excluded-admin", "matched", "matched"]),
      (#"["bcc"]"#, ["matched", "matched", "excluded-admin", "matched"]),
      (#"["to","cc","bcc"]"#, ["excluded-admin", "excluded-admin", "excluded-admin", "matched"]),
    ] {
      let email = outbound(#"["ceo@big.test"]"#, #","applyTo":\#(fields)"#)
      // The four differ in their bodies' owners only, so each gets a text of its own.
      let own = mails.enumerated().map { $1 + "\($0)\n" }
      #expect(try reasons(own, email: email) == wanted, "\(fields)")
    }
    let f = try fault(Scene([mail()], email: outbound(#"["a.test"]"#, #","applyTo":[]"#)))
    #expect(f.status == .configuration && f.text.contains("applyTo"))
  }

  @Test("ES-8.2-applyto: scope recipient takes the address out and keeps the mail for others")
  func scopeRecipient() throws {
    let out = try Scene(
      [
        sent(to: "ann@client.test, bo@client.test"),
        sent(to: "ann@client.test", cc: "new@else.test", id: "2@x"),
        sent(to: "ann@client.test", id: "3@x"),
      ],
      email: """
        {"outbound":{"exclude":{"admin":["ann@client.test"],"scope":"recipient"},
         "captureLeads":{"enabled":true,"from":["to","cc"]}}}
        """
    ).run()
    #expect(out.reasons == ["matched", "captured", "excluded-admin"])
    #expect(out.filed == ["L2", "new@else.test"])
    #expect(out.captured == ["new@else.test"])
    // Of an address that is taken out, the record still tells who got the mail.
    #expect(out.activities[0]["to"].list.count == 2)
  }

  @Test(
    "ES-1-selective, ES-9-same: received mail is tested on From always, on other fields when named")
  func inbound() throws {
    let mails = [
      mail(from: "jobs@linkedin.test"), mail(cc: "jobs@linkedin.test"),
      mail(more: ["Reply-To: jobs@linkedin.test"]),
    ]
    let text = { (fields: String) in
      #"{"inbound":{"exclude":{"admin":["linkedin.test"]\#(fields)}}}"#
    }
    #expect(try reasons(mails, email: text("")) == ["excluded-admin", "matched", "duplicate"])
    #expect(
      try reasons(mails, email: text(#","applyTo":["cc"]"#)) == [
        "excluded-admin", "excluded-admin", "matched",
      ])
    let out = try Scene(mails, email: text("")).run()
    #expect(out.decisions[0]["matched"].text == "linkedin.test in from")
  }

  @Test("ES-8.2-user: a user's own exclusions, only where allowed, only for that user's copy")
  func userExclusions() throws {
    func run(_ allow: Bool) throws -> Outputs {
      let both = mail(to: "sam@example.com, kim@free.test", id: "one@client.test")
      var scene = Scene(
        sam: [both], kim: [both], email: #"{"inbound":{"exclude":{"allowUser":\#(allow)}}}"#)
      scene.users = """
        [{"id":"sam","email":"sam@example.com","overrides":{"inbound":{"exclude":["client.test"]}}},
         {"id":"kim","email":"kim@free.test"}]
        """
      return try scene.run()
    }
    let admitted = try run(true)
    // A dropped copy is no original: Kim's comes in.
    #expect(admitted.reasons == ["excluded-user", "matched"])
    #expect(admitted.decisions[0]["rule"].text == "users.overrides.inbound.exclude")
    #expect(admitted.activities[0]["owner"].text == "kim")
    let refused = try run(false)
    #expect(refused.reasons == ["matched", "duplicate"])
    #expect(refused.warnings.contains("sam"))
  }

  @Test("ES-8-admin-final, ES-F-edit: any other key in overrides is an error")
  func overrides() throws {
    var scene = Scene([mail()])
    scene.users = """
      [{"id":"sam","email":"sam@example.com","overrides":{"inbound":{"activity":{"type":"x"}}}}]
      """
    let f = try fault(scene)
    #expect(f.status == .configuration)
    #expect(f.text.contains("activity"))
  }

  @Test(
    "ES-10.3-internal, ES-10.3-enabled-needs-domain: internal only when From and every recipient are; exact domains"
  )
  func internalMail() throws {
    let kim = "kim@free.test"
    let mails = [
      sent(to: "boss@example.com", cc: kim, bcc: "x@example.com"),
      sent(to: "boss@example.com", cc: "ann@client.test"),
      sent(to: "boss@eu.example.com", id: "3@x"),
      mail(from: kim), mail(from: "ann@client.test", to: kim), sent(to: nil),
    ]
    #expect(
      try reasons(mails, email: #"{"internal":{"skip":true}}"#) == [
        "internal", "matched", "no-lead", "internal", "matched", "internal",
      ])
    // ES-F-internal: off, they go on to the leads.
    #expect(
      try reasons(mails).filter { $0 == "internal" } == [])
    #expect(
      try fault(Scene([mail()], email: #"{"internal":{"skip":true}}"#)).text == "")
    var bare = Scene([mail()], email: #"{"internal":{"skip":true}}"#)
    bare.organization = "{}"
    #expect(try fault(bare).text.contains("organization.domains"))
  }

  @Test("ES-10.3-internal: *.example.com makes the domains below internal")
  func internalSubdomains() throws {
    var scene = Scene([sent(to: "boss@eu.example.com")], email: #"{"internal":{"skip":true}}"#)
    scene.organization = #"{"domains":["example.com","*.example.com"]}"#
    #expect(try scene.run().reasons == ["internal"])
  }

  @Test(
    "ES-F-internal: an internal mail with no lead on it is no-lead, colleagues never become leads")
  func internalKept() throws {
    let out = try Scene(
      [sent(to: "boss@example.com"), sent(to: "boss@example.com", cc: "new@else.test")],
      email: #"{"outbound":{"captureLeads":{"enabled":true,"from":["to","cc","bcc"]}}}"#
    ).run()
    #expect(out.reasons == ["no-lead", "captured"])
    #expect(out.captured == ["new@else.test"])
  }

  @Test("the first rule that drops gives the reason, in the order of the steps")
  func order() throws {
    let all = """
      {"folders":["inbox"],"connectedAt":"2026-03-01T00:00:00Z","internal":{"skip":true},
       "guards":{"bulk":"skip","automatic":"skip","noReply":"skip","unauthenticated":"skip"},
       "inbound":{"behaviour":"keywords","keywords":{"admin":["offer"]},
                  "exclude":{"admin":["example.com","client.test"]}}}
      """
    var headers = [
      "X-Gmail-Labels: Spam", "X-Mozilla-Status: 0008", "List-Unsubscribe: <mailto:x@y.test>",
      "Auto-Submitted: auto-replied", "Authentication-Results: mx.test; dmarc=fail",
    ]
    func next(
      _ from: String = "noreply@example.com", date: String = "Sun, 1 Feb 2026 10:00:00 +0000"
    )
      throws -> String
    {
      try reasons([mail(from: from, date: date, more: headers)], email: all).joined()
    }
    #expect(try next() == "folder-not-synced")
    headers[0] = "X-Gmail-Labels: Inbox"
    #expect(try next() == "deleted-in-mailbox")
    headers.remove(at: 1)
    #expect(try next() == "before-connected")
    let now = "Mon, 2 Mar 2026 10:00:00 +0000"
    #expect(try next(date: now) == "bulk")
    headers.remove(at: 1)
    #expect(try next(date: now) == "automatic")
    headers.remove(at: 1)
    #expect(try next(date: now) == "no-reply")
    #expect(try next("kim@free.test", date: now) == "unauthenticated")
    headers.remove(at: 1)
    #expect(try next("kim@free.test", date: now) == "internal")
    #expect(try next("ann@client.test", date: now) == "excluded-admin")
    #expect(try next("ann@else.test", date: now) == "no-keyword")
  }
}
