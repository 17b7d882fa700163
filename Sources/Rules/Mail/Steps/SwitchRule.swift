/// Step 3: whether mail is synced at all, and in this direction.
enum SwitchRule {
  static let rule = MailRule(
    step: 3, name: "switches", reasons: [.syncDisabledAll, .syncDisabled, .directionDisabled],
    settings: [
      "email.disableForAllUsers", "email.enabled", "email.inbound.enabled",
      "email.outbound.enabled",
    ],
    ask: { c in
      if c.plan.isDisabledForAll {
        return .drop(.syncDisabledAll, by: "email.disableForAllUsers")
      }
      if !c.plan.isEnabled { return .drop(.syncDisabled, by: "email.enabled") }
      if !c.settings.isEnabled {
        return .drop(.directionDisabled, by: "email.\(c.direction.name).enabled")
      }
      return .pass
    },
    looksAt: { c in "direction \(c.direction.name); the switches for it" },
    opposite: { c, f in
      switch f.reason {
      case .syncDisabledAll: "set email.disableForAllUsers to false"
      case .syncDisabled: "set email.enabled to true"
      case .directionDisabled: "set email.\(c.direction.name).enabled to true"
      default: "set email.\(c.direction.name).enabled to false"
      }
    },
    matters: { plan in
      plan.isDisabledForAll || !plan.isEnabled || !plan.inbound.isEnabled
        || !plan.outbound.isEnabled
    })
}
