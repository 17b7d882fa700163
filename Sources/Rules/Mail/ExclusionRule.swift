import Bytes

/// Step 8: addresses and domains that no mail may touch (features.md ES-8.2).
enum ExclusionRule {
  static let rule = Rule<MailContext>(
    step: 8, name: "exclusions", reasons: [.excludedAdmin, .excludedUser],
    settings: ["email.inbound.exclude", "email.outbound.exclude", "users"],
    ask: ask,
    looksAt: { c in
      let s = c.settings
      let own = c.owner?.exclude[Int(c.direction.rawValue)].entries.count ?? 0
      return "\(s.exclude.entries.count) entries of the administrator and \(own) of the user, "
        + "tested on \(fields(c)), scope \(s.excludeScope.rawValue)"
    },
    opposite: { c, f in
      guard f.reason != nil else { return "exclude one of the mail's addresses or their domain" }
      return "take \"\(entry(of: f))\" out of \(f.rule), or set its scope to recipient"
    },
    matters: { plan in
      !plan.inbound.exclude.isEmpty || !plan.outbound.exclude.isEmpty
        || plan.users.contains { user in user.exclude.contains { !$0.isEmpty } }
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
    let userSet = c.owner?.exclude[Int(c.direction.rawValue)] ?? AddressSet()
    if settings.exclude.isEmpty && userSet.isEmpty { return .pass }
    let tested = testedFields(c)
    var first: Finding?
    for i in c.parties.indices {
      let p = c.parties[i]
      guard tested.contains(p.field), !p.key.isEmpty else { continue }
      var finding: Finding
      if let e = settings.exclude.match(c.key(p)) {
        finding = .drop(
          .excludedAdmin, by: "email.\(c.direction.name).exclude.admin",
          settings.exclude.entries[e])
      } else if let e = userSet.match(c.key(p)) {
        finding = .drop(
          .excludedUser, by: "users.overrides.\(c.direction.name).exclude", userSet.entries[e])
      } else {
        continue
      }
      if settings.excludeScope == .message {
        finding.matched += "\(mark)\(p.field.name)"
        return finding
      }
      c.parties[i].isExcluded = true
      if first == nil { first = finding }
    }
    guard let first else { return .pass }
    // Scope recipient: drops only when no counterpart is left.
    let fields = settings.counterpartFields
    let isLeft = c.parties.contains {
      fields.contains($0.field) && !$0.key.isEmpty && !$0.isExcluded
    }
    return isLeft ? .pass : first
  }

  // `entry in field`: the entry is what stands in the configuration.
  private static let mark = " in "

  private static func entry(of finding: Finding) -> String {
    finding.matched.withByteView { matched in
      mark.withByteView { matched.prefix(matched.firstRange(of: $0) ?? matched.count).string }
    }
  }
}
