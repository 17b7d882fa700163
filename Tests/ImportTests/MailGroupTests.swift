import Testing

@testable import Import

/// Mails that are held side by side share nothing.
@Suite struct MailGroupTests {
  private struct Kind: Sendable {
    var reason: String
    var make: @Sendable (_ subject: String, _ body: String) -> String
  }

  // Some end at reading, some at the rules, some are rendered; two do not fit beside others.
  private static let kinds = [
    Kind(reason: "matched") { mail(subject: $0, body: $1) },
    Kind(reason: "internal") { mail(from: "kim@free.test", subject: $0, body: $1) },
    Kind(reason: "matched") { sent(to: "bo@client.test", subject: $0, body: $1) },
    Kind(reason: "quarantined") { _, _ in "no header field here\n" },
    Kind(reason: "matched") {
      mail(
        from: "bo@client.test", subject: $0,
        more: ["Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable"],
        body: "<p>" + $1 + "</p>")
    },
    Kind(reason: "matched") {
      mail(subject: $0, body: $1 + "\n" + String(repeating: "Long line.\n", count: 12_000))
    },
    Kind(reason: "no-lead") { mail(from: "nobody@client.test", subject: $0, body: $1) },
    Kind(reason: "matched") {
      mail(subject: $0, body: $1 + "\n" + String(repeating: "Longer line.\n", count: 40_000))
    },
    Kind(reason: "matched") {
      mail(from: "ann@client.test", cc: "bo@client.test", subject: $0, body: $1)
    },
  ]

  /// Steps through the kinds by several strides, so that each comes at each place of a group.
  @Test(arguments: [1, 2, 4, 5, 7])
  func everyMailGetsItsOwnDecisionAndRecordsInOrder(stride: Int) throws {
    let picked = (0..<63).map { Self.kinds[$0 * stride % Self.kinds.count] }
    var scene = Scene([], email: #"{"internal":{"skip":true}}"#)
    scene.sources = #"[{"path":"box","owner":"sam"}]"#
    scene.files["box/new/.keep"] = ""
    for (i, kind) in picked.enumerated() {
      scene.files["box/cur/\(100 + i):2,S"] = kind.make("Subject \(i)", "Body \(i) ends.")
    }
    let out = try scene.run()
    func place(_ v: Value) -> Int {
      let name = v["source"]["path"].text?.split(separator: "/").last?.prefix(3)
      return (name.flatMap { Int($0) } ?? 0) - 100
    }
    #expect(out.reasons == picked.map(\.reason))
    #expect(out.decisions.map(place) == Array(0..<63))
    let filed = picked.indices.filter { picked[$0].reason == "matched" }
    #expect(out.activities.map(place) == filed)
    for a in out.activities {
      #expect(a["subject"].text == "Subject \(place(a))")
      #expect(a["bodyText"].text?.hasPrefix("Body \(place(a)) ends.") == true)
    }
  }
}
