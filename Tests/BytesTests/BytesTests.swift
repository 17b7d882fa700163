import Testing

@testable import Bytes

@Suite struct BytesSmoke {
  @Test func builds() {}
}
