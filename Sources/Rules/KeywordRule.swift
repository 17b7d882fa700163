import Bytes

/// Step 9: with `behaviour: keywords` a mail needs at least one (features.md ES-8.1).
enum KeywordRule {
  static let rule = MailRule(
    step: 9, name: "keywords", reasons: [.noKeyword],
    ask: { c in
      guard c.settings.needsKeyword else { return .pass }
      if find(c) != nil { return .pass }
      return .drop(.noKeyword, by: "email.\(c.direction.name).keywords")
    },
    looksAt: { c in
      guard c.settings.needsKeyword else { return "behaviour is all: keywords are not asked" }
      if let hit = find(c) { return "keyword \"\(hit.keyword)\" found in \(hit.place)" }
      return "none of the keywords stands in \(places(c))"
    },
    opposite: { c, f in
      f.reason == nil
        ? "set behaviour to keywords, with none that stands in the mail"
        : "add a keyword that stands in \(places(c)), or set behaviour to all"
    })

  private static func places(_ c: MailContext) -> String {
    switch (c.settings.checksSubject, c.settings.checksBody) {
    case (true, true): "subject or body"
    case (true, false): "the subject"
    default: "the body"
    }
  }

  /// The first keyword found: which one and where.
  static func find(_ c: MailContext) -> (keyword: String, place: String)? {
    let settings = c.settings
    let index = Int(c.direction.rawValue)
    if settings.checksSubject, let k = find(c.foldedSubject(), c, settings, index) {
      return (k, "subject")
    }
    if settings.checksBody {
      for body in c.foldedBodies() {
        if let k = find(body, c, settings, index) { return (k, "body") }
      }
    }
    return nil
  }

  private static func find(
    _ text: ByteView, _ c: MailContext, _ settings: DirectionPlan, _ index: Int
  ) -> String? {
    if let hit = settings.keywords.firstMatch(in: text), hit.keyword < settings.keywordTexts.count {
      return settings.keywordTexts[hit.keyword]
    }
    if let owner = c.owner, let hit = owner.keywords[index].firstMatch(in: text),
      hit.keyword < owner.keywordTexts[index].count
    {
      return owner.keywordTexts[index][hit.keyword]
    }
    return nil
  }
}
