import Bytes

/// Step 6: classes of mail under guard. A guard either drops or only forbids capture.
enum ClassRules {
  static let bulk = guarded(
    .bulk, { $0.bulk }, "bulk", "Precedence, List-Unsubscribe and campaign headers"
  ) { $0.facts.texts.isBulk }

  static let automatic = guarded(
    .automatic, { $0.automatic }, "automatic",
    "Auto-Submitted, X-Autoreply and its like, Return-Path, delivery and read reports"
  ) { $0.facts.texts.isAutomatic }

  static let noReply = guarded(
    .noReply, { $0.noReply }, "noReply", "the local part of From"
  ) { c in
    guard let p = c.facts.parties.first(where: { $0.field == .from }) else { return false }
    return NoReply.isNoReply(c.facts.key(p))
  }

  static let unauthenticated = guarded(
    .unauthenticated, { $0.unauthenticated }, "unauthenticated",
    "the topmost Authentication-Results"
  ) { $0.facts.senderAuth == .fail }

  private static func guarded(
    _ reason: Reason, _ action: @escaping @Sendable (MailPlan.Guards) -> GuardAction, _ key: String,
    _ what: String, _ test: @escaping @Sendable (MailContext) -> Bool
  ) -> MailRule {
    Rule(
      step: 6, name: key, reasons: [reason], settings: ["email.guards.\(key)"],
      ask: { c in
        let action = action(c.plan.guards)
        guard action != .keep, test(c) else { return .pass }
        if action == .skip { return .drop(reason, by: "email.guards.\(key)") }
        c.forbidsCapture = true
        return .pass
      },
      looksAt: { c in
        let action = action(c.plan.guards).rawValue
        return
          "\(what): \(test(c) ? "it is" : "it is not") \(reason.rawValue); the guard says \(action)"
      },
      opposite: { c, f in
        f.reason == nil
          ? "set email.guards.\(key) to skip\(test(c) ? "" : "; this mail would not be one")"
          : "set email.guards.\(key) to keep or noCapture"
      },
      matters: { plan in
        // To forbid capture means nothing where nothing is captured.
        switch action(plan.guards) {
        case .keep: false
        case .noCapture: plan.capturesAnywhere
        case .skip: true
        }
      })
  }
}

/// Addresses that take no answers.
enum NoReply {
  /// `no-reply`, `noreply`, `do-not-reply` and their spellings, with anything after them after a
  /// separator (`noreply-account@`), or as the last word (`service.noreply@`).
  static func isNoReply(_ key: ByteView) -> Bool {
    let local = key.prefix(key.lastIndex(of: 64) ?? 0)
    guard local.count >= 7, local.count <= 128 else { return false }
    // Nearly every address ends here, before anything is allocated.
    guard
      local.firstRange(of: ByteView("reply")) != nil
        || local.firstRange(of: ByteView("resp")) != nil
        || local.firstRange(of: ByteView("repon")) != nil
    else { return false }
    let plain = ByteBuffer(capacity: 64)
    var words: [Int] = [0]
    for i in 0..<local.count {
      let b = local[i]
      if ASCII.isAlphanumeric(b) {
        plain.append(ASCII.lower(b))
      } else {
        words.append(plain.count)
      }
    }
    words.append(plain.count)
    let v = plain.view
    for needle in ["noreply", "donotreply", "dontreply", "noresponse", "nepasrepondre"]
      as [StaticString]
    {
      let n = ByteView(needle)
      guard let hit = v.firstRange(of: n) else { continue }
      // It must begin and end where words do: "nonoreplying" is somebody's name.
      if words.contains(hit), words.contains(hit + n.count) || hit == 0 { return true }
    }
    return false
  }
}
