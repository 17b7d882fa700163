import Testing

@testable import Text

@Suite struct TextSmoke {
  @Test func builds() {}
}
