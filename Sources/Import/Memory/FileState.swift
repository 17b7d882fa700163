import Bytes
import CPlatform
import Glibc

/// What the system says about a file: enough to see that it was touched.
struct FileState: Equatable {
  var device: Int64 = 0
  var inode: Int64 = 0
  var size: Int64 = 0
  /// Nanoseconds since 1970.
  var modified: Int64 = 0
  var changed: Int64 = 0
  /// False for pipes and the like.
  var isRegular = true

  /// The state of what a path names; nil when there is nothing. Links are followed, as in a path
  /// that the user gave: a link stays the same when the file behind it changes.
  init?(path: [UInt8]) {
    var info = stat()
    let result = (path + [0]).withUnsafeBufferPointer { p in
      p.baseAddress.map {
        $0.withMemoryRebound(to: CChar.self, capacity: p.count) { stat($0, &info) }
      } ?? -1
    }
    guard result == 0 else { return nil }
    isRegular = info.st_mode & S_IFMT == S_IFREG
    device = Int64(truncatingIfNeeded: info.st_dev)
    inode = Int64(truncatingIfNeeded: info.st_ino)
    size = Int64(info.st_size)
    modified = Self.nanoseconds(info.st_mtim)
    changed = Self.nanoseconds(info.st_ctim)
  }

  private static func nanoseconds(_ t: timespec) -> Int64 {
    Int64(t.tv_sec) &* 1_000_000_000 &+ Int64(t.tv_nsec)
  }
}

/// The separators of the messages before an offset, as proof that a file still holds them.
///
/// Stored as pairs of little-endian numbers: the offset, and a digest of the 64 bytes there.
struct SeparatorMarks: Equatable {
  /// How many of the last messages are kept.
  static let limit = 100
  private static let sample = 64

  /// Offset and digest of each, ascending.
  private(set) var list: [(offset: Int, digest: UInt64)] = []

  static func == (a: SeparatorMarks, b: SeparatorMarks) -> Bool { a.stored == b.stored }

  /// Marks at these offsets of an open file; nil where it cannot be read.
  init?(_ offsets: [Int], descriptor: Int32) {
    for offset in offsets.suffix(Self.limit) {
      guard let digest = Self.digest(descriptor, offset) else { return nil }
      list.append((offset, digest))
    }
  }

  /// Marks as they were stored; nil for bytes that hold none.
  init?(stored: [UInt8]) {
    guard stored.count % 16 == 0 else { return nil }
    var reader = stored.withUnsafeBufferPointer { p in
      Array(p)
    }[...]
    func number() -> UInt64 {
      var v: UInt64 = 0
      for i in 0..<8 { v |= UInt64(reader.removeFirst()) << UInt64(8 * i) }
      return v
    }
    while !reader.isEmpty {
      let offset = Int(clamping: number())
      list.append((offset, number()))
    }
  }

  /// As they are stored.
  var stored: [UInt8] {
    list.flatMap { mark in
      [UInt64(mark.offset), mark.digest].flatMap { v in
        (0..<8).map { UInt8(truncatingIfNeeded: v >> UInt64(8 * $0)) }
      }
    }
  }

  /// True when the file still has all of them.
  func hold(in descriptor: Int32) -> Bool {
    list.allSatisfy { Self.digest(descriptor, $0.offset) == $0.digest }
  }

  private static func digest(_ descriptor: Int32, _ offset: Int) -> UInt64? {
    let buffer = ByteBuffer(capacity: sample)
    let n = pread(descriptor, buffer.reserve(sample), sample, offset)
    guard n > 0 else { return nil }
    buffer.advance(by: n)
    return SHA256.digest(buffer.view).words.0
  }
}

extension stat {
  /// When the file was last changed, seconds since 1970.
  package var modifiedSeconds: Int64 { Int64(st_mtim.tv_sec) }
}
