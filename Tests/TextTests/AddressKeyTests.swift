import Bytes
import TestSupport
import Testing

@testable import Text

@Suite struct AddressKeyTests {
  private func key(_ address: String) -> String? {
    let out = ByteBuffer()
    out.append("before ")
    let made = address.withByteView { AddressKey.append($0, to: out) }
    if !made { #expect(out.string == "before ") }
    return made ? String(out.string.dropFirst(7)) : nil
  }

  @Test(arguments: [
    ("Anna@Example.COM", "anna@example.com"), ("  a@b.se\r\n", "a@b.se"), ("a@b.se.", "a@b.se"),
    ("a@b.se..", "a@b.se."), ("\u{A0}a@b.se\u{FEFF}\u{A0} ", "a@b.se"),
    ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
    ("a@bu\u{308}cher.example", "a@xn--bcher-kva.example"),
    ("a@münchen.de", "a@xn--mnchen-3ya.de"), ("a@straße.de", "a@xn--strae-oqa.de"),
    ("a@STRAẞE.de", "a@xn--strae-oqa.de"), ("a@例え.jp", "a@xn--r8jz45g.jp"),
    ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
    ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"),
    ("x@соrp.example", "x@xn--rp-emcl.example"), ("Åsa@b.se", "Åsa@b.se"),
    ("\"a@B\"@c.se", "\"a@b\"@c.se"), ("a@b@c.se", "a@b@c.se"),
    ("a@[IPv6:FE80::1]", "a@[ipv6:fe80::1]"),
    ("o\"brien@x.se", "o\"brien@x.se"), ("\"a\\\"@b\"@c.se", "\"a\\\"@b\"@c.se"),
  ])
  func addressesHaveOneKey(address: String, expected: String) {
    #expect(key(address).map { Array($0.utf8) } == Array(expected.utf8))
  }

  @Test(arguments: ["", "anna", "@b.se", "a@", "a@.", "\"a@b.se", "  "])
  func whatIsNoAddressHasNoKey(address: String) {
    #expect(key(address) == nil)
  }

  @Test func kelvinSignIsNoK() {
    #expect(
      key("\u{212A}ate@corp.example").map { Array($0.utf8) }
        == Array("\u{212A}ate@corp.example".utf8))
    #expect(
      key("a@\u{212A}orp.example").map { Array($0.utf8) } == Array("a@\u{212A}orp.example".utf8))
  }

  @Test(arguments: [
    "\u{FF43}orp", "\u{FF23}\u{FF2F}\u{FF32}\u{FF30}", "\u{212A}orp", "\u{17F}orp", "\u{FB01}",
    "a\u{37E}",
  ])
  func nothingOutsideASCIIBecomesAnASCIIDomain(label: String) throws {
    let domain = try #require(key("x@\(label).example")).dropFirst(2).dropLast(8)
    #expect(domain.hasPrefix("xn--") || !domain.utf8.allSatisfy { $0 < 128 })
  }

  // The sample strings of RFC 3492 7.1 that fit into a label, in lower case.
  @Test(arguments: [
    ("ليهمابتكلموشعربي؟", "xn--egbpdaj6bu4bxfgehfvwxn"),
    ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
    ("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"),
    ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
    ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"), ("そのスピードで", "xn--d9juau41awczczp"),
    ("安室奈美恵-with-super-monkeys", "xn---with-super-monkeys-pc58ag80a8qai00g7n9n"),
  ])
  func labelsAreWrittenInPunycode(label: String, aLabel: String) {
    #expect(key("a@\(label)") == "a@\(aLabel)")
  }

  @Test func labelsWithoutAnALabelKeepTheirBytes() {
    let long = String(repeating: "é", count: 60)
    #expect(key("a@X\(long).SE") == "a@x\(long).se")
    let out = ByteBuffer()
    let made = [0x61, 0x40, 0x42, 0xFF, 0x2E, 0x43].withByteView { AddressKey.append($0, to: out) }
    #expect(made)
    #expect(out.array == [0x61, 0x40, 0x62, 0xFF, 0x2E, 0x63])
  }

  @Test(.slow) func hugeDomainsTakeLinearTime() {
    expectLinear(
      60_000,
      make: { n in
        "a@" + String(repeating: "é", count: n) + "." + String(repeating: "ü.", count: n / 5)
      }
    ) { _ = key($0) }
  }

  @Test func domainsOfKeysAndAlone() {
    #expect("\"a@b\"@c.se".withByteView { AddressKey.domain(of: $0).string } == "c.se")
    #expect("a@b@c.se".withByteView { AddressKey.domain(of: $0).string } == "c.se")
    #expect("nobody".withByteView { AddressKey.domain(of: $0).isEmpty })
    let out = ByteBuffer()
    #expect(" Bücher.Example. ".withByteView { AddressKey.appendDomain($0, to: out) })
    #expect(out.string == "xn--bcher-kva.example")
    #expect(!" . ".withByteView { AddressKey.appendDomain($0, to: out) })
    #expect(out.string == "xn--bcher-kva.example")
  }
}
