import CLibCrypto
import CPlatform

/// A SHA-256 digest.
public struct Digest: Hashable, Sendable {
  /// The 32 bytes, as four words in memory order.
  public let words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest from four words in memory order.
  public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// The digest whose first bytes these hexadecimal digits are, an even number of them and at most
  /// 64; the rest is 0. nil for anything else.
  public init?(hex: ByteView) {
    guard hex.count <= 64, hex.count % 2 == 0 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let isHex = withUnsafeMutableBytes(of: &words) { out in
      for i in 0..<hex.count / 2 {
        guard let a = ASCII.hexValue(hex[2 * i]), let b = ASCII.hexValue(hex[2 * i + 1]) else {
          return false
        }
        out[i] = a << 4 | b
      }
      return true
    }
    guard isHex else { return nil }
    self.words = words
  }

  /// Equality of all 32 bytes.
  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }

  /// Hashes the first 16 bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// Appends lower-case hexadecimal digits of the first `bytes` bytes (32 by default).
  public func appendHex(to out: ByteBuffer, bytes: Int = 32) {
    // Whole halves are written, and those digits counted that are wanted.
    let p = out.reserve(64)
    withUnsafeBytes(of: words) {
      guard let base = $0.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      cplatform_hex16(base, p)
      if bytes > 16 { cplatform_hex16(base + 16, p + 32) }
    }
    out.advance(by: 2 &* max(0, min(bytes, 32)))
  }

  /// Lower-case hexadecimal text of the first `bytes` bytes.
  public func hex(bytes: Int = 32) -> String {
    let b = ByteBuffer(capacity: 64)
    appendHex(to: b, bytes: bytes)
    return b.string
  }
}

/// SHA-256 through libcrypto, with one context that is used again and again by one thread.
///
/// The functions below EVP: a mail takes five digests of short texts, and EVP's set-up and clearing
/// cost as much as hashing them.
public final class SHA256: @unchecked Sendable {
  @exclusivity(unchecked) private var context = SHA256_CTX()

  /// A context ready for ``update(_:)``.
  public init() { reset() }

  /// Begins anew.
  public func reset() { SHA256_Init(&context) }

  /// Adds bytes.
  public func update(_ v: ByteView) {
    if v.count > 0 { SHA256_Update(&context, v.base, v.count) }
  }

  /// Adds one byte.
  public func update(byte: UInt8) {
    var b = byte
    SHA256_Update(&context, &b, 1)
  }

  /// The digest of everything since the last reset; the context is reset for the next use.
  public func finish() -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) {
      _ = SHA256_Final($0.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
    }
    reset()
    return Digest(words: words)
  }

  /// The digest of one view.
  public static func digest(_ v: ByteView) -> Digest { SHA256().digest(v) }

  private let isFast = cplatform_has_sha256() != 0

  /// The digest of one view, whatever was added before; short ones without the context's overhead.
  public func digest(_ v: ByteView) -> Digest {
    guard isFast else {
      reset()
      update(v)
      return finish()
    }
    return Self.words { cplatform_sha256(v.base, v.count, $0) }
  }

  /// The digests of two views, side by side where the processor can.
  public func digests(_ a: ByteView, _ b: ByteView) -> (Digest, Digest) {
    guard isFast else { return (digest(a), digest(b)) }
    var first = Digest(words: (0, 0, 0, 0))
    let second = Self.words { second in
      first = Self.words { cplatform_sha256_pair(a.base, a.count, b.base, b.count, $0, second) }
    }
    return (first, second)
  }

  @inline(__always)
  private static func words(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) {
      if let p = $0.baseAddress { fill(p.assumingMemoryBound(to: UInt8.self)) }
    }
    return Digest(words: words)
  }
}
