import Bytes
import Glibc

/// The East Asian sets (and two Vietnamese ones) that glibc converts; raw values are `Charset.id`.
enum MultibyteSet: UInt8 {
  case gb18030 = 14
  case big5
  case eucJP
  case shiftJIS
  case eucKR
  case eucTW
  case johab
  case viscii
  case tcvn

  // The wider sets that mail means by the narrow labels: GB2312 and GBK are read as GB 18030,
  // EUC-KR as Unified Hangul Code, EUC-JP and Shift_JIS with the vendors' extensions.
  fileprivate var iconvName: StaticString {
    switch self {
    case .gb18030: "GB18030"
    case .big5: "BIG5-HKSCS"
    case .eucJP: "EUC-JP-MS"
    case .shiftJIS: "CP932"
    case .eucKR: "UHC"
    case .eucTW: "EUC-TW"
    case .johab: "JOHAB"
    case .viscii: "VISCII"
    case .tcvn: "TCVN5712-1"
    }
  }

  // What decodes although glibc does not have it: (number of bytes, scalar).
  fileprivate func extra(_ v: ByteView) -> (length: Int, scalar: UInt32)? {
    switch self {
    case .gb18030 where v[0] == 0x80: (1, 0x20AC)  // code page 936
    case .big5:
      switch UInt16(v[0]) << 8 | UInt16(v[1]) {
      case 0xA3E1: (2, 0x20AC)  // code page 950
      // Second places of a character, which glibc leaves out.
      case 0xA15A: (2, 0x2574)
      case 0xA1C3: (2, 0xFFE3)
      case 0xA1C5: (2, 0x2CD)
      case 0xA1FE: (2, 0xFF0F)
      case 0xA240: (2, 0xFF3C)
      case 0xA2CC: (2, 0x5341)
      case 0xA2CE: (2, 0x5345)
      default: nil
      }
    default: nil
    }
  }

  // How many bytes one U+FFFD stands for. An undefined pair goes as a whole, or its second half
  // would be read as the first half of another; a trail in ASCII is kept as the character it is.
  fileprivate func replaced(_ v: ByteView) -> Int {
    if self == .viscii || self == .tcvn { return 1 }
    let width = self == .eucJP && v[0] == 0x8F ? 3 : (self == .eucTW && v[0] == 0x8E ? 4 : 2)
    guard v[0] > 0x80, v[0] < 0xFF else { return 1 }
    var n = 1
    while n < width, v[n] > 0x80, v[n] < 0xFF { n &+= 1 }
    return n
  }
}

/// One use of iconv(3): opened when the first byte needs it, closed when it goes.
struct Iconv: ~Copyable {
  private let set: MultibyteSet
  private var descriptor: iconv_t?

  init(_ set: MultibyteSet) { self.set = set }

  deinit {
    if let descriptor { iconv_close(descriptor) }
  }

  // iconv_open(3) answers (iconv_t)-1 when it fails.
  private mutating func open() -> iconv_t? {
    if let descriptor { return descriptor }
    func name(_ s: StaticString) -> UnsafePointer<CChar> {
      UnsafeRawPointer(s.utf8Start).assumingMemoryBound(to: CChar.self)
    }
    let opened = iconv_open(name("UTF-8"), name(set.iconvName))
    guard let opened, opened != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    descriptor = opened
    return opened
  }

  // Bounds the spare room; the output of a step that does not fit is continued.
  private static let room = 32 << 10

  /// Appends the text, U+FFFD for what is undefined; false when there was some.
  mutating func append(_ bytes: ByteView, to out: ByteBuffer) -> Bool {
    let n = bytes.count
    // The low half of VISCII and TCVN holds letters too, seldom met; glibc knows them.
    let sevenBit = set != .viscii && set != .tcvn
    let ascii = sevenBit ? endOfASCII(bytes.base, 0, n) : 0
    out.append(bytes.prefix(ascii))
    if ascii == n { return true }
    guard let cd = open() else { return UTF8Text.append(bytes.from(ascii), to: out) }
    iconv(cd, nil, nil, nil, nil)
    var clean = true
    var source: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(
      mutating: UnsafeRawPointer(bytes.base + ascii).assumingMemoryBound(to: CChar.self))
    var left = n - ascii
    while left > 0 {
      let before = left
      let (result, error) = Self.step(cd, &source, &left, to: out)
      if left < before, result || error == E2BIG { continue }
      // What iconv holds back (Big5 letters that take an accent) goes before the replacement.
      Self.flush(cd, to: out)
      let rest = bytes.from(n - left)
      var skipped = 1
      if let extra = set.extra(rest) {
        out.append(scalar: extra.scalar)
        skipped = extra.length
      } else {
        clean = false
        out.append(scalar: 0xFFFD)
        skipped = max(1, set.replaced(rest))
      }
      skipped = min(skipped, left)
      left -= skipped
      source = source.map { $0 + skipped }
    }
    Self.flush(cd, to: out)
    return clean
  }

  private static func step(
    _ cd: iconv_t, _ source: inout UnsafeMutablePointer<CChar>?, _ left: inout Int,
    to out: ByteBuffer
  ) -> (whole: Bool, error: Int32) {
    let size = min(max(left &* 2, 64), room)
    let start = out.reserve(size)
    var target: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(start)
      .assumingMemoryBound(to: CChar.self)
    var free = size
    let result = iconv(cd, &source, &left, &target, &free)
    let error = errno
    out.advance(by: size - free)
    return (result != -1, error)
  }

  private static func flush(_ cd: iconv_t, to out: ByteBuffer) {
    let size = 64
    let start = out.reserve(size)
    var target: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(start)
      .assumingMemoryBound(to: CChar.self)
    var free = size
    iconv(cd, nil, nil, &target, &free)
    out.advance(by: size - free)
  }
}
