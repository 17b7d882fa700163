import Bytes
import Testing

@testable import Rules

/// The facts of a mail in Sam's mailbox (`sam@own.example`); from Ann to Sam unless it says
/// otherwise.
func mail(
  from: String = "ann@client.example", to: [String] = ["sam@own.example"], cc: [String] = [],
  bcc: [String] = [], owner: String = "sam", texts: GivenTexts = GivenTexts(),
  _ change: (MailFacts) -> Void = { _ in }
) -> MailFacts {
  let facts = MailFacts(texts: texts)
  facts.owner = owner
  let fields: [(AddressFields, [String])] = [(.from, [from]), (.to, to), (.cc, cc), (.bcc, bcc)]
  for (field, list) in fields {
    for written in list {
      let address = facts.text.place { facts.text.append(string: written) }
      let key = facts.keys.place {
        _ = AddressEntry.appendAddress(facts.text[address], to: facts.keys)
      }
      facts.parties.append(
        MailParty(field: field, key: key, address: address, name: .empty, isTrusted: true))
    }
  }
  change(facts)
  return facts
}

/// Sam, with more if need be.
func sam(
  standing: Reason? = nil, rule: String = "", connectedAt: Int64? = nil,
  inbound: UserDirection = UserDirection(), outbound: UserDirection = UserDirection()
) -> MailUserPlan {
  MailUserPlan(
    id: "sam", standing: standing, standingRule: rule, connectedAt: connectedAt, inbound: inbound,
    outbound: outbound, addressKeys: ["sam@own.example", "s@own.example"].map { Array($0.utf8) })
}

/// A mail under a plan, begun.
func context(_ facts: MailFacts, _ plan: MailPlan) -> MailContext {
  let c = MailContext(plan: plan, facts: facts)
  c.begin()
  return c
}

/// What the rules say of a mail under a plan. Every rule is asked on the way: it gives no reason
/// but its own, and has words for everything.
func decide(_ facts: MailFacts, _ plan: MailPlan) -> Finding {
  for rule in MailRules.book.rules {
    let c = context(facts, plan)
    let f = rule.ask(c)
    #expect(f.reason.map(rule.reasons.contains) ?? true, "\(rule.name)")
    #expect((f.reason == nil) == f.rule.isEmpty, "\(rule.name): a drop names what decided")
    #expect(f.reason == nil || rule.matters(plan), "\(rule.name)")
    #expect(!rule.looksAt(c).isEmpty && !rule.opposite(c, f).isEmpty, "\(rule.name)")
  }
  let finding = MailRules.decide(facts, under: plan)
  #expect(MailRules.book.asked(under: plan).decide(context(facts, plan)) == finding)
  return finding
}

/// A keyword set of words that are folded already.
func keywords(_ words: String...) -> KeywordSet {
  KeywordSet(texts: words, folded: words.map { Array($0.utf8) })
}
