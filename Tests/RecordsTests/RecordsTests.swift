import Testing

@testable import Records

@Suite struct RecordsSmoke {
  @Test func builds() {}
}
