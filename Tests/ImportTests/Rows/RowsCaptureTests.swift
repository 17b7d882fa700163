import Testing

@testable import Import

/// ES-8.4: leads captured from mail, and the guards that hold them off.
@Suite struct CaptureRows {
  private let out = #""outbound":{"captureLeads":{"enabled":true,"from":["to","cc","bcc"]}}"#
  private let `in` = #""inbound":{"captureLeads":{"enabled":true}}"#

  @Test(
    "ES-8.4-capture, ES-1-new-lead, ES-1-capture-new, ES-F-unknown: unknown addresses become leads when it is on"
  )
  func capture() throws {
    let mails = [mail(from: "Nia New <NIA@else.test>"), sent(to: "Ola Old <ola@else.test>")]
    #expect(try reasons(mails) == ["no-lead", "no-lead"])
    let o = try Scene(mails, email: "{\(out),\(`in`)}").run()
    #expect(o.reasons == ["captured", "captured"])
    #expect(o.captured == ["nia@else.test", "ola@else.test"])
    let lead = o.leads[0]
    #expect(lead["firstName"].text == "Nia" && lead["lastName"].text == "New")
    #expect(lead["fullName"].text == "Nia New" && lead["domain"].text == "else.test")
    #expect(lead["owner"].text == "sam" && lead["capturedFrom"].text == "from")
    #expect(lead["firstSeen"].text == "2026-03-02T10:00:00Z")
    #expect(o.leads[1]["capturedFrom"].text == "to")
    let named = o.activities[0]["lead"]
    #expect(named.has("id") == false && named["matchedBy"].text == "captured")
    #expect(named["key"].text == lead["key"].text)
  }

  @Test(
    "ES-8.4-from: only the named fields; a known lead and an unknown address get an activity each")
  func fields() throws {
    let email = #"{"outbound":{"captureLeads":{"enabled":true,"from":["cc"]}}}"#
    let o = try Scene(
      [sent(to: "ann@client.test, one@else.test", cc: "two@else.test")], email: email
    ).run()
    #expect(o.reasons == ["matched"])
    #expect(o.filed == ["L1", "two@else.test"])
    #expect(o.captured == ["two@else.test"])
    let f = try fault(
      Scene([mail()], email: #"{"outbound":{"captureLeads":{"enabled":true,"from":[]}}}"#))
    #expect(f.status == .configuration && f.text.contains("captureLeads.from"))
  }

  @Test("ES-9-same: received mail captures From always, and further fields when named")
  func inboundFields() throws {
    let m = mail(from: "one@else.test", cc: "two@else.test")
    for (from, wanted) in [
      (#"["from"]"#, ["one@else.test"]), (#"["cc"]"#, ["one@else.test", "two@else.test"]),
    ] {
      let email = #"{"inbound":{"captureLeads":{"enabled":true,"from":\#(from)}}}"#
      #expect(try Scene([m], email: email).run().captured == wanted)
    }
    // While capture is off, only the sender is looked up.
    #expect(try Scene([mail(cc: "bo@client.test")]).run().filed == ["L1"])
    let on = #"{"inbound":{"captureLeads":{"enabled":true,"from":["from","cc"]}}}"#
    #expect(try Scene([mail(cc: "bo@client.test")], email: on).run().filed == ["L1", "L2"])
  }

  @Test("ES-8.4-capture: one lead per address over the whole run, from its earliest-dated mail")
  func oneLead() throws {
    var scene = Scene(
      sam: [
        mail(from: "nia@else.test", id: "late@x", date: "Tue, 3 Mar 2026 10:00:00 +0000"),
        sent(to: "Nia N. <NIA@Else.test>", id: "early@x", date: "Mon, 2 Mar 2026 09:00:00 +0000"),
      ],
      kim: [
        mail(
          from: "Niamh New <nia@else.test>", to: "kim@free.test", id: "mid@x",
          date: "Mon, 2 Mar 2026 12:00:00 +0000")
      ], email: "{\(out),\(`in`)}")
    for _ in 0..<2 {
      let o = try scene.run()
      #expect(o.reasons == ["captured", "captured", "captured"])
      #expect(o.leads.count == 1)
      #expect(o.leads[0]["firstMessageId"].text == "early@x")
      #expect(o.leads[0]["fullName"].text == "Nia N.")
      #expect(o.leads[0]["source"].text == "Email Sent")
      #expect(o.leads[0]["owner"].text == "sam")
      // The order of the mailboxes changes nothing of it.
      scene.sources = #"[{"path":"kim.mbox","owner":"kim"},{"path":"sam.mbox","owner":"sam"}]"#
    }
  }

  @Test("ES-8.4-capture: never own users, org domains, excluded entries, lists, invalid addresses")
  func never() throws {
    let o = try Scene(
      [
        sent(
          to: "kim@free.test, sl@example.com, boss@example.com, x@no.test, y@nowhere, z@[1.2.3.4]",
          cc: "list@groups.test, \(String(repeating: "a", count: 65))@else.test, good@else.test",
          more: ["List-Post: <mailto:List@groups.test>"])
      ],
      email: """
        {"outbound":{"exclude":{"admin":["no.test"],"applyTo":["bcc"]},
         "captureLeads":{"enabled":true,"from":["to","cc"]}}}
        """
    ).run()
    #expect(o.captured == ["good@else.test"])
    #expect(o.filed == ["good@else.test"])
  }

  @Test("ES-8.4-capture: a user's own exclusions hold capture off, too")
  func userExcluded() throws {
    var scene = Scene(
      [sent(cc: "x@no.test")],
      email: """
        {"outbound":{"exclude":{"allowUser":true,"applyTo":["to"]},
         "captureLeads":{"enabled":true,"from":["cc"]}}}
        """)
    scene.users = """
      [{"id":"sam","email":"sam@example.com","overrides":{"outbound":{"exclude":["no.test"]}}}]
      """
    #expect(try scene.run().captured == [])
  }

  @Test(
    "guards keep, noCapture and skip, each class",
    arguments: [
      ("bulk", "bulk", "Precedence: bulk"), ("bulk", "bulk", "List-Unsubscribe: <mailto:x@y.test>"),
      ("automatic", "automatic", "Auto-Submitted: auto-replied"),
      ("automatic", "automatic", "Return-Path: <>"),
      ("unauthenticated", "unauthenticated", "Authentication-Results: mx.test; dmarc=fail"),
      ("noReply", "no-reply", ""),
    ])
  func guards(_ key: String, _ reason: String, _ header: String) throws {
    let from = key == "noReply" ? "No-Reply <no-reply@else.test>" : "new@else.test"
    func run(_ action: String) throws -> Outputs {
      try Scene(
        [
          mail(from: from, more: header.isEmpty ? [] : [header]),
          mail(more: header.isEmpty ? [] : [header]),
        ],
        email: #"{"guards":{"\#(key)":"\#(action)"},\#(`in`)}"#
      ).run()
    }
    let dropped = key == "noReply" ? "matched" : reason
    #expect(try run("keep").reasons == ["captured", "matched"])
    #expect(try run("noCapture").reasons == ["no-lead", "matched"])
    #expect(try run("noCapture").captured == [])
    #expect(try run("skip").reasons == [reason, dropped])
  }

  @Test("List-Id and Precedence list alone are people writing")
  func lists() throws {
    let m = mail(
      from: "new@else.test", more: ["List-Id: <friends.groups.test>", "Precedence: list"])
    #expect(try Scene([m], email: "{\(`in`)}").run().captured == ["new@else.test"])
  }

  @Test(
    "an address that takes no answers is captured from no field",
    arguments: [
      "noreply@else.test", "no-reply+42@else.test", "do_not_reply@else.test",
      "shop.noreply@else.test",
    ])
  func noReplyRecipient(_ address: String) throws {
    let o = try Scene([sent(to: "\(address), new@else.test")], email: "{\(out)}").run()
    #expect(o.captured == ["new@else.test"])
    let keep = #"{"guards":{"noReply":"keep"},\#(out)}"#
    #expect(try Scene([sent(to: address)], email: keep).run().captured == [address])
  }

  @Test("a list that writes itself into From is no person")
  func rewritten() throws {
    let o = try Scene(
      [
        mail(
          from: "Ann via Friends <friends@groups.test>",
          more: ["List-Id: <friends.groups.test>", "List-Post: <mailto:friends@groups.test>"]),
        mail(from: "Bo via Shop <bo@else.test>", id: "2@x"),
        mail(
          from: "'Cy' via Team <team@groups.test>", id: "3@x",
          more: ["X-Original-From: cy@else.test"]),
      ], email: "{\(`in`)}"
    ).run()
    #expect(o.captured == ["bo@else.test"])
    #expect(o.leads[0]["fullName"].text == "Bo")
  }

  @Test("a sender that could be read in two ways is not captured")
  func doubtful() throws {
    let two = mail(from: "one@else.test, two@else.test")
    let twice = mail(from: "one@else.test", more: ["From: three@else.test"])
    #expect(try Scene([two, twice], email: "{\(`in`)}").run().captured == [])
  }

  @Test("back-fill, mail before and after the capturing one is kept")
  func backFill() throws {
    let o = try Scene(
      [
        mail(from: "nia@else.test", id: "1@x", date: "Sun, 1 Mar 2026 10:00:00 +0000"),
        mail(from: "nia@else.test", id: "2@x", more: ["Precedence: bulk"]),
        sent(to: "nia@else.test", id: "3@x"),
        mail(from: "other@else.test", id: "4@x"),
      ], email: "{\(out)}"
    ).run()
    #expect(o.reasons == ["captured", "captured", "captured", "no-lead"])
    #expect(o.captured == ["nia@else.test"])
    #expect(o.decisions[3]["matched"].text == "other@else.test")
    #expect(o.leads[0]["firstMessageId"].text == "3@x")
  }

  @Test("what a rule drops captures nothing; a duplicate's copy does")
  func whoCaptures() throws {
    let both = mail(from: "ann@client.test", to: "sam@example.com", cc: "nia@else.test", id: "1@x")
    let email =
      #"{"inbound":{"captureLeads":{"enabled":true,"from":["from","cc"]},"#
      + #""exclude":{"admin":["bad.test"]}}}"#
    let o = try Scene(
      [both, both, mail(from: "evil@bad.test", cc: "zed@else.test")], email: email
    ).run()
    #expect(o.reasons == ["matched", "duplicate", "excluded-admin"])
    #expect(o.captured == ["nia@else.test"])
  }

  @Test(
    "leads.jsonl goes by first seen, then address; undated last; only what a record names"
  )
  func order() throws {
    let o = try Scene(
      [
        sent(to: "c@else.test, b@else.test", id: "1@x"),
        sent(to: "a@else.test", id: "2@x", date: "Tue, 3 Mar 2026 10:00:00 +0000"),
        sent(to: "z@else.test", id: "3@x", date: "Sun, 1 Mar 2026 10:00:00 +0000"),
      ], email: "{\(out)}"
    ).run()
    #expect(o.captured == ["z@else.test", "b@else.test", "c@else.test", "a@else.test"])
    #expect(
      o.leads[0].keys == [
        "capturedFrom", "company", "domain", "email", "firstMessageId", "firstName", "firstSeen",
        "fullName", "key", "lastName", "owner", "source",
      ])
  }

  @Test("a lead of undated mail has no firstSeen and stands last; a dated one wins")
  func undated() throws {
    var scene = Scene([], email: "{\(`in`)}")
    scene.files["x/1.eml"] = mail(from: "a@else.test", id: "1@x", date: nil)
    scene.files["x/2.eml"] = mail(from: "b@else.test", id: "2@x", date: nil)
    scene.files["x/3.eml"] = mail(from: "b@else.test", id: "3@x")
    scene.sources = #"[{"path":"x/*.eml","owner":"sam"}]"#
    let o = try scene.run()
    #expect(o.captured == ["b@else.test", "a@else.test"])
    #expect(o.leads[0]["firstMessageId"].text == "3@x" && o.leads[1]["firstSeen"].isNull)
  }

  @Test("ES-8.4-source: the configured source, else the activity's type; new ones in run.json")
  func sources() throws {
    let o = try Scene(
      [sent(to: "a@else.test"), mail(from: "b@else.test")],
      email: """
        {"outbound":{"captureLeads":{"enabled":true,"source":"Sales mail"}},
         "inbound":{"captureLeads":{"enabled":true},"activity":{"type":"Mail in"}}}
        """
    ).run()
    #expect(o.leads.map { $0["source"].text } == ["Sales mail", "Mail in"])
    #expect(o.run["newSources"].texts == ["Mail in", "Sales mail"])
    #expect(try Scene([mail()]).run().run["newSources"].list.isEmpty)
  }

  @Test("ES-W-only-known: capture on in one direction only is warned of")
  func onlyKnown() throws {
    #expect(try Scene([mail()], email: "{\(out)}").run().warnings.contains("captureLeads"))
    #expect(
      !(try Scene([mail()], email: "{\(out),\(`in`)}").run().warnings.contains("captureLeads")))
    let o = try Scene([mail(), mail(from: "x@else.test"), sent(to: "y@else.test")]).run()
    #expect(o.reasons == ["matched", "no-lead", "no-lead"])
    #expect(o.leads.isEmpty)
  }
}
