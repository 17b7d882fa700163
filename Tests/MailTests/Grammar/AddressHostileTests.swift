import Bytes
import Mail
import Testing

/// The addresses of reliability.md row 21, written anew; each names the file of the manifest that
/// shows the attack. Where the manifest leaves a choice, the comment tells ours.
@Suite struct AddressHostileTests {
  typealias Mailbox = Reading.Mailbox
  static let valid = AddressParserTests.valid
  static let ambiguous = AddressParserTests.ambiguous
  static let invalid = AddressParserTests.invalid

  struct Case: CustomStringConvertible {
    var file: String
    var value: String
    var expected: [Mailbox]
    var description: String { file }
    init(_ file: String, _ value: String, _ expected: [Mailbox]) {
      self.file = file
      self.value = value
      self.expected = expected
    }
  }

  static let cases: [Case] = [
    Case(
      "addr_quoted_at", "\"attacker@gmail.example x\"@corp.example",
      [ambiguous("", "\"attacker@gmail.example x\"@corp.example")]),
    Case(
      "addr_quoted_at2", "\"a@b.example\"@c.example", [ambiguous("", "\"a@b.example\"@c.example")]),
    // Kept as text, without address.
    Case(
      "addr_two_at", "a@corp.example@evil.example", [invalid("a@corp.example@evil.example", "")]),
    // The address is beyond doubt; the name is flagged (addressNameIsAddress).
    Case(
      "addr_display_spoof", "\"ceo@corp.example\" <x@evil.example>",
      [valid("ceo@corp.example", "x@evil.example")]),
    Case(
      "addr_display_comma", "ceo@corp.example, x <x@evil.example>",
      [ambiguous("", "ceo@corp.example"), ambiguous("x", "x@evil.example")]),
    Case(
      "addr_comment_domain", "\"user\"@example.example(x)evil.example",
      [invalid("\"user\"@example.example(x)evil.example", "")]),
    // The comment behind is the name, as with every `address (name)`.
    Case(
      "addr_comment_nested", "user@(a(b)c)corp.example(<x@evil.example>)",
      [valid("<x@evil.example>", "user@corp.example")]),
    Case("addr_angle_first", "<x@evil.example>y@corp.example", [ambiguous("", "x@evil.example")]),
    Case(
      "addr_angle_nested", "<<x@evil.example>@corp.example>",
      [invalid("<<x@evil.example>@corp.example>", "")]),
    // White space around dots is read as RFC 5322 does, but makes no lead; never "corp".
    Case("addr_ws_domain", "a@corp .example", [ambiguous("", "a@corp.example")]),
    Case(
      "addr_route", "<@relay1.example,@relay2.example:a@corp.example>",
      [valid("", "a@corp.example")]),
    Case(
      "addr_group", "Team: a@corp.example, \"x;y\" <b@corp.example>;, c@client.example",
      [
        ambiguous("", "a@corp.example"), ambiguous("x;y", "b@corp.example"),
        ambiguous("", "c@client.example"),
      ]),
    // Nested groups hold what they hold; nothing in them makes a lead.
    Case(
      "addr_group_deep",
      String(repeating: "A:", count: 800) + "x@evil.example" + String(repeating: ";", count: 800),
      [ambiguous("", "x@evil.example")]),
    Case(
      "addr_ew_local", "=?utf-8?q?admin=40corp.example=3E=00?=@evil.example",
      [invalid("=?utf-8?q?admin=40corp.example=3E=00?=@evil.example", "")]),
    Case(
      "addr_ew_display", "=?utf-8?q?ceo=40corp.example_=3Cceo=40corp.example=3E?= <x@evil.example>",
      [valid("ceo@corp.example <ceo@corp.example>", "x@evil.example")]),
    // Cyrillic and Latin in one label, full-width and letterlike forms: kept as they are, no lead.
    Case("addr_idn_homograph", "x@соrp.example", [ambiguous("", "x@соrp.example")]),
    Case("addr_punycode", "x@xn--rp-emcl.example", [valid("", "x@xn--rp-emcl.example")]),
    Case("addr_fullwidth", "x@\u{FF43}orp.example", [ambiguous("", "x@\u{FF43}orp.example")]),
    Case("addr_kelvin", "\u{212A}ate@corp.example", [ambiguous("", "\u{212A}ate@corp.example")]),
    Case(
      "addr_plus", "Ann <ANN+crm@Client.Example>", [valid("Ann", "ANN+crm@Client.Example")]),
    Case("addr_null", "<>", []),
    Case("addr_empty", "", []),
    Case("addr_noaddr", "Mail Delivery Subsystem", [invalid("Mail Delivery Subsystem", "")]),
    Case("addr_ip_literal", "x@[127.0.0.1]", [valid("", "x@[127.0.0.1]")]),
    // The dot of the root is dropped: the same account.
    Case("addr_trailing_dot", "x@corp.example.", [valid("", "x@corp.example")]),
    Case(
      "addr_control", "x\0y@corp.example\u{7F}",
      [invalid("", "x\u{FFFD}y@corp.example\u{FFFD}")]),
    Case("addr_quoted_crlf", "\"a\\\r\n b\"@corp.example", [ambiguous("", "\"a b\"@corp.example")]),
    Case(
      "addr_commas", String(repeating: ",", count: 20_000) + "ann@client.example",
      [valid("", "ann@client.example")]),
  ]

  @Test(arguments: cases)
  func attacksGiveTheManifestsResult(_ c: Case) {
    #expect(Reading.addresses(c.value, authors: true).list == c.expected)
  }

  // addr_comment_deep: comments are counted, not descended into; over 32 levels are flagged.
  @Test func deepCommentsAreSkippedAndFlagged() {
    let n = 3000
    let s =
      "u" + String(repeating: "(", count: n) + String(repeating: ")", count: n) + "@corp.example"
    let r = Reading.addresses(s)
    #expect(r.list.map(\.address) == ["u@corp.example"])
    #expect(r.defects == .addressComment)
    let fine =
      String(repeating: "(", count: 32) + String(repeating: ")", count: 32) + "u@corp.example"
    #expect(Reading.addresses(fine).defects.isEmpty)
  }

  // addr_comment_unclosed: the address before it is kept.
  @Test func unclosedCommentsEndWithTheField() {
    let r = Reading.addresses("x@corp.example (" + String(repeating: "c", count: 20_000))
    #expect(r.list.map(\.address) == ["x@corp.example"])
    #expect(r.list.first?.validity == .valid)
    #expect(r.defects == .addressComment)
  }

  // addr_domain_literal_long, addr_long_local: invalid, text kept.
  @Test func addressesOverTheLimitsAreInvalid() {
    let literal = Reading.addresses("x@[" + String(repeating: "a", count: 20_000) + "]").list
    #expect(literal.map(\.validity) == [.invalid])
    let local = Reading.addresses(String(repeating: "l", count: 20_000) + "@corp.example").list
    #expect(local.map(\.validity) == [.invalid])
    #expect(local.first?.address.hasPrefix("lll") == true)
    func validity(_ n: Int, _ m: Int) -> MailAddress.Validity? {
      let s = String(repeating: "l", count: n) + "@" + String(repeating: "d", count: m)
      return Reading.addresses(s).list.first?.validity
    }
    #expect(validity(64, 189) == .valid)
    #expect(validity(65, 20) == .invalid)
    #expect(validity(64, 190) == .invalid)
  }

  @Test func theCountOfTwoThousandRecipientsIsKept() {  // addr_recipients_2000
    let s = (0..<2000).map { "u\($0)@corp.example" }.joined(separator: ",\r\n ")
    #expect(Reading.addresses(s).list.count == 2000)
  }
}
