import Testing

@testable import Rules

@Suite struct MailKeywordRule {
  private func plan(
    subject: Bool = true, body: Bool = true, own: KeywordSet = KeywordSet()
  ) -> MailPlan {
    MailPlan(
      inbound: DirectionPlan(
        needsKeyword: true, keywords: keywords("offer"), checksSubject: subject, checksBody: body),
      users: [sam(inbound: UserDirection(keywords: own))])
  }

  private func texts(_ subject: String, _ bodies: String...) -> GivenTexts {
    let texts = GivenTexts()
    texts.subject = Array(subject.utf8)
    texts.bodies = bodies.map { Array($0.utf8) }
    return texts
  }

  @Test("A keyword in what is checked lets a mail go on; one of the user's own does, too")
  func keywordsWiden() {
    let both = texts("an offer", "hello")
    #expect(decide(mail(texts: both), plan()).reason == nil)
    #expect(
      decide(mail(texts: both), plan(subject: false))
        == Finding(reason: .noKeyword, rule: "email.inbound.keywords"))
    #expect(decide(mail(texts: texts("", "x", "offers")), plan(subject: false)).reason == nil)
    #expect(decide(mail(texts: both), plan(subject: false, own: keywords("hello"))).reason == nil)
    #expect(decide(mail(texts: texts("", "")), plan()).reason == .noKeyword)
  }

  @Test("What was found is shown with the text around it")
  func span() {
    let c = context(mail(texts: texts("", "two coffers")), plan())
    #expect(
      KeywordRule.rule.looksAt(c)
        == "keyword \"offer\" found in the plain body: two c[offer]s")
  }
}
