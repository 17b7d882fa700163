import Bytes
import Glibc
import TestSupport
import Testing

@testable import Mailboxes

func readFile(_ path: String) -> [UInt8] {
  guard let f = fopen(path, "r") else { return [] }
  defer { fclose(f) }
  var out: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let n = fread(&chunk, 1, chunk.count, f)
    if n == 0 { return out }
    out += chunk[..<n]
  }
}

/// The `sha256` values of the corpus manifest, in order, with the number of lines that began
/// with `>From ` before any writer quoted them.
private func manifest(_ folder: String) -> [(sha: String, quoted: Bool)] {
  let text = readFile(folder + "/manifest.json")
  var out: [(String, Bool)] = []
  text.withByteView { v in
    var at = 0
    while let hit = v.firstRange(of: ByteView("\"sha256\": \""), from: at) {
      let sha = v.slice(hit + 11, hit + 75).string
      let gt = v.firstRange(of: ByteView("\"gt_from_lines\": "), from: hit) ?? hit
      out.append((sha, v[gt + 17] != 48))
      at = hit + 75
    }
  }
  return out
}

/// LF line ends, one newline at the end, without the fields that the variants' writers added.
private func canonical(_ raw: [UInt8]) -> String {
  var lines: [ArraySlice<UInt8>] = []
  var inHeaders = true
  for var line in raw.split(separator: 10, omittingEmptySubsequences: false) {
    if line.last == 13 { line.removeLast() }
    if line.isEmpty { inHeaders = false }
    let text = String(decoding: line.prefix(20), as: UTF8.self).lowercased()
    let isAdded =
      text.hasPrefix("content-length:") || text.hasPrefix("x-mozilla-")
      || text.hasPrefix("x-gm-thrid:") || text.hasPrefix("x-gmail-labels:")
    if inHeaders && isAdded { continue }
    lines.append(line)
  }
  while lines.last?.isEmpty == true { lines.removeLast() }
  let bytes = Array(lines.joined(separator: [10])) + [10]
  return bytes.withByteView { SHA256.digest($0).hex() }
}

@Suite struct VariantTests {
  /// Every dialect gives the same 399 messages. In mboxo, mboxcl and Takeout files a line that
  /// the sender began with `>From ` cannot be told from a quoted one: 16 messages hold one,
  /// 2 of them a `>>From `, which the mboxo rule (mboxcl, Takeout) leaves alone rightly and the
  /// mboxrd rule (which a bare mboxo file gets) does not.
  @Test(
    .needsShared,
    arguments: [
      ("mboxcl", "mboxcl", 385), ("mboxcl2", "mboxcl2", 399), ("mboxo", "mboxrd", 383),
      ("mboxrd", "mboxrd", 399), ("noblank-unquoted", "unquoted", 399),
      ("takeout-crlf-mboxo", "takeout", 385), ("thunderbird-unquoted", "thunderbird", 399),
      ("unquoted", "unquoted", 399),
    ])
  func everyDialectGivesTheSameMessages(name: String, dialect: String, exact: Int) throws {
    let shared = try #require(SharedFolder.path)
    let folder = shared + "/corpus/mail/mbox-variants"
    let expected = manifest(folder)
    #expect(expected.count == 399)
    let bytes = readFile("\(folder)/\(name).mbox")
    for (step, isSeekable) in [(Int.max, true), (4093, true), (65_536, false)] {
      let (pieces, summary) = split(bytes, step: step, isSeekable: isSeekable)
      #expect(pieces.count == 399)
      #expect("\(summary.dialect?.name ?? "none")" == dialect)
      var matches = 0
      for (piece, want) in zip(pieces, expected) {
        if canonical(piece.raw) == want.sha {
          matches += 1
        } else {
          #expect(want.quoted, "message \(piece.entry.index) of \(name)")
        }
      }
      #expect(matches == exact, "\(name)")
      let bodies = dialect == "unquoted" || dialect == "thunderbird" || dialect == "mboxcl2"
      #expect(summary.doubtfulLines == (bodies ? 42 : 0))
      #expect(summary.doubtful.count == (bodies ? 20 : 0))
    }
  }
}
