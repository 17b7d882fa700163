import Bytes
import Testing

@testable import Rules

@Suite struct AddressSets {
  @Test func setsOfAddressesMatchExactly() {
    let set = AddressEntry.set(of: ["a.test", "*.b.test", "x@c.test", "@d.test"])
    for (address, entry) in [
      ("y@a.test", 0), ("y@s.a.test", -1), ("y@b.test", -1), ("y@s.b.test", 1), ("y@s.s.b.test", 1),
      ("x@c.test", 2), ("y@c.test", -1), ("y@d.test", 3), ("y", -1), ("", -1), ("y@", -1),
      ("a.test@e.test", -1), (".b.test@e.test", -1),
    ] {
      #expect(address.withByteView { set.match($0) } == (entry < 0 ? nil : entry), "\(address)")
    }
    #expect(AddressSet().isEmpty && "y@a.test".withByteView { AddressSet().match($0) } == nil)
  }
}
