import Testing

@testable import JSONText

@Suite struct JSONTextSmoke {
  @Test func builds() {}
}
