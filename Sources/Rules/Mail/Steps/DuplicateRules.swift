import Bytes

/// Step 10: the same mail once, in this run and over all runs of a ledger.
enum DuplicateRules {
  /// The same mail in several mailboxes, or several times in one (``Reason/duplicate``).
  static let copy = MailSettleRule(
    step: 10, name: "duplicates", reasons: [.duplicate], settings: ["sources"],
    ask: { c in
      guard let place = c.earlierCopy else { return .pass }
      return .drop(.duplicate, by: "duplicates", place)
    },
    looksAt: { _ in "sender, date, subject and content of the mail kept before it" },
    opposite: { _, f in
      f.reason == nil
        ? "have a copy kept in a source before"
        : "drop that copy, or put this mail's source before its"
    })

  /// Mail whose records earlier runs published, each of them (``Reason/unchanged``).
  static let published = MailSettleRule(
    step: 10, name: "published", reasons: [.unchanged], settings: ["ledger"],
    ask: { c in
      c.isPublished ? .drop(.unchanged, by: "ledger") : .pass
    },
    looksAt: { c in
      if !c.plan.hasLedger { return "the ledger: this run has none" }
      return c.hits == 0
        ? "the ledger: the mail has no records"
        : "the ledger: \(c.publishedHits) of the mail's \(c.hits) records were published before"
    },
    opposite: { _, f in
      f.reason == nil
        ? "nothing: a mail is published once, by the first run that keeps it"
        : "nothing: its records are in an earlier result; `winnow import --republish RUN` writes that run again"
    },
    matters: { $0.hasLedger })
}
