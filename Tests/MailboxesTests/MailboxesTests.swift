import Testing

@testable import Mailboxes

@Suite struct MailboxesSmoke {
  @Test func builds() {}
}
