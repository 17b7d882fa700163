import Bytes
import Glibc
import Text

/// A stream of bytes that is read once from its beginning to its end.
public protocol CalendarInput: AnyObject {
  /// Reads up to `capacity` bytes, more than 0, into `destination`; 0 is the end, also after a
  /// failure.
  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int
  /// The errno(3) of what ended the stream before its time, or 0.
  var errorNumber: Int32 { get }
}

/// An open file or pipe, closed at the end of its life.
public final class CalendarFile: CalendarInput {
  private let descriptor: Int32
  /// The errno(3) of what went wrong, or 0.
  public private(set) var errorNumber: Int32 = 0

  /// Takes over an open descriptor.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Opens a file for reading, or gives nil with errno set.
  public convenience init?(path: String) {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    self.init(descriptor: fd)
  }

  deinit { close(descriptor) }

  /// Reads up to `capacity` bytes; 0 is the end or a failure, see ``errorNumber``.
  public func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    while errorNumber == 0 {
      let n = Glibc.read(descriptor, destination, capacity)
      if n >= 0 { return n }
      if errno != EINTR { errorNumber = errno }
    }
    return 0
  }
}

/// UTF-16 or UTF-32 in front of a byte order mark turned into UTF-8 piece by piece.
final class WideInput: CalendarInput {
  private let source: any CalendarInput
  private let charset: Charset
  /// Bytes of a code unit, 2 or 4.
  let unit: Int
  private let big: Bool
  private let raw = ByteBuffer(capacity: 64 << 10)
  private let text = ByteBuffer(capacity: 128 << 10)
  private var given = 0
  private var ended = false
  /// Something in it was no text.
  private(set) var isDamaged = false

  var errorNumber: Int32 { source.errorNumber }

  /// What the first bytes of a text say: its code unit's size, its order and the mark's length.
  struct Form {
    var unit: Int
    var big: Bool
    var mark: Int

    init?(_ head: ByteView) {
      guard head.count >= 2 else { return nil }
      let b = (head[0], head[1], head[2], head[3])
      switch b {
      case (0xFF, 0xFE, 0, 0) where head.count >= 4: (unit, big, mark) = (4, false, 4)
      case (0, 0, 0xFE, 0xFF): (unit, big, mark) = (4, true, 4)
      case (0xFF, 0xFE, _, _): (unit, big, mark) = (2, false, 2)
      case (0xFE, 0xFF, _, _): (unit, big, mark) = (2, true, 2)
      // "BE" of BEGIN without a mark.
      case (0x42, 0, 0x45, 0), (0x62, 0, 0x65, 0): (unit, big, mark) = (2, false, 0)
      case (0, 0x42, 0, 0x45), (0, 0x62, 0, 0x65): (unit, big, mark) = (2, true, 0)
      default: return nil
      }
    }
  }

  /// `head`: what was read from the source already, its mark taken off.
  init(_ source: any CalendarInput, form: Form, head: ByteView) {
    self.source = source
    unit = form.unit
    big = form.big
    let label: StaticString =
      unit == 2 ? (big ? "utf-16be" : "utf-16le") : (big ? "utf-32be" : "utf-32le")
    charset = Charset.named(ByteView(label)) ?? .utf8
    raw.append(head)
  }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    while given == text.count {
      if ended { return 0 }
      fill()
    }
    let n = min(capacity, text.count - given)
    memcpy(destination, text.view.base + given, n)
    given += n
    return n
  }

  private func fill() {
    let n = source.read(into: raw.reserve(64 << 10), capacity: 64 << 10)
    raw.advance(by: n)
    ended = n == 0
    var whole = raw.count - raw.count % unit
    // Both halves of a surrogate pair in one piece.
    if !ended, unit == 2, whole >= 2 {
      let high = raw.view[whole - (big ? 2 : 1)]
      if high & 0xFC == 0xD8 { whole -= 2 }
    }
    if ended { whole = raw.count }
    given = 0
    text.removeAll()
    if charset.decode(raw.view.prefix(whole), into: text).contains(.invalidBytes) {
      isDamaged = true
    }
    raw.discardPrefix(whole)
  }

  /// Code units that a piece of the text took in the source, in bytes.
  func sourceBytes(_ v: ByteView) -> Int {
    var n = 0
    for i in 0..<v.count {
      let c = v.base[i]
      if c & 0xC0 != 0x80 { n &+= 1 }
      if unit == 2, c >= 0xF0 { n &+= 1 }
    }
    return n &* unit
  }
}
