import Bytes
import Text

/// Step 9: with `behaviour: keywords` a mail needs at least one (ES-8.1).
enum KeywordRule {
  static let rule = MailRule(
    step: 9, name: "keywords", reasons: [.noKeyword],
    settings: [
      "email.inbound.behaviour", "email.inbound.keywords", "email.outbound.behaviour",
      "email.outbound.keywords", "users",
    ],
    ask: { c in
      guard c.settings.needsKeyword else { return .pass }
      if find(c) != nil { return .pass }
      return .drop(.noKeyword, by: "email.\(c.direction.name).keywords")
    },
    looksAt: { c in
      guard c.settings.needsKeyword else { return "behaviour is all: keywords are not asked" }
      if let hit = find(c) {
        return "keyword \"\(hit.keyword)\" found in \(hit.place): \(hit.span)"
      }
      return "none of the keywords stands in \(places(c))"
    },
    opposite: { c, f in
      f.reason == nil
        ? "set behaviour to keywords, with none that stands in the mail"
        : "add a keyword that stands in \(places(c)), or set behaviour to all"
    }, matters: { $0.inbound.needsKeyword || $0.outbound.needsKeyword })

  private static func places(_ c: MailContext) -> String {
    switch (c.settings.checksSubject, c.settings.checksBody) {
    case (true, true): "subject or body"
    case (true, false): "the subject"
    default: "the body"
    }
  }

  /// A keyword found: which one, where, and the folded text around it.
  struct Hit {
    var keyword: String
    var place: String
    var text: ByteView
    var range: ByteRange

    /// What matched in square brackets, with a little of the text before and after: over-matching
    /// (`offer` in `coffers`) should be visible.
    var span: String {
      func edge(_ i: Int) -> Int {
        var k = i
        while k > 0, k < text.count, text[k] & 0xC0 == 0x80 { k -= 1 }
        return k
      }
      let from = Int(range.start)
      let stop = from + Int(range.count)
      let start = edge(max(0, from - 20))
      let end = edge(min(text.count, stop + 20))
      let out = ByteBuffer(capacity: 256)
      if start > 0 { out.append("…") }
      OneLine.append(text.slice(start, from), to: out)
      out.append("[")
      OneLine.append(text.slice(from, stop), to: out)
      out.append("]")
      OneLine.append(text.slice(stop, max(stop, end)), to: out)
      if end < text.count { out.append("…") }
      return out.string
    }
  }

  /// The first keyword found.
  static func find(_ c: MailContext) -> Hit? {
    let texts = c.facts.texts
    if c.settings.checksSubject, let hit = find(texts.foldedSubject, "subject", c) { return hit }
    if c.settings.checksBody {
      for (i, body) in texts.foldedBodies.enumerated() {
        if let hit = find(body, i == 0 ? "the plain body" : "the HTML body", c) { return hit }
      }
    }
    return nil
  }

  private static func find(_ text: ByteView, _ place: String, _ c: MailContext) -> Hit? {
    if let hit = find(text, place, c.settings.keywords) { return hit }
    guard let own = c.owner?.settings(c.direction).keywords else { return nil }
    return find(text, place, own)
  }

  private static func find(_ text: ByteView, _ place: String, _ keywords: KeywordSet) -> Hit? {
    guard let hit = keywords.matcher.firstMatch(in: text), hit.keyword < keywords.texts.count else {
      return nil
    }
    return Hit(keyword: keywords.texts[hit.keyword], place: place, text: text, range: hit.range)
  }
}
