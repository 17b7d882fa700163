import Testing

@testable import Import

/// ES-5.2, ES-10.1, ES-11, ES-F-who: users, roles, access, states.
@Suite struct AccessRows {
  /// One mailbox and its mail for each user; the reasons by user id.
  private func verdicts(
    _ users: [(id: String, json: String)], access: String?, profile: String = "generic"
  )
    throws -> [String: String]
  {
    var scene = Scene([], more: access.map { [#""access":\#($0)"#] } ?? [])
    scene.profile = profile
    scene.users =
      "["
      + users.map { #"{"id":"\#($0.id)","email":"\#($0.id)@example.com"\#($0.json)}"# }
      .joined(separator: ",") + "]"
    scene.sources =
      "[" + users.map { #"{"path":"\#($0.id).mbox","owner":"\#($0.id)"}"# }.joined(separator: ",")
      + "]"
    for u in users {
      scene.files["\(u.id).mbox"] = mbox([mail(to: "\(u.id)@example.com", id: "\(u.id)@x")])
    }
    let out = try scene.run()
    return Dictionary(
      out.decisions.map { ($0["owner"].text ?? "", $0["reason"].text ?? "") },
      uniquingKeysWith: { a, _ in a })
  }

  private func role(_ r: String) -> String { #","role":"\#(r)""# }

  @Test(
    "ES-F-who, ES-5.2-not-for-sync, ES-10.1-inbox-access: Bob, John, Paul, George, Ringo, Frodo, Samwise, Aragorn, Legolas"
  )
  func workedExample() throws {
    var people: [(id: String, json: String)] = [("bob", role("Administrator"))]
    for m in ["john", "paul"] { people.append((m, role("Sales Manager"))) }
    for m in ["george", "ringo"] { people.append((m, role("Marketing User"))) }
    let sales = ["frodo", "samwise", "aragorn", "legolas"]
    for s in sales { people.append((s, role("Sales User") + #","manager":"john""#)) }
    let access = """
      {"settings":{"basedOn":"role","roles":["Sales Manager"]},
       "inbox":{"basedOn":"role","roles":["Sales User"]}}
      """
    let got = try verdicts(people, access: access)
    for (id, _) in people {
      #expect(got[id] == (sales.contains(id) ? "matched" : "user-no-access"), "\(id)")
    }
  }

  @Test("ES-10.1-role: roles compare trimmed and without case; administrators need the rule, too")
  func roles() throws {
    let got = try verdicts(
      [
        ("a", role(" sales user ")), ("b", role("Sales Users")), ("c", role("Administrator")),
        ("d", ""),
      ],
      access: #"{"inbox":{"basedOn":"role","roles":["Sales User"]}}"#)
    #expect(
      got == ["a": "matched", "b": "user-no-access", "c": "user-no-access", "d": "user-no-access"])
  }

  @Test(
    "ES-10.1-role: absent in the leadsquared profile: Sales and Marketing users; generic: everyone")
  func absent() throws {
    let people = [
      (id: "a", json: role("Sales User")), (id: "b", json: role("Marketing User")),
      (id: "c", json: role("Administrator")), (id: "d", json: ""),
    ]
    let strict = try verdicts(people, access: nil, profile: "leadsquared")
    #expect(
      strict == ["a": "matched", "b": "matched", "c": "user-no-access", "d": "user-no-access"])
    let all = try verdicts(people, access: nil)
    #expect(Set(all.values) == ["matched"])
    let licensed = try verdicts(
      [("a", #","licensed":false"#), ("b", "")], access: nil, profile: "upsales")
    #expect(licensed == ["a": "user-no-access", "b": "matched"])
  }

  @Test(
    "ES-10.1-field, ES-5.2-field: a yes or no of the user; missing is no, anything else an error")
  func field() throws {
    let access = #"{"inbox":{"basedOn":"field","field":"Is Employee"}}"#
    func fields(_ v: String) -> String { #","fields":{"Is Employee":\#(v)}"# }
    let got = try verdicts(
      [
        ("a", fields(#""Yes""#)), ("b", fields("true")), ("c", fields("1")),
        ("d", fields(#""no""#)),
        ("e", ""), ("f", fields("false")),
      ], access: access)
    #expect(
      got == [
        "a": "matched", "b": "matched", "c": "matched", "d": "user-no-access",
        "e": "user-no-access", "f": "user-no-access",
      ])
    do {
      _ = try verdicts([("a", fields(#""perhaps""#))], access: access)
      Issue.record("a value that is neither yes nor no was taken")
    } catch let e as RunError {
      #expect(e.status == .configuration && e.message.contains("Is Employee"))
    }
  }

  @Test("ES-10.1-field: from a column of users.csv")
  func fieldOfCSV() throws {
    var scene = Scene(
      [mail()], more: [#""access":{"inbox":{"basedOn":"field","field":"Is Employee"}}"#])
    scene.users = #""users.csv""#
    for (cell, wanted) in [("Yes", "matched"), ("No", "user-no-access"), ("", "user-no-access")] {
      scene.files["users.csv"] = "Id,NAME,Email,Is Employee\nsam,Sam,sam@example.com,\(cell)\n"
      #expect(try scene.run().reasons == [wanted])
    }
  }

  @Test(
    "ES-5.2-mode: role and field exclude each other",
    arguments: [
      #"{"inbox":{"basedOn":"role","roles":["x"],"field":"y"}}"#, #"{"inbox":{"basedOn":"role"}}"#,
      #"{"inbox":{"basedOn":"field"}}"#, #"{"inbox":{"roles":["x"]}}"#,
      #"{"inbox":{"basedOn":"rank"}}"#,
    ])
  func mode(_ access: String) throws {
    let f = try fault(Scene([mail()], more: [#""access":\#(access)"#]))
    #expect(f.status == .configuration && f.text.contains("access.inbox"), "\(f.text)")
  }

  @Test(
    "ES-3-user-connect, ES-11.1-pause, ES-11.2-deactivate, ES-11.3-remove: states have their reasons, after access"
  )
  func states() throws {
    let got = try verdicts(
      [
        ("a", #","status":"paused""#), ("b", #","status":"removed""#),
        ("c", #","status":"active""#),
      ], access: nil)
    #expect(got == ["a": "user-paused", "b": "user-removed", "c": "matched"])
    let both = try verdicts(
      [("a", #","status":"paused","role":"x""#)],
      access: #"{"inbox":{"basedOn":"role","roles":["y"]}}"#)
    #expect(both == ["a": "user-no-access"])
  }

  @Test(
    "owners by the source, by a folder's name, by delivery headers; else user-unknown")
  func owners() throws {
    var scene = Scene([])
    let toSam = { (n: Int) in mail(id: "\(n)@x", more: ["Delivered-To: sl@example.com"]) }
    scene.files["a.mbox"] = mbox(
      (1...8).map(toSam) + [mail(id: "9@x", more: ["Delivered-To: q@z.test"])])
    scene.files["b/kim/Inbox.mbox"] = mbox([mail(id: "b@x")])
    scene.files["c/SAM@example.com/Inbox.mbox"] = mbox([mail(id: "c@x")])
    scene.files["d.mbox"] = mbox([mail(id: "d@x")])
    scene.sources = """
      [{"path":"a.mbox"},{"path":"b"},{"path":"c"},{"path":"d.mbox"}]
      """
    let out = try scene.run()
    #expect(
      out.decisions.map { $0["owner"].text } == Array(repeating: "sam", count: 9) + [
        "kim", "sam", "",
      ])
    #expect(out.reasons.last == "user-unknown")
    #expect(out.warnings.contains("a.mbox: owner sam, guessed"))
    scene.sources = #"[{"path":"d.mbox","owner":"who"}]"#
    let f = try fault(scene)
    #expect(f.status == .configuration && f.text.contains("sources[0].owner"))
  }

  @Test("without users the address that most mail was delivered to is the one user")
  func bare() throws {
    let folder = Folder()
    try folder.write(
      "Inbox.mbox",
      mbox([
        mail(more: ["Delivered-To: me@home.test"]),
        mail(from: "me@home.test", to: "ann@client.test", more: ["Delivered-To: me@home.test"]),
      ]))
    var o = ImportOptions()
    o.sources = [folder.file("Inbox.mbox")]
    o.out = folder.file("result")
    o.talk.isQuiet = true
    let out = try Outputs(folder, status: ImportRun.execute(o))
    #expect(out.decisions.map { $0["owner"].text } == ["me@home.test", "me@home.test"])
    #expect(out.decisions.map { $0["direction"].text } == ["inbound", "outbound"])
    #expect(out.reasons == ["no-lead", "no-lead"])
    #expect(out.warnings.contains("no leads list"))
    #expect(out.run["config"]["path"].isNull)
  }

  @Test("ES-7-provider: a source whose headers are another provider's is warned of, nothing drops")
  func provider() throws {
    let gmail = mail(more: ["X-Gmail-Labels: Inbox"])
    let exchange = mail(more: ["X-MS-Exchange-Organization-AuthAs: Internal"])
    let partner = mail(more: ["X-MS-Exchange-CrossTenant-AuthAs: Internal"])
    for (m, provider, isTold) in [
      (gmail, "gmail", false), (gmail, "outlook", true), (exchange, "gmail", true),
      (exchange, "outlook", false), (partner, "gmail", false), (gmail, "any", false),
    ] {
      let out = try Scene([m], email: #"{"provider":"\#(provider)"}"#).run()
      #expect(out.reasons == ["matched"])
      #expect(out.warnings.contains("provider-mismatch") == isTold, "\(provider)")
    }
  }

  @Test(
    "ES-0-business-only, ES-8.4-search-key, ES-2-account: warnings of the strict profile; users need an address"
  )
  func warnings() throws {
    var scene = Scene([mail()])
    scene.profile = "leadsquared"
    scene.users = #"[{"id":"sam","email":"sam@gmail.com","role":"Sales User"}]"#
    let out = try scene.run()
    #expect(out.warnings.contains("personal mailbox"))
    #expect(out.warnings.contains("leads.searchBy"))
    scene.users = #"[{"id":"sam","role":"Sales User"}]"#
    #expect(try fault(scene).status == .configuration)
  }
}
