import TestSupport
import Testing

@testable import Bytes

/// The decoder with and without vector instructions, on bodies that are regular, dirty and cut up.
@Suite struct Base64Blocks {
  private static let symbols = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private struct Outcome: Equatable {
    var bytes: [UInt8]
    var isDirty: Bool
  }

  private func decode(_ body: [UInt8], pieces: [Int], usesBlocks: Bool) -> Outcome {
    let out = ByteBuffer()
    var decoder = Base64Decoder(usesBlocks: usesBlocks)
    body.withByteView { v in
      var i = 0
      var n = 0
      while i < v.count {
        let size = pieces[n % pieces.count]
        decoder.decode(v.slice(i, i + size), into: out)
        i += size
        n += 1
      }
    }
    decoder.finish(into: out)
    return Outcome(bytes: out.array, isDirty: decoder.isDirty)
  }

  private func body(_ random: inout some RandomNumberGenerator) -> [UInt8] {
    let width = [76, 64, 4, 75, 73, 1000, 32, 33, 3].randomElement(using: &random) ?? 76
    let ends: [[UInt8]] = [[10], [13, 10], [13], [32, 10], [10, 10], [9]]
    let end = ends.randomElement(using: &random) ?? [10]
    var body: [UInt8] = []
    for i in 0..<Int.random(in: 0..<400, using: &random) {
      body.append(Self.symbols.randomElement(using: &random) ?? 65)
      if i % width == width - 1 { body += end }
    }
    return body + ([[], [61], [61, 61], end, [61] + end].randomElement(using: &random) ?? [])
  }

  private func mutate(_ body: inout [UInt8], _ random: inout some RandomNumberGenerator) {
    for _ in 0..<([0, 0, 1, 2, 5, 20].randomElement(using: &random) ?? 0) where !body.isEmpty {
      let at = Int.random(in: 0..<body.count, using: &random)
      let any = UInt8.random(in: 0...255, using: &random)
      let c = [61, 61, 10, 13, 32, 9, 45, 0, 255, 128, 42, 95, 65, any].randomElement(
        using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: body[at] = c ?? 0
      case 1: body.insert(c ?? 0, at: at)
      default: body.remove(at: at)
      }
    }
  }

  @Test(.seeded) func vectorsMakeNoDifference() {
    var random = SeededNumbers()
    for _ in 0..<6000 {
      var body = body(&random)
      mutate(&body, &random)
      let pieces =
        [
          [body.count + 1], [1], [7], [33], [64, 3], [Int.random(in: 1...100, using: &random), 50],
        ].randomElement(using: &random) ?? [1]
      let fast = decode(body, pieces: pieces, usesBlocks: true)
      #expect(
        fast == decode(body, pieces: pieces, usesBlocks: false),
        "\(String(decoding: body, as: UTF8.self)) in pieces of \(pieces)")
    }
  }

  @Test(arguments: UInt8.min...UInt8.max)
  func everyByteMeansTheSameInABlock(_ byte: UInt8) {
    for at in 0..<64 {
      var body = [UInt8](repeating: 66, count: 80)
      body[at] = byte
      #expect(
        decode(body, pieces: [80], usesBlocks: true)
          == decode(body, pieces: [80], usesBlocks: false))
    }
  }
}
