/// Step 5: the window, and when mail was connected. Mail without any date passes.
enum TimeRule {
  static let rule = MailRule(
    step: 5, name: "time", reasons: [.outsideWindow, .beforeConnected],
    settings: ["--from", "--to", "users", "email.connectedAt"],
    ask: { c in
      guard let date = c.facts.date else { return .pass }
      if let from = c.plan.from, date < from { return .drop(.outsideWindow, by: "--from") }
      if let to = c.plan.to, date > to { return .drop(.outsideWindow, by: "--to") }
      if let start = c.owner?.connectedAt, date < start {
        return .drop(.beforeConnected, by: "users.connectedAt")
      }
      if let start = c.plan.connectedAt, date < start {
        return .drop(.beforeConnected, by: "email.connectedAt")
      }
      return .pass
    },
    looksAt: { c in c.facts.date == nil ? "no date at all" : "the mail's date" },
    opposite: { _, f in
      switch f.reason {
      case .outsideWindow: "widen --from and --to"
      case .beforeConnected: "set \(f.rule) to an earlier time, or to null"
      default: "narrow --from and --to, or set email.connectedAt after the mail's date"
      }
    },
    matters: { plan in
      plan.from != nil || plan.to != nil || plan.connectedAt != nil
        || plan.users.contains { $0.connectedAt != nil }
    })
}
