import Bytes

/// The contents of a TZif file (RFC 9636): transitions, and a rule for the time after the last.
struct TZifTable: Sendable {
  private let times: [Int64]
  private let types: [UInt8]
  private let kinds: [Kind]
  private let rule: POSIXRule?
  private let names: [String]

  private struct Kind: Sendable {
    var offset: Int
    var isDaylight: Bool
    var name: Int
  }

  /// Larger files are refused; the largest of the database has 4 kB.
  static let maximumBytes = 1 << 20

  init(_ bytes: [UInt8]) throws(ZoneError) {
    guard bytes.count <= Self.maximumBytes else { throw .malformedFile }
    // A typed error cannot leave a rethrowing closure as such.
    let result = bytes.withByteView { v -> Result<TZifTable, ZoneError> in
      do throws(ZoneError) { return .success(try TZifTable(v)) } catch { return .failure(error) }
    }
    self = try result.get()
  }

  private struct Header {
    let version: UInt8
    let isUT, isStandard, leap, time, type, char: Int

    init(_ v: ByteView) throws(ZoneError) {
      guard v.count >= 44, v.hasPrefix("TZif") else { throw .malformedFile }
      version = v[4]
      func count(_ i: Int) -> Int { Int(Self.word(v, 20 + i * 4)) }
      isUT = count(0)
      isStandard = count(1)
      leap = count(2)
      time = count(3)
      type = count(4)
      char = count(5)
    }

    static func word(_ v: ByteView, _ i: Int) -> UInt32 {
      UInt32(v[i]) << 24 | UInt32(v[i &+ 1]) << 16 | UInt32(v[i &+ 2]) << 8 | UInt32(v[i &+ 3])
    }

    /// Bytes of the data that follow, with times of `size` bytes; each count is below 2^32.
    func length(_ size: Int) -> Int {
      time * (size + 1) + type * 6 + char + leap * (size + 4) + isStandard + isUT
    }
  }

  private init(_ v: ByteView) throws(ZoneError) {
    var header = try Header(v)
    var start = 44
    var size = 4
    if header.version >= UInt8(ascii: "2") {
      start += header.length(4)
      header = try Header(v.from(start))
      start += 44
      size = 8
    }
    guard header.type >= 1, header.type <= 256, header.length(size) <= v.count - start else {
      throw .malformedFile
    }
    guard header.leap == 0 else { throw .leapSeconds }
    let typesAt = start + header.time * size
    let kindsAt = typesAt + header.time
    let charsAt = kindsAt + header.type * 6
    var names = NameList(v.slice(charsAt, charsAt + header.char))
    var times: [Int64] = []
    times.reserveCapacity(header.time)
    for i in 0..<header.time {
      let at = start + i * size
      let high = Int64(Int32(bitPattern: Header.word(v, at)))
      let t = size == 4 ? high : high << 32 | Int64(Header.word(v, at + 4))
      if let last = times.last, t <= last { throw .malformedFile }
      guard Int(v[typesAt + i]) < header.type else { throw .malformedFile }
      times.append(t)
    }
    var kinds: [Kind] = []
    for i in 0..<header.type {
      let at = kindsAt + i * 6
      let offset = Int(Int32(bitPattern: Header.word(v, at)))
      guard offset > -90_000, offset < 93_600, v[at + 4] <= 1 else { throw .malformedFile }
      guard let name = names.index(at: Int(v[at + 5])) else { throw .malformedFile }
      kinds.append(Kind(offset: offset, isDaylight: v[at + 4] == 1, name: name))
    }
    self.times = times
    types = v.slice(typesAt, kindsAt).array
    self.kinds = kinds
    let footer = v.from(start + header.length(size))
    var rule: POSIXRule?
    if size == 8 {
      guard footer[0] == 10, let end = footer.firstIndex(of: 10, from: 1) else {
        throw .malformedFile
      }
      let text = footer.slice(1, end)
      if !text.isEmpty {
        guard var r = POSIXRule(text) else { throw .malformedFile }
        r.standard.nameIndex = names.add(r.standard.name)
        r.daylight.nameIndex = names.add(r.daylight.name)
        rule = r
      }
    }
    self.rule = rule
    self.names = names.list
  }

  private struct NameList {
    let chars: ByteView
    var list: [String] = []

    init(_ chars: ByteView) { self.chars = chars }

    mutating func index(at start: Int) -> Int? {
      guard start < chars.count, let end = chars.firstIndex(of: 0, from: start) else { return nil }
      return add(chars.slice(start, end).string)
    }

    mutating func add(_ name: String) -> Int {
      if let i = list.firstIndex(of: name) { return i }
      list.append(name)
      return list.count - 1
    }
  }

  func name(_ i: Int) -> String { i >= 0 && i < names.count ? names[i] : "" }

  func segment(at instant: Int64) -> ZoneSegment {
    // The first transition after the instant.
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low &+ high) / 2
      if times[middle] <= instant { low = middle &+ 1 } else { high = middle }
    }
    let start = low > 0 ? times[low &- 1] : Int64.min
    if low == times.count, let rule {
      var s = rule.segment(at: instant)
      s.start = max(s.start, start)
      return s
    }
    // RFC 9636 3.2: before the first transition type 0 is used.
    let kind = low > 0 ? Int(types[low &- 1]) : 0
    let k = kind < kinds.count ? kinds[kind] : kinds[0]
    return ZoneSegment(
      start: start, end: low < times.count ? times[low] : .max, offset: k.offset,
      isDaylight: k.isDaylight, name: k.name)
  }
}
