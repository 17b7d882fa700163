import Bytes

/// Step 1: what is no message is put aside.
enum ParseRule {
  static let rule = MailRule(
    step: 1, name: "parse", reasons: [.quarantined], settings: [],
    ask: { c in
      guard let fault = c.facts.fault else { return .pass }
      return .drop(.quarantined, by: "parse", "\(fault)")
    },
    looksAt: { _ in "the item's bytes" },
    opposite: { _, f in
      f.reason == nil
        ? "nothing in the configuration: only what cannot be read as a message is put aside"
        : "export the message again; its bytes are no mail"
    })
}
