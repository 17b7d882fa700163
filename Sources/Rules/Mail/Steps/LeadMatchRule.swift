import Bytes

/// Step 11: what ``LeadMatching`` found, once the leads of the whole run are known. The first rule
/// that keeps a mail, and the last that is asked. What it matched is ``MailSettlement/named``.
enum LeadMatchRule {
  static let rule = MailSettleRule(
    step: 11, name: "lead match", reasons: [.matched, .captured, .ambiguousLead, .noLead],
    settings: [
      "leads", "leads.searchBy", "leads.onMultiple", "email.inbound.captureLeads",
      "email.outbound.captureLeads", "ledger",
    ],
    ask: { c in
      if c.listedHits > 0 { return listed }
      if c.capturedHits > 0 { return captured }
      return c.isAmbiguous
        ? .drop(.ambiguousLead, by: "leads.onMultiple") : .drop(.noLead, by: "leads")
    },
    looksAt: { c in
      if c.hits > 0 {
        return "the mail's counterparts; leads of the list among them: \(c.listedHits), "
          + "captured ones: \(c.capturedHits)"
      }
      return c.isAmbiguous
        ? "the mail's counterparts: several leads carry the address"
        : "the mail's counterparts: none is a lead"
    },
    opposite: { _, f in
      switch f.reason {
      case .noLead: "put a counterpart into the leads list, or set captureLeads.enabled"
      case .ambiguousLead: "set leads.onMultiple to all or first"
      default: "take the counterparts out of the leads list and switch captureLeads off"
      }
    })

  // Made once: nearly every mail that is kept ends with one of them.
  private static let listed = Finding.keep(.matched, by: "leads.searchBy")
  private static let captured = Finding.keep(.captured, by: "captureLeads")
}
