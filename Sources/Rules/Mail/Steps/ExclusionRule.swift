import Bytes

/// Step 8: addresses and domains that no mail may touch (ES-8.2).
enum ExclusionRule {
  static let rule = MailRule(
    step: 8, name: "exclusions", reasons: [.excludedAdmin, .excludedUser],
    settings: ["email.inbound.exclude", "email.outbound.exclude", "users"],
    ask: ask,
    looksAt: { c in
      let s = c.settings
      let own = c.owner?.settings(c.direction).exclude.entries.count ?? 0
      return "\(s.exclude.entries.count) entries of the administrator and \(own) of the user, "
        + "tested on \(fields(c)), scope \(s.excludeScope.rawValue)"
    },
    opposite: { _, f in
      guard f.reason != nil else { return "exclude one of the mail's addresses or their domain" }
      return "take \"\(entry(of: f))\" out of \(f.rule), or set its scope to recipient"
    },
    matters: { plan in
      [plan.inbound, plan.outbound].contains { !$0.exclude.isEmpty }
        || plan.users.contains { !$0.inbound.exclude.isEmpty || !$0.outbound.exclude.isEmpty }
    })

  /// The fields under test: inbound tests From always.
  static func testedFields(_ c: MailContext) -> AddressFields {
    c.direction == .inbound
      ? c.settings.excludeFields.union(.from) : c.settings.excludeFields
  }

  private static func fields(_ c: MailContext) -> String {
    let all: [AddressFields] = [.from, .to, .cc, .bcc]
    return all.filter { testedFields(c).contains($0) }.map { "\($0.name)" }.joined(separator: ", ")
  }

  private static func ask(_ c: MailContext) -> Finding {
    let settings = c.settings
    let own = c.owner?.settings(c.direction).exclude ?? AddressSet()
    if settings.exclude.isEmpty && own.isEmpty { return .pass }
    let tested = testedFields(c)
    let parties = c.facts.parties
    var first: Finding?
    for i in parties.indices {
      let p = parties[i]
      guard tested.contains(p.field), !p.key.isEmpty,
        var finding = find(c.facts.key(p), settings.exclude, own, c.direction)
      else { continue }
      if settings.excludeScope == .message {
        finding.matched += "\(mark)\(p.field.name)"
        return finding
      }
      c.exclude(i)
      if first == nil { first = finding }
    }
    guard let first else { return .pass }
    // Scope recipient: drops only when no counterpart is left.
    let fields = settings.counterpartFields
    let isLeft = parties.indices.contains {
      fields.contains(parties[$0].field) && !parties[$0].key.isEmpty && !c.isExcluded($0)
    }
    return isLeft ? .pass : first
  }

  private static func find(
    _ key: ByteView, _ admin: AddressSet, _ own: AddressSet, _ direction: Direction
  ) -> Finding? {
    if let e = admin.match(key) {
      return .drop(
        .excludedAdmin, by: "email.\(direction.name).exclude.admin", admin.entries[e])
    }
    if let e = own.match(key) {
      return .drop(.excludedUser, by: "users.overrides.\(direction.name).exclude", own.entries[e])
    }
    return nil
  }

  // `entry in field`: the entry is what stands in the configuration.
  private static let mark = " in "

  private static func entry(of finding: Finding) -> String {
    finding.matched.withByteView { matched in
      mark.withByteView { matched.prefix(matched.firstRange(of: $0) ?? matched.count).string }
    }
  }
}
