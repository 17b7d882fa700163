import Testing

@testable import Import

@Suite struct ImportSmoke {
  @Test func builds() {}
}
