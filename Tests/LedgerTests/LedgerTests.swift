import Ledger
import Testing

@Test func `the ledger's module can be used`() { _ = Ledger.self }
