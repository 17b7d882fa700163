import Bytes
import Mail
import TestSupport
import Testing

@Suite struct AddressParserTests {
  typealias Mailbox = Reading.Mailbox

  static func valid(_ name: String, _ address: String) -> Mailbox {
    Mailbox(name: name, address: address, validity: .valid)
  }
  static func ambiguous(_ name: String, _ address: String) -> Mailbox {
    Mailbox(name: name, address: address, validity: .ambiguous)
  }
  static func invalid(_ name: String, _ address: String) -> Mailbox {
    Mailbox(name: name, address: address, validity: .invalid)
  }

  @Test(arguments: [
    ("ann@example.com", [valid("", "ann@example.com")]),
    ("<ann@example.com>", [valid("", "ann@example.com")]),
    ("Ann Lee <ANN+crm@Client.Example>", [valid("Ann Lee", "ANN+crm@Client.Example")]),
    ("\"Lee, Ann\" <a@b.c>", [valid("Lee, Ann", "a@b.c")]),
    ("\"say \\\"hi\\\" \\\\ there\" <a@b.c>", [valid("say \"hi\" \\ there", "a@b.c")]),
    ("First \"M.\" Last <a@b.c>", [valid("First M. Last", "a@b.c")]),
    ("John Q. Public <a@b.c>", [valid("John Q. Public", "a@b.c")]),
    ("'Ann Lee' <a@b.c>", [valid("'Ann Lee'", "a@b.c")]),
    ("Foo  Bar\r\n\t Baz <a@b.c>", [valid("Foo Bar Baz", "a@b.c")]),
    ("a@b.c (Ann \\(Lee\\))", [valid("Ann (Lee)", "a@b.c")]),
    ("a@b.c (=?utf-8?q?J=C3=B6rg?=)", [valid("Jörg", "a@b.c")]),
    ("<a@b.c> (Mail System)", [valid("Mail System", "a@b.c")]),
    ("Ann (Sales) <a@b.c>", [valid("Ann", "a@b.c")]),
    ("pete(his account)@silly.test(his host)", [valid("his host", "pete@silly.test")]),
    ("=?utf-8?Q?Doe,_J?= <a@b.c>", [valid("Doe, J", "a@b.c")]),
    ("\"=?utf-8?Q?Doe,_J?=\" <a@b.c>", [valid("Doe, J", "a@b.c")]),
    ("=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?= Lee <a@b.c>", [valid("Jörg Lee", "a@b.c")]),
    ("=?utf-8?Q?a@b.c?= <a@b.c>", [valid("a@b.c", "a@b.c")]),
    ("a@b.c, d@e.f", [valid("", "a@b.c"), valid("", "d@e.f")]),
    ("a@b.c,,\r\n , d@e.f,", [valid("", "a@b.c"), valid("", "d@e.f")]),
    ("a@b.c; Dan <d@e.f>;", [valid("", "a@b.c"), valid("Dan", "d@e.f")]),
    ("undisclosed-recipients:;", []),
    ("unlisted-recipients:; (no To-header on input)", []),
    ("(nobody here)", []),
    (
      "A Group:Ed Jones <joe@where.test>,john@jdoe.one.test;, x@y.z",
      [
        valid("Ed Jones", "joe@where.test"), valid("", "john@jdoe.one.test"), valid("", "x@y.z"),
      ]
    ),
    ("<mailto:a@b.c>", [valid("", "a@b.c")]),
    ("mailto:a@b.c", [valid("", "a@b.c")]),
    ("\"john.doe\"@example.com", [valid("", "\"john.doe\"@example.com")]),
    ("jörg@bücher.example", [valid("", "jörg@bücher.example")]),
    ("x@[IPv6:2001:db8::1]", [valid("", "x@[IPv6:2001:db8::1]")]),
    ("a..b.@docomo.example", [valid("", "a..b.@docomo.example")]),
    ("[Ticket 1] <a@b.c>", [valid("[Ticket 1]", "a@b.c")]),
    ("Meeting at 12:30 <a@b.c>", [valid("Meeting at 12:30", "a@b.c")]),
    ("see http://b.c/ <a@b.c>", [valid("see http://b.c/", "a@b.c")]),
  ])
  func wellMeantFieldsAreRead(value: String, expected: [Mailbox]) {
    #expect(Reading.addresses(value).list == expected)
  }

  // mail.md 4a: the commonest damage in real From fields.
  @Test(arguments: [
    ("Doe, John <a@b.c>", [valid("Doe, John", "a@b.c")]),
    ("Energy Bill …  ,_<a@b.c>", [valid("Energy Bill … ,_", "a@b.c")]),
    (
      "Doe, John <a@b.c>, Roe, \"Ann\" <d@e.f>",
      [valid("Doe, John", "a@b.c"), valid("Roe, Ann", "d@e.f")]
    ),
  ])
  func aDisplayNameMayHoldCommas(value: String, expected: [Mailbox]) {
    let r = Reading.addresses(value, authors: expected.count == 1)
    #expect(r.list == expected)
    #expect(r.defects == .addressUnquotedComma)
  }

  @Test(arguments: [
    ("Ann <a@b.c", [ambiguous("Ann", "a@b.c")]),
    ("Ann <a@b.c, Bob <d@e.f>", [ambiguous("Ann", "a@b.c"), valid("Bob", "d@e.f")]),
    ("<<a@b.c>>", [valid("", "a@b.c")]),
    ("<a@b.c> Ann", [ambiguous("", "a@b.c")]),
    ("<a@b.c><d@e.f>", [ambiguous("", "a@b.c"), ambiguous("", "d@e.f")]),
    ("Ann <a@b.c> Bob <d@e.f>", [ambiguous("Ann", "a@b.c"), ambiguous("Bob", "d@e.f")]),
    ("<a@b.c, d@e.f>", [ambiguous("", "a@b.c"), ambiguous("", "d@e.f")]),
    ("Ann <a@b.c<mailto:a@b.c>>", [ambiguous("Ann", "a@b.c")]),
    ("Ann [mailto:a@b.c]", [ambiguous("Ann", "a@b.c")]),
    ("mailing list a@b.c", [ambiguous("mailing list", "a@b.c")]),
    ("a@b.c d@e.f", [ambiguous("", "a@b.c"), ambiguous("", "d@e.f")]),
    ("'a@b.c'", [ambiguous("", "a@b.c")]),
    ("\"a@b.c\"", [ambiguous("", "a@b.c")]),
    ("x@y.z Ann <a@b.c>", [ambiguous("x@y.z Ann", "a@b.c")]),
    ("\"Ann <a@b.c>", [valid("Ann", "a@b.c")]),
    ("\\\"Ann\\\" <a@b.c>", [valid("\"Ann\"", "a@b.c")]),
    ("Ann :( <a@b.c>", [valid("(", "a@b.c")]),
    ("\"user name\"@example.com", [ambiguous("", "\"user name\"@example.com")]),
  ])
  func damageIsSurvivedAndJudged(value: String, expected: [Mailbox]) {
    #expect(Reading.addresses(value).list == expected)
  }

  @Test(arguments: [
    ("Mail Delivery Subsystem", [invalid("Mail Delivery Subsystem", "")]),
    ("=?utf-8?q?J=C3=B6rg?= Lee", [invalid("Jörg Lee", "")]),
    ("root", [invalid("", "root")]),
    ("MAILER-DAEMON (Mail System)", [invalid("Mail System", "MAILER-DAEMON")]),
    ("Moderator <moderator>", [invalid("Moderator", "moderator")]),
    ("MAILER DAEMON <>", [invalid("MAILER DAEMON", "")]),
    ("Ann; a@b.c", [invalid("", "Ann"), valid("", "a@b.c")]),
    ("@develop:sblab!att!nsb", [invalid("@develop:sblab!att!nsb", "")]),
    ("a@b@c", [invalid("a@b@c", "")]),
    ("<a\\@b.c@d.e>", [invalid("", "a\\@b.c@d.e")]),
    ("a@exa mple.com.", [ambiguous("", "a@exa")]),
    ("a@b..c", [invalid("a@b..c", "")]),
    ("a@b.c?", [invalid("", "a@b.c?")]),
  ])
  func whatIsNoAddressIsKeptAsText(value: String, expected: [Mailbox]) {
    #expect(Reading.addresses(value).list == expected)
  }

  // mail.md 3c: senders without an SMTP address.
  @Test(arguments: [
    (
      "\"Doe, John\" </O=ORG/OU=FIRST (X)/CN=RECIPIENTS/CN=JDOE>",
      invalid("Doe, John", "/O=ORG/OU=FIRST (X)/CN=RECIPIENTS/CN=JDOE")
    ),
    (
      "John <IMCEAEX-_O=ORG_OU=X_CN=JDOE@example.com>",
      invalid("John", "IMCEAEX-_O=ORG_OU=X_CN=JDOE@example.com")
    ),
  ])
  func exchangeNamesAreNoAddresses(value: String, expected: Mailbox) {
    let r = Reading.addresses(value)
    #expect(r.list == [expected])
    #expect(r.defects.contains(.addressExchange))
  }

  @Test func rawBytesInNamesAreGuessed() {
    let r = Reading.addresses([0x4A, 0x6F, 0x73, 0xE9] + Array(" <a@b.c>".utf8))
    #expect(r.list == [Self.valid("José", "a@b.c")])
    #expect(r.defects == .raw8Bit)
    let inAddress = Reading.addresses([0xE9] + Array("@b.c".utf8))
    #expect(inAddress.list == [Self.invalid("", "é@b.c")])
  }

  @Test func aNameThatShowsAnotherAddressIsFlagged() {
    #expect(
      Reading.addresses("\"ceo@corp.example\" <x@evil.example>").defects == .addressNameIsAddress)
    #expect(Reading.addresses("\"X@evil.example\" <x@evil.example>").defects.isEmpty)
    #expect(Reading.addresses("'x@evil.example' <x@evil.example>").defects.isEmpty)
    #expect(Reading.addresses("Ann @ Home <x@evil.example>").defects.isEmpty)
  }

  @Test func ambiguousIsEveryAuthorWhenThereAreSeveral() {
    let r = Reading.addresses("a@b.c, d@e.f", authors: true)
    #expect(r.list == [Self.ambiguous("", "a@b.c"), Self.ambiguous("", "d@e.f")])
    #expect(r.defects == .addressSeveralAuthors)
    #expect(Reading.addresses("a@b.c, d@e.f").list.allSatisfy { $0.validity == .valid })
  }

  @Test func listsGoOnWhereTheyAre() {
    let text = ByteBuffer()
    let list = ReusedList<MailAddress>()
    let parser = AddressParser()
    for s in ["a@b.c (", "\"x", "Ann <d@e.f>"] {
      _ = s.withByteView { parser.parse($0, text: text, into: list) }
    }
    #expect(list.map { text[$0.address].string } == ["a@b.c", "", "d@e.f"])
    #expect(list.map { text[$0.name].string } == ["", "x", "Ann"])
  }

  @Test(.slow) func hostileAmountsTakeLinearTime() {
    for s in [
      "(", "(\\", "<", "\"", "\" ", "\"\\", ",", "a,", "a@b ", "a@b<", "<a@b> ", "a:", "x@[",
      "</O=a", "@", ".", "[mailto:", "=?utf-8?q?a ", "\"a@b\",", "'a@b' ", "a;", "<@a,",
    ] {
      expectLinear(8_192, "\(s)", make: { String(repeating: s, count: $0) }) {
        _ = Reading.addresses($0)
      }
    }
  }

  @Test func allRecipientsAreKept() {
    let many = (0..<5000).map { "u\($0)@corp.example" }
    #expect(Reading.addresses(many.joined(separator: ",\r\n ")).list.map(\.address) == many)
  }
}
