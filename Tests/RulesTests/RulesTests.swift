import Testing

@testable import Rules

@Suite struct RulesSmoke {
  @Test func builds() {}
}
