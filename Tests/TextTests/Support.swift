import Bytes
import Glibc
import Testing

@testable import Text

/// What a charset makes of bytes.
func decoded(_ bytes: [UInt8], as label: String) throws -> (text: String, defects: CharsetDefects) {
  let charset = try #require(label.withByteView { Charset.named($0) }, "no charset \(label)")
  let out = ByteBuffer()
  let defects = bytes.withByteView { charset.decode($0, into: out) }
  return (out.string, defects)
}

func decoded(_ text: String, as label: String) throws -> (text: String, defects: CharsetDefects) {
  try decoded(Array(text.utf8), as: label)
}

func bytes(hex: Substring) -> [UInt8] {
  let digits = hex.utf8.compactMap { ASCII.hexValue($0) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// The lines of a file in Tests/Fixtures/text, each split at its tabs.
func golden(_ name: String) throws -> [[Substring]] {
  // #filePath is <checkout>/Tests/TextTests/Support.swift
  let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  let file = try #require(fopen("/\(here)/Fixtures/text/\(name)", "r"))
  defer { fclose(file) }
  var text: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while case let n = fread(&chunk, 1, chunk.count, file), n > 0 { text += chunk[0..<n] }
  return String(decoding: text, as: UTF8.self).split(separator: "\n").map {
    $0.split(separator: "\t", omittingEmptySubsequences: false)
  }
}
