import Bytes
import Testing

@Suite struct ByteHashes {
  @Test(arguments: 0...70)
  func equalBytesHaveEqualHashesWhereverTheyLie(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
    let first = bytes.withByteView(ByteHash.hash)
    for shift in 1...9 {
      let padding = [UInt8](repeating: UInt8(shift), count: shift)
      let moved = padding + bytes + padding
      #expect(moved.withByteView { ByteHash.hash($0.slice(shift, shift + count)) } == first)
    }
  }

  @Test(arguments: [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64])
  func everyBitOfEveryByteCounts(count: Int) {
    var bytes = [UInt8](repeating: 0x61, count: count)
    var seen: Set<UInt64> = [bytes.withByteView(ByteHash.hash)]
    for i in 0..<count {
      for bit in 0..<8 {
        bytes[i] ^= 1 << bit
        seen.insert(bytes.withByteView(ByteHash.hash))
        bytes[i] ^= 1 << bit
      }
    }
    #expect(seen.count == count * 8 + 1)
  }

  @Test func runsOfOneByteDifferByTheirLength() {
    let hashes = Set((0...300).map { [UInt8](repeating: 0, count: $0).withByteView(ByteHash.hash) })
    #expect(hashes.count == 301)
  }

  @Test func idsThatDifferLittleFillATableEvenly() {
    // Of 2^16 values in 2^16 places a random function leaves 36.8 % empty.
    var low = [Bool](repeating: false, count: 1 << 16)
    var high = low
    var all: Set<UInt64> = []
    for i in 0..<(1 << 16) {
      let h = Array("<\(i).1@mail.example>".utf8).withByteView(ByteHash.hash)
      all.insert(h)
      low[Int(h & 0xFFFF)] = true
      high[Int(h >> 48)] = true
    }
    #expect(all.count == 1 << 16)
    for places in [low, high] {
      let empty = Double(places.count { !$0 }) / Double(places.count)
      #expect(empty > 0.355 && empty < 0.381, "\(empty)")
    }
  }
}

@Suite struct ReusedLists {
  @Test func theyGrowAndKeepTheirOrder() {
    let list = ReusedList<Int>(capacity: 0)
    for i in 0..<1000 { list.append(i) }
    #expect(Array(list) == Array(0..<1000))
    #expect(list.count == 1000 && list.last == 999 && list[500] == 500)
  }

  @Test func cuttingNeverLengthens() {
    let list = ReusedList<Int>()
    for i in 0..<5 { list.append(i) }
    list.truncate(to: 9)
    list.truncate(to: -1)
    #expect(list.count == 5)
    list.truncate(to: 2)
    list.removeLast()
    #expect(Array(list) == [0])
    list.removeLast()
    list.removeLast()
    #expect(list.isEmpty && list.first == nil)
  }

  @Test func whatWasCopiedStaysWhenTheListIsFilledAnew() {
    let list = ReusedList<Int>()
    list.append(1)
    let copy = Array(list)
    list.removeAll()
    list.append(2)
    list[0] += 5
    #expect(copy == [1] && Array(list) == [7])
  }
}
