import Bytes
import Testing

@testable import Records

@Suite struct PseudonymTexts {
  private let pseudonyms = Pseudonyms(secret: SHA256.digest(ByteView("secret")))

  private func address(_ s: String) -> String {
    s.withByteView { pseudonyms.address($0).string }
  }

  @Test(
    "an address is hidden as a whole, with its quotes, spaces and apostrophes",
    arguments: [
      "ann@client.test", "\"zebulon quux\"@xylofirm.example", "\"a \\\" b\"@client.test",
      "o'hara@client.test", "\"zebulon,quux\"@xylofirm.example",
    ])
  func wholeAddress(text: String) {
    let hidden = pseudonyms.text("to (\(text)), then \(text); end")
    #expect(hidden == "to (\(address(text))), then \(address(text)); end")
  }

  @Test(
    "what is no address stays",
    arguments: ["in/sam/a.mbox#3", "say \"hi\" to o'hara", "", "a 'b' \"c\""])
  func others(text: String) { #expect(pseudonyms.text(text) == text) }

  @Test("folders of a path are hidden one by one, and quotes that are open stay")
  func paths() {
    #expect(
      pseudonyms.text("in/ann@client.test/b.mbox#1")
        == "in/\(address("ann@client.test"))/b.mbox#1")
    #expect(pseudonyms.text("\"open ann@client.test") == "\"open \(address("ann@client.test"))")
  }

  @Test("a pseudonym stands for itself")
  func twice() {
    let once = pseudonyms.text("x ann@client.test y")
    #expect(pseudonyms.text(once) == once)
  }

  @Test("an excluded address is hidden with its quotes, and where it stood is shown")
  func exclusions() {
    func matched(_ s: String) -> String {
      s.withByteView { pseudonyms.matched($0, .exclusion).string }
    }
    let quoted = "\"zebulon quux\"@xylofirm.example"
    #expect(matched("\(quoted) in from") == "\(address(quoted)) in from")
    #expect(matched("ann@client.test in to") == "\(address("ann@client.test")) in to")
    #expect(!matched("client.test in to").contains("client"))
    #expect(matched("@client.test in to") == matched("client.test in to"))
  }
}

@Suite struct Disclosures {
  @Test("of two reasons to withhold the stricter counts")
  func stricter() {
    let holds = Holdings(private: .withheld, headers: .kept, pseudonymous: .pseudonym(.id))
    #expect(holds.holding(Disclosure(.full)) == .kept)
    #expect(holds.holding(Disclosure(.headers)) == .kept)
    #expect(holds.holding(Disclosure(.pseudonymous)) == .pseudonym(.id))
    for privacy in Privacy.allCases {
      #expect(holds.holding(Disclosure(privacy, isPrivate: true)) == .withheld)
    }
  }

  @Test("nothing that may quote or hold a private event is shown beside its record")
  func asides() {
    for aside in Aside.allCases {
      #expect(Disclosure(.full).shows(aside))
      #expect(!Disclosure(.full, isPrivate: true).shows(aside))
    }
    #expect(Disclosure(.headers).shows(.quotedValue))
    #expect(!Disclosure(.headers).shows(.quarantinedBytes))
  }
}
