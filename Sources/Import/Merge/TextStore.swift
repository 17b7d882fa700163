import Bytes

/// Many short texts in a few large chunks, named by eight bytes each.
///
/// A text takes its length rounded up to 8 bytes (above 256 bytes to a power of two); the place of
/// one that was replaced or removed serves the next of that size. Nothing is moved, so views stay
/// valid until their text is replaced.
final class TextStore {
  /// Where a text lies.
  struct Place: BitwiseCopyable {
    fileprivate var unit: UInt32 = 0
    fileprivate var length: UInt32 = 0
  }

  private static let unitShift = 3
  private static let chunkShift = 20
  // Capacities in units: 1…32, then 64, 128, … up to a chunk.
  private static let linear = 32
  private static let none = UInt32.max

  // By chunk number; a text longer than a chunk takes several numbers in a row.
  private var chunks: [UnsafeMutablePointer<UInt8>] = []
  private var owned: [UnsafeMutablePointer<UInt8>] = []
  private var used = 1 << TextStore.chunkShift
  // The first free place of each size; each free place begins with the next one's number.
  private var free = [UInt32](repeating: TextStore.none, count: 48)

  /// Bytes set aside, but for the list of chunks.
  var footprint: Int { chunks.count << Self.chunkShift }

  init() {}

  deinit { for chunk in owned { chunk.deallocate() } }

  /// Stores a text.
  func add(_ text: ByteView) -> Place {
    if text.isEmpty { return Place() }
    let unit = allocate(text.count)
    guard unit != Self.none else { return Place() }
    pointer(unit).update(from: text.base, count: text.count)
    return Place(unit: unit, length: UInt32(clamping: text.count))
  }

  /// Stores a text in place of another, which must not be asked for again.
  func replace(_ place: inout Place, with text: ByteView) {
    let old = Int(place.length)
    if old > 0, Self.units(old) == Self.units(text.count) {
      pointer(place.unit).update(from: text.base, count: text.count)
      place.length = UInt32(clamping: text.count)
      return
    }
    let new = add(text)
    if old > 0, old <= 1 << Self.chunkShift {
      let size = Self.size(Self.units(old))
      UnsafeMutableRawPointer(pointer(place.unit)).storeBytes(of: free[size], as: UInt32.self)
      free[size] = place.unit
    }
    place = new
  }

  /// The text at a place that this store gave.
  subscript(_ place: Place) -> ByteView {
    place.length == 0
      ? .empty : ByteView(base: UnsafePointer(pointer(place.unit)), count: Int(place.length))
  }

  private func pointer(_ unit: UInt32) -> UnsafeMutablePointer<UInt8> {
    let offset = Int(unit) << Self.unitShift
    return chunks[offset >> Self.chunkShift] + (offset & (1 << Self.chunkShift - 1))
  }

  private static func units(_ length: Int) -> Int {
    let n = (length + 7) >> unitShift
    return n <= linear ? n : 1 << (64 - (n - 1).leadingZeroBitCount)
  }

  // The list of free places for a capacity: 0…31, then one for each power of two.
  private static func size(_ units: Int) -> Int {
    units <= linear ? max(0, units - 1) : linear - 6 + units.trailingZeroBitCount
  }

  private func allocate(_ length: Int) -> UInt32 {
    let units = Self.units(length)
    let bytes = units << Self.unitShift
    let chunk = 1 << Self.chunkShift
    if bytes > chunk {
      let n = bytes >> Self.chunkShift
      guard let first = unit(ofChunk: chunks.count + n - 1) else { return Self.none }
      let base = UnsafeMutablePointer<UInt8>.allocate(capacity: n << Self.chunkShift)
      owned.append(base)
      for i in 0..<n { chunks.append(base + i << Self.chunkShift) }
      // The chunk that was being filled is not the last one any more.
      used = chunk
      return first &- UInt32(n - 1) << UInt32(Self.chunkShift - Self.unitShift)
    }
    let size = Self.size(units)
    if free[size] != Self.none {
      let unit = free[size]
      free[size] = UnsafeRawPointer(pointer(unit)).load(as: UInt32.self)
      return unit
    }
    if used + bytes > chunk {
      guard unit(ofChunk: chunks.count) != nil else { return Self.none }
      let base = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk)
      owned.append(base)
      chunks.append(base)
      used = 0
    }
    defer { used += bytes }
    return (unit(ofChunk: chunks.count - 1) ?? 0) + UInt32(used >> Self.unitShift)
  }

  // 32 GiB of text can be named; what is more is left out.
  private func unit(ofChunk i: Int) -> UInt32? {
    let unit = i << (Self.chunkShift - Self.unitShift)
    return unit + 1 << (Self.chunkShift - Self.unitShift) < Int(Self.none)
      ? UInt32(truncatingIfNeeded: unit) : nil
  }
}
