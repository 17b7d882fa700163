import Testing

@testable import Mail

@Suite struct MailSmoke {
  @Test func builds() {}
}
