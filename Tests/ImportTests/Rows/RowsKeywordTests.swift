import Testing

@testable import Import

/// ES-8.1: keywords.
@Suite struct KeywordRows {
  /// Settings for received mail with these keywords.
  private func settings(_ admin: String, _ more: String = "") -> String {
    #"{"inbound":{"behaviour":"keywords","keywords":{"admin":\#(admin)\#(more)}}}"#
  }

  private func verdict(_ m: String, _ admin: String, _ more: String = "") throws -> String {
    try reasons([m], email: settings(admin, more)).joined()
  }

  @Test("ES-8.1-keywords: one keyword is enough, anywhere, also inside a word")
  func anyKeyword() throws {
    let email = settings(#"["Offer","Marketing"]"#)
    #expect(
      try reasons(
        [
          mail(subject: "Our offer"), mail(subject: "x", body: "two coffers"),
          mail(subject: "x", body: "marketing plan"), mail(subject: "Hello", body: "nothing"),
        ], email: email) == ["matched", "matched", "matched", "no-keyword"])
  }

  @Test("ES-8.1-keywords: the decision names the setting; directions have their own")
  func rule() throws {
    let out = try Scene([mail(), sent()], email: settings(#"["Offer"]"#)).run()
    #expect(out.reasons == ["no-keyword", "matched"])
    #expect(out.decisions[0]["rule"].text == "email.inbound.keywords")
    let outbound = #"{"outbound":{"behaviour":"keywords","keywords":{"admin":["Offer"]}}}"#
    #expect(try reasons([mail(), sent()], email: outbound) == ["matched", "no-keyword"])
  }

  @Test(
    "ES-8.1-keywords: match word and wildcard",
    arguments: [
      ("word", "offer", "two coffers", "no-keyword"), ("word", "offer", "the offer.", "matched"),
      ("word", "größe", "große Größen", "no-keyword"), ("word", "größe", "die GRÖSSE!", "matched"),
      ("word", "c++", "I like C++!", "matched"), ("word", "c++", "abc++", "no-keyword"),
      ("wildcard", "offer * 2022", "Offer for you, 2022!", "matched"),
      ("wildcard", "offer * 2022", "Offer\n\nof 2022", "no-keyword"),
      ("wildcard", "inv?ice", "Your INVOICE", "matched"),
      ("wildcard", "inv?ice", "Your INVICE", "no-keyword"),
      ("wildcard", "gr?ße", "grüße", "matched"),
      ("contains", "of*er", "offer", "no-keyword"), ("contains", "of*er", "an of*er", "matched"),
    ])
  func modes(_ mode: String, _ keyword: String, _ body: String, _ reason: String) throws {
    let m = mail(
      subject: "x", more: ["Content-Type: text/plain; charset=utf-8", "MIME-Version: 1.0"],
      body: body)
    #expect(
      try verdict(m, #"["\#(keyword)"]"#, #","match":"\#(mode)""#) == reason,
      "\(mode) \(keyword) in \(body)")
  }

  @Test("ES-8.1-admin-kw: ends are trimmed, empty ones fall out, none at all is an error")
  func adminKeywords() throws {
    #expect(try verdict(mail(subject: "Offers"), #"["  offer  ",""]"#) == "matched")
    for none in ["[]", #"["", "  "]"#] {
      let f = try fault(Scene([mail()], email: settings(none)))
      #expect(f.status == .configuration)
      #expect(f.text.contains("email.inbound.keywords.admin"))
    }
  }

  @Test("ES-8.1-user-kw: a user's keywords widen, for their mail only and where they are allowed")
  func userKeywords() throws {
    func run(_ allow: Bool) throws -> Outputs {
      var scene = Scene(
        sam: [mail(subject: "solar")], kim: [mail(to: "kim@free.test", subject: "solar roof")],
        email: settings(#"["Offer"]"#, #","allowUser":\#(allow)"#))
      scene.users = """
        [{"id":"sam","email":"sam@example.com",
          "overrides":{"inbound":{"keywords":["Solar"]}}},
         {"id":"kim","email":"kim@free.test"}]
        """
      return try scene.run()
    }
    #expect(try run(true).reasons == ["matched", "no-keyword"])
    let refused = try run(false)
    #expect(refused.reasons == ["no-keyword", "no-keyword"])
    #expect(refused.warnings.contains("sam"))
  }

  @Test(
    "ES-8.1-check-in, ES-8.1-subject, ES-8.1-body: where keywords are sought; both means either")
  func checkIn() throws {
    let inSubject = mail(subject: "An offer", body: "x")
    let inBody = mail(subject: "Hello", body: "An offer")
    for (places, wanted) in [
      (#"["subject"]"#, ["matched", "no-keyword"]), (#"["body"]"#, ["no-keyword", "matched"]),
      (#"["subject","body"]"#, ["matched", "matched"]),
    ] {
      #expect(
        try reasons([inSubject, inBody], email: settings(#"["offer"]"#, #","checkIn":\#(places)"#))
          == wanted)
    }
    let f = try fault(Scene([mail()], email: settings(#"["offer"]"#, #","checkIn":[]"#)))
    #expect(f.status == .configuration && f.text.contains("checkIn"))
  }

  @Test(
    "ES-8.1-subject: decoded and unfolded; Re: and Fwd: are part of it",
    arguments: [
      ("=?UTF-8?Q?Angebot_f=C3=BCr_Sie?=", "angebot für"), ("Re: Offer", "re: off"),
      ("Our Festive\n Offer 2022", "festive offer 2022"),
      ("Our Festive\n\tOffer 2022", "festive offer 2022"),
      ("=?UTF-8?Q?Fest?=\n =?UTF-8?Q?ive_Offer?=", "festive offer"),
      ("=?UTF-8?B?RmVzdGl2ZcKgT2ZmZXI=?=", "festive offer"),
    ])
  func subjects(_ subject: String, _ keyword: String) throws {
    #expect(
      try verdict(
        mail(subject: subject), #"["\#(keyword)"]"#, #","checkIn":["subject"]"#) == "matched")
  }

  @Test("ES-8.1-body: plain and HTML both count; attachments and tags do not")
  func bodies() throws {
    func parts(_ plain: String, _ html: String) -> String {
      mail(
        subject: "x",
        more: ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=b"],
        body: """
          --b
          Content-Type: text/plain

          \(plain)
          --b
          Content-Type: text/html

          \(html)
          --b--
          """)
    }
    #expect(try verdict(parts("An offer", "<p>none</p>"), #"["offer"]"#) == "matched")
    #expect(try verdict(parts("none", "<p>An <b>of</b>fer</p>"), #"["an offer"]"#) == "matched")
    #expect(
      try verdict(parts("none", "<p class=offer>no</p><!--offer-->"), #"["offer"]"#) == "no-keyword"
    )
    let attached = mail(
      subject: "x", more: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
      body: """
        --b

        none
        --b
        Content-Type: text/plain
        Content-Disposition: attachment; filename=a.txt

        An offer
        --b--
        """)
    #expect(try verdict(attached, #"["offer"]"#) == "no-keyword")
    #expect(try verdict(mail(body: "> An offer\n\nno"), #"["offer"]"#) == "matched")
  }

  @Test(
    "ES-8.1-choice, ES-8.1-all: everything is synced; keywords that are given all the same are warned of"
  )
  func all() throws {
    let out = try Scene(
      [mail()], email: #"{"inbound":{"behaviour":"all","keywords":{"admin":["Offer"]}}}"#
    ).run()
    #expect(out.reasons == ["matched"])
    #expect(out.warnings.contains("email.inbound.keywords.admin"))
  }

  private static let type = "Content-Type: text/plain; charset=utf-8"

  @Test(
    "ES-8.1-phrase: contiguous words; only transport white space is undone",
    arguments: [
      ([], "a FESTIVE offer 2022!", "matched"),
      ([], "2022 offer festive", "no-keyword"),
      ([], "festive  offer 2022", "no-keyword"),
      ([], "festive offer\n2022", "no-keyword"),
      (
        [type, "Content-Transfer-Encoding: quoted-printable"], "Fest=\nive of=\nfer=20=\n2022",
        "matched"
      ),
      (
        [type, "Content-Transfer-Encoding: quoted-printable"], "festive=C2=A0offer 2022", "matched"
      ),
      ([type, "Content-Transfer-Encoding: base64"], "RmVzdGl2ZSBvZmZlciAyMDIy", "matched"),
      ([type + "; format=flowed"], "Our festive \noffer \n2022 is here", "matched"),
      ([type + "; format=flowed"], "Our festive\noffer 2022", "no-keyword"),
      (["Content-Type: text/html; charset=utf-8"], "<p>festive\n   offer&nbsp;2022</p>", "matched"),
      (["Content-Type: text/html; charset=utf-8"], "<p>festive</p><p>offer 2022</p>", "no-keyword"),
      (["Content-Type: text/html; charset=utf-8"], "<p>festive<br>offer 2022</p>", "no-keyword"),
      (
        ["Content-Type: text/html; charset=utf-8"], "<td>festive <i>of</i>fer <b>2022</b>",
        "matched"
      ),
    ] as [([String], String, String)])
  func phrase(_ headers: [String], _ body: String, _ reason: String) throws {
    let m = mail(subject: "x", more: ["MIME-Version: 1.0"] + headers, body: body)
    #expect(try verdict(m, #"["Festive Offer 2022"]"#) == reason, "\(body)")
    #expect(try verdict(m, #"["Festive\u00a0Offer 2022"]"#) == reason, "no-break space: \(body)")
  }

  @Test(
    "ES-8.1-case: full case folding and NFC on both sides; accents count",
    arguments: [
      ("STRASSE", "Hauptstraße", "matched"), ("straße", "HAUPTSTRASSE", "matched"),
      ("cafe\\u0301", "CAFÉ", "matched"), ("café", "CAFE\u{301}", "matched"),
      ("cafe", "le café", "no-keyword"), ("ΟΔΟΣ", "οδος", "matched"), ("ﬁrma", "Firma", "matched"),
      ("I", "ı", "no-keyword"),
    ])
  func folding(_ keyword: String, _ text: String, _ reason: String) throws {
    let m = mail(subject: "x", more: ["MIME-Version: 1.0", Self.type], body: text)
    #expect(
      try verdict(m, #"["\#(keyword)"]"#, #","checkIn":["body"]"#) == reason,
      "\(keyword) in \(text)")
  }

  @Test(
    "ES-8.1-special: special characters are themselves",
    arguments: [
      ("50% + (a|b)", "only 50% + (a|b) today", "matched"), ("a.c", "abc", "no-keyword"),
      ("$5?", "just $5?", "matched"), ("#tag", "#TAG", "matched"), ("^x", "x", "no-keyword"),
      ("🎉", "party 🎉!", "matched"), ("“quoted”", "\"quoted\"", "no-keyword"),
    ])
  func special(_ keyword: String, _ text: String, _ reason: String) throws {
    let m = mail(subject: "y", more: ["MIME-Version: 1.0", Self.type], body: text)
    #expect(try verdict(m, #"["\#(keyword)"]"#) == reason)
  }

  @Test("ES-8.1-keywords: many keywords are found as few are")
  func many() throws {
    let words = (0..<40).map { #""word\#($0)x""# }.joined(separator: ",")
    let email = settings("[\(words),\"Größe\"]")
    let m = { (t: String) in mail(subject: "x", more: ["MIME-Version: 1.0", Self.type], body: t) }
    #expect(
      try reasons([m("a word39x"), m("word40x"), m("GRÖSSE"), m("wordx")], email: email) == [
        "matched", "no-keyword", "matched", "no-keyword",
      ])
  }
}
