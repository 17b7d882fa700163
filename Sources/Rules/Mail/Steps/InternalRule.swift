import Bytes

/// Step 7: mail among colleagues.
enum InternalRule {
  static let rule = MailRule(
    step: 7, name: "internal", reasons: [.internal],
    settings: ["email.internal.skip", "organization.domains", "users"],
    ask: { c in
      guard c.plan.skipsInternal, isInternal(c) else { return .pass }
      return .drop(.internal, by: "email.internal.skip")
    },
    looksAt: { c in
      let parties = c.facts.parties
      guard
        let outsider = parties.first(where: {
          $0.key.isEmpty || !c.plan.isInternal(c.facts.key($0))
        })
      else { return "every address of From, To, Cc, Bcc; all are inside the organisation" }
      return "every address of From, To, Cc, Bcc; an outsider: "
        + c.facts.text[outsider.address].string
    },
    opposite: { _, f in
      f.reason == nil
        ? "set email.internal.skip to true and have only internal addresses on the mail"
        : "set email.internal.skip to false, or take a domain out of organization.domains"
    },
    matters: { $0.skipsInternal })

  /// From and every To, Cc, Bcc is internal; one outsider makes it external.
  static func isInternal(_ c: MailContext) -> Bool {
    var hasFrom = false
    for p in c.facts.parties {
      if p.key.isEmpty || !c.plan.isInternal(c.facts.key(p)) { return false }
      if p.field == .from { hasFrom = true }
    }
    return hasFrom
  }
}
