import Bytes
import Testing

@testable import Rules

/// Steps 10 and 11 for mail.
@Suite struct MailSettlingRules {
  private let settlement = MailSettlement(plan: .init(hasLedger: true))

  private func decide(_ change: (MailSettlement) -> Void) -> Finding {
    settlement.reset()
    change(settlement)
    for rule in MailRules.settling.rules {
      let f = rule.ask(settlement)
      #expect(f.reason.map(rule.reasons.contains) ?? true)
      #expect(!rule.looksAt(settlement).isEmpty && !rule.opposite(settlement, f).isEmpty)
    }
    var f = MailRules.settling.decide(settlement)
    if f.matched.isEmpty { f.matched = settlement.named.string }
    return f
  }

  @Test("A copy is a duplicate, whatever else is known of it, and no original")
  func copies() {
    let f = decide {
      $0.earlierCopy = "a.mbox#3"
      $0.listedHits = 1
    }
    #expect(f == Finding(reason: .duplicate, rule: "duplicates", matched: "a.mbox#3"))
    #expect(!settlement.isOriginal)
  }

  @Test("A mail is unchanged only when each of its records was published")
  func published() {
    let address = ByteView("ann@client.example")
    let all = decide {
      $0.listedHits = 1
      $0.capturedHits = 1
      $0.publishedHits = 2
      $0.firstHit = address
    }
    #expect(all == Finding(reason: .unchanged, rule: "ledger", matched: "ann@client.example"))
    #expect(settlement.isOriginal && settlement.isPublished)
    settlement.publishedHits = 1
    #expect(MailRules.settling.decide(settlement).reason == .matched)
    #expect(decide { _ in }.reason == .noLead, "nothing published is not everything published")
    let alone = MailRules.settling.asked(under: .init(hasLedger: false))
    #expect(alone.rules.map(\.name) == ["duplicates", "lead match"])
  }

  @Test("A lead of the list comes before a captured one, and either before an ambiguous address")
  func leads() {
    let hit = ByteView("ann@client.example")
    let ids = ByteView("L1,L2")
    #expect(
      decide {
        $0.listedHits = 1
        $0.capturedHits = 2
        $0.firstHit = hit
      } == Finding(reason: .matched, rule: "leads.searchBy", matched: "ann@client.example"))
    #expect(
      decide {
        $0.capturedHits = 1
        $0.firstHit = hit
        $0.isAmbiguous = true
        $0.lookedUp = ids
      } == Finding(reason: .captured, rule: "captureLeads", matched: "ann@client.example"))
    #expect(
      decide {
        $0.isAmbiguous = true
        $0.lookedUp = ids
      } == Finding(reason: .ambiguousLead, rule: "leads.onMultiple", matched: "L1,L2"))
    #expect(
      decide { $0.lookedUp = hit }
        == Finding(reason: .noLead, rule: "leads", matched: "ann@client.example"))
    #expect(!settlement.isOriginal)
  }
}
