import Testing

@testable import Markup

@Suite struct MarkupSmoke {
  @Test func builds() {}
}
