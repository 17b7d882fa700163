public import Bytes

/// 16 bytes that name a record, an item, a UID or whatever else the ledger must know again: the
/// first half of a SHA-256. The ledger never looks inside.
public struct RecordKey: Hashable, Sendable, CustomStringConvertible {
  /// The bytes in memory order, as two words.
  public let words: (UInt64, UInt64)

  /// The key from two words in memory order.
  public init(words: (UInt64, UInt64)) { self.words = words }

  /// The first half of a digest.
  public init(_ digest: Digest) { words = (digest.words.0, digest.words.1) }

  /// The key from its 16 bytes; nil when there are more or fewer.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    words = (
      bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
  }

  /// The key from 32 hexadecimal digits, as the output files have it; nil for anything else.
  public init?(hex: ByteView) {
    guard hex.count == 32 else { return nil }
    var bytes: (UInt64, UInt64) = (0, 0)
    let isHex = withUnsafeMutableBytes(of: &bytes) { out in
      for i in 0..<16 {
        guard let a = Self.digit(hex[2 * i]), let b = Self.digit(hex[2 * i + 1]) else {
          return false
        }
        out[i] = a << 4 | b
      }
      return true
    }
    guard isHex else { return nil }
    words = bytes
  }

  /// Equality of all 16 bytes.
  public static func == (a: RecordKey, b: RecordKey) -> Bool { a.words == b.words }

  /// Hashes all 16 bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// 32 lower-case hexadecimal digits.
  public var description: String { Digest(words: (words.0, words.1, 0, 0)).hex(bytes: 16) }

  private static func digit(_ c: UInt8) -> UInt8? {
    switch c {
    case 0x30...0x39: c &- 0x30
    case 0x61...0x66: c &- 0x57
    case 0x41...0x46: c &- 0x37
    default: nil
    }
  }
}

/// 64 bits of a digest over what a record says, for "has it changed?".
///
/// 64 bits do: two versions of one record collide once in 18 quintillion changes, and records of
/// different keys are never compared.
public struct ContentDigest: Hashable, Sendable {
  /// The bits.
  public let bits: UInt64

  /// The digest from its bits.
  public init(bits: UInt64) { self.bits = bits }

  /// The first 8 bytes of a digest.
  public init(_ digest: Digest) { bits = UInt64(littleEndian: digest.words.0) }
}

/// 64 bits of an address's digest: what the ledger keeps of somebody who is no lead.
///
/// A collision costs one mail that is read again and dropped again.
public struct AddressHash: Hashable, Sendable {
  let bits: Int64

  /// The first 8 bytes of the SHA-256 of the normalised address.
  public init(address: ByteView) {
    bits = ShortHash.of(address)
  }
}

/// 64 bits of a SHA-256, as a number that SQLite can index.
enum ShortHash {
  static func of(_ v: ByteView) -> Int64 {
    Int64(bitPattern: UInt64(littleEndian: SHA256.digest(v).words.0))
  }
}

/// What a published record is. The raw values are in the file.
public enum RecordKind: UInt8, Sendable, CaseIterable {
  /// A mail for one lead.
  case activity = 0
  /// A captured lead.
  case lead = 1
  /// A meeting.
  case task = 2
  /// A busy time.
  case block = 3
}

/// The number of a run: counted up by the ledger, never by the clock, and never used twice.
public typealias RunID = Int64

/// A time in seconds since 1970-01-01T00:00:00Z.
public typealias UnixTime = Int64
