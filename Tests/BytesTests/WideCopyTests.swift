import TestSupport
import Testing

@testable import Bytes

/// What copies and searches many bytes at a time, against the same byte by byte.
@Suite(.seeded) struct WideCopies {
  private static let alphabet =
    Array("aZzAM@:. \t\r\n\"\\x09-".utf8) + [0, 31, 127, 128, 0xC3, 255]

  private func noise(
    _ count: Int, of alphabet: [UInt8], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 65 }
  }

  private func texts() -> [[UInt8]] {
    var random = SeededNumbers()
    let letters = Array("abcXYZ@.-09".utf8)
    return (0..<600).flatMap { n in
      let count = n % 150
      var nearlyWord = noise(count, of: letters, &random)
      if count > 0, n % 3 == 0 {
        nearlyWord[random.below(count)] = random.pick(Self.alphabet, or: 0)
      }
      return [noise(count, of: Self.alphabet, &random), nearlyWord]
    }
  }

  @Test func `lower case is the same for every length`() {
    for text in texts() {
      let out = ByteBuffer()
      out.append(33)
      text.withByteView { out.appendLowercased($0) }
      #expect(out.array == [33] + text.map { ASCII.lower($0) })
    }
  }

  @Test func `a word is lowered only when nothing but plain ASCII is in it`() {
    for text in texts() {
      let out = ByteBuffer()
      let isWord = text.allSatisfy { $0 > 32 && $0 < 128 && $0 != 34 }
      #expect(text.withByteView { out.appendLowercasedWord($0) } == isWord)
      #expect(out.array == (isWord ? text.map { ASCII.lower($0) } : []))
    }
  }

  @Test func `line ends and the ends of names are found where they are`() {
    func isBlank(_ c: UInt8) -> Bool { c == 32 || c == 9 }
    for text in texts() {
      text.withByteView { v in
        for start in [0, 1, 7, 16, 33, text.count] where start <= text.count {
          let lf = text.indices.first {
            $0 >= start && text[$0] == 10 && ($0 + 1 == text.count || !isBlank(text[$0 + 1]))
          }
          #expect(v.unfoldedLineEnd(from: start) == lf ?? text.count)
          let end = text.indices.first {
            $0 >= start && (text[$0] <= 32 || text[$0] == 58 || text[$0] == 127)
          }
          #expect(v.fieldNameEnd(from: start) == end ?? text.count)
          let blank = text.indices.first {
            $0 > start && text[$0] == 10 && (isBlank(text[$0 - 1]) || text[$0 - 1] == 13)
          }
          #expect(v.blankBeforeLineEnd(from: start) == blank ?? text.count)
        }
        #expect(v.isBlank == text.allSatisfy { ASCII.isSpace($0) })
        #expect(v.unfoldedLineEnd(from: -1) == text.count)
        #expect(v.fieldNameEnd(from: text.count + 5) == text.count)
      }
    }
  }

  @Test func `numbers have the digits that they should`() {
    var random = SeededNumbers()
    var numbers = [0, -1, Int.min, Int.max, Int.min + 1]
    var power = 1
    for _ in 0..<18 {
      power *= 10
      numbers += [power - 1, power, power + 1, -power, 1 - power]
    }
    for bits in 1..<64 {
      numbers.append(Int(truncatingIfNeeded: UInt64.random(in: 0...(1 << bits), using: &random)))
    }
    for n in numbers {
      let out = ByteBuffer(capacity: 16)
      out.append(decimal: n)
      #expect(out.string == String(n))
    }
  }

  @Test func `numbers in four and eight bytes are written and overwritten inside the buffer only`()
  {
    let out = ByteBuffer(capacity: 16)
    out.append(littleEndian: UInt32(0x0403_0201))
    out.append(littleEndian: UInt64(0x0807_0605_0403_0201))
    #expect(out.array == [1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8])
    out.overwrite(at: 8, littleEndian: 0xFFFF_FFFF)
    out.overwrite(at: 9, littleEndian: 0)
    out.overwrite(at: -1, littleEndian: 0)
    #expect(out.array == [1, 2, 3, 4, 1, 2, 3, 4, 255, 255, 255, 255])
  }

  @Test func `hexadecimal digits are those of the bytes`() {
    var random = SeededNumbers()
    for _ in 0..<50 {
      let digest = Digest(
        words: (random.next(), random.next(), random.next(), random.next()))
      let bytes = withUnsafeBytes(of: digest.words) { Array($0) }
      let all = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      for n in [0, 1, 15, 16, 17, 31, 32] {
        #expect(digest.hex(bytes: n) == String(all.prefix(2 * n)))
      }
    }
  }
}

/// Digests at once and in pairs, against those of texts that are added piece by piece.
@Suite(.seeded) struct ShortDigests {
  private func reference(_ text: [UInt8]) -> Digest {
    let hash = SHA256()
    text.withByteView {
      hash.update($0.prefix(1))
      hash.update($0.from(1))
    }
    return hash.finish()
  }

  @Test func `a text has one digest, however it is taken`() {
    // FIPS 180-4, example B.1.
    #expect(
      SHA256.digest(ByteView("abc")).hex()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let hash = SHA256()
    hash.update(ByteView("left over from before"))
    for n in 0..<300 {
      let text = (0..<n).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ n) }
      #expect(text.withByteView { hash.digest($0) } == reference(text))
    }
  }

  @Test func `two texts of any lengths have the digests that each has alone`() {
    var random = SeededNumbers()
    let hash = SHA256()
    let lengths = Array(0...130) + [191, 192, 1000, 4096, 70_000]
    for n in lengths {
      let a = (0..<n).map { _ in UInt8.random(in: 0...255, using: &random) }
      let m = lengths.randomElement(using: &random) ?? 0
      let b = (0..<m).map { _ in UInt8.random(in: 0...255, using: &random) }
      let found = a.withByteView { a in b.withByteView { b in hash.digests(a, b) } }
      #expect(found.0 == reference(a))
      #expect(found.1 == reference(b))
    }
  }
}
