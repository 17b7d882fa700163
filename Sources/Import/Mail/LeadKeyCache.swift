import Bytes
import Records

/// The keys of the leads last met, by address: most mail comes from few people, and to compare an
/// address costs a tenth of hashing it.
final class LeadKeyCache {
  private struct Slot {
    var count = 0
    var digest = Digest(words: (0, 0, 0, 0))
  }

  // A power of two. With the addresses some 104 KiB a worker.
  private static let size = 1024
  private static let longest = 64
  private let slots = UnsafeMutablePointer<Slot>.allocate(capacity: size)
  private let addresses = UnsafeMutablePointer<UInt8>.allocate(capacity: size * longest)

  init() {
    slots.initialize(repeating: Slot(), count: Self.size)
    addresses.initialize(repeating: 0, count: Self.size * Self.longest)
  }

  deinit {
    slots.deallocate()
    addresses.deallocate()
  }

  /// ``RecordKeys/lead(_:_:)``, remembered.
  func key(of address: ByteView, _ hash: SHA256) -> Digest {
    let n = address.count
    guard n > 0, n <= Self.longest else { return RecordKeys.lead(address, hash) }
    let i = Int(truncatingIfNeeded: ByteHash.hash(address)) & (Self.size &- 1)
    let known = addresses + i &* Self.longest
    if slots[i].count == n, ByteView(base: UnsafePointer(known), count: n).equals(address) {
      return slots[i].digest
    }
    let digest = RecordKeys.lead(address, hash)
    slots[i] = Slot(count: n, digest: digest)
    known.update(from: address.base, count: n)
    return digest
  }
}
