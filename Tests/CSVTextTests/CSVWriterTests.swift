import Bytes
import CSVText
import Testing

private func cell(_ text: String, guarded: Bool = false) -> String {
  let out = ByteBuffer()
  text.withByteView { CSVWriter.appendCell($0, to: out, guarded: guarded) }
  return out.string
}

/// RFC 4180 backwards, for one cell.
private func parsed(_ cell: String) -> String {
  guard cell.utf8.first == 34 else { return cell }
  var out: [UInt8] = []
  var isEscape = false
  for byte in cell.utf8.dropFirst().dropLast() {
    if byte == 34, !isEscape {
      isEscape = true
      continue
    }
    isEscape = false
    out.append(byte)
  }
  return String(decoding: out, as: UTF8.self)
}

@Suite struct CSVCells {
  @Test func plainTextIsNotQuoted() {
    #expect(cell("Hello world") == "Hello world")
    #expect(cell("") == "")
  }

  @Test func separatorsQuotesAndLineEndsAreQuoted() {
    #expect(cell("a,b") == "\"a,b\"")
    #expect(cell("say \"hi\"") == "\"say \"\"hi\"\"\"")
    #expect(cell("two\nlines") == "\"two\nlines\"")
    #expect(cell("two\r\nlines") == "\"two\r\nlines\"")
    #expect(cell(" led") == "\" led\"")
  }

  @Test(arguments: [
    "=1+1", "@SUM(A1)", "-1+1|cmd", "\t=1", "\r=1", "\n=1", "＝1+1", "+cmd|' /C", "\u{200B}=1+1",
    " =1+1",
  ])
  func formulasGetAnApostrophe(_ text: String) {
    #expect(parsed(cell(text, guarded: true)) == "'" + text)
    #expect(parsed(cell(text, guarded: false)) == text)
  }

  @Test(arguments: [
    "-5.00", "-5", "+49 30 1234567", "+49 (30) 123-45", "0012345", "1E5", "a=b", "2026-03-04",
  ])
  func numbersAndTelephonesStay(_ text: String) {
    #expect(cell(text, guarded: true) == cell(text, guarded: false))
  }

  @Test(arguments: ["'quoted'", "=1", "plain", "''", "", "-1-1", "+1 2", "it's"])
  func theGuardCanBeUndone(_ text: String) {
    let written = parsed(cell(text, guarded: true))
    #expect(written.withByteView { CSVWriter.withoutGuard($0).string } == text)
  }

  @Test(arguments: ["'o@x.example", "'", "plain", "'90s", "=1+1", ""])
  func withoutAGuardAnApostropheBelongsToTheText(_ text: String) {
    let written = parsed(cell(text, guarded: false))
    #expect(written.withByteView { CSVWriter.withoutGuard($0).string } == text)
  }
}
