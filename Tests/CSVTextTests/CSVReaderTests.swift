import Bytes
import Testing

@testable import CSVText

/// A reader of a CSV text through a window of `capacity` bytes in chunks of `chunk`.
private func csv(
  _ bytes: [UInt8], capacity: Int = 1 << 16, chunk: Int = 1 << 16, delimiter: UInt8? = nil
) -> CSVReader {
  var at = 0
  return CSVReader(capacity: capacity, delimiter: delimiter) { target, room in
    let n = min(room, chunk, bytes.count - at)
    for i in 0..<n { target[i] = bytes[at + i] }
    at += n
    return n
  }
}

/// The records of a CSV text, read through a window of `capacity` bytes in chunks of `chunk`.
func records(_ bytes: [UInt8], capacity: Int = 1 << 16, chunk: Int = 1 << 16) -> (
  rows: [[String]], reader: CSVReader
) {
  let reader = csv(bytes, capacity: capacity, chunk: chunk)
  var rows: [[String]] = []
  while reader.next() { rows.append((0..<reader.count).map { reader.cell($0).string }) }
  return (rows, reader)
}

@Suite struct CSVReading {
  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    ("a;b\n\"1;1\";2\n", [["a", "b"], ["1;1", "2"]]),
    ("a\tb\n1,1\t2\n", [["a", "b"], ["1,1", "2"]]),
    ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
    ("\"a,x\";b\n1;2\n", [["a,x", "b"], ["1", "2"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("a,b\n\"x\r\ny\",\"q\"\"q\"\n", [["a", "b"], ["x\r\ny", "q\"q"]]),
    ("a,b\n\"\",\n,\"\"\"\"\n", [["a", "b"], ["", ""], ["", "\""]]),
    ("a,b\nx\"y,\"z\"w\n", [["a", "b"], ["x\"y", "zw"]]),
    ("a\n\n\r\n1\n\n", [["a"], ["1"]]), ("", []), ("\n\n", []), ("a", [["a"]]),
    ("a,", [["a", ""]]),
    ("\u{FEFF}", []), ("a,b\n1", [["a", "b"], ["1"]]),
  ])
  func recordsAreTheSameThroughAnyWindow(_ text: String, _ expected: [[String]]) {
    for (capacity, chunk) in [(1 << 16, 1 << 16), (16, 1), (16, 3), (32, 7)] {
      #expect(records(Array(text.utf8), capacity: capacity, chunk: chunk).rows == expected)
    }
  }

  @Test func linesAreThoseOfTheFile() {
    let text = "a,b\r\n\"x\r\ny\n\rz\",1\n\n2,3\r4,5"
    for (capacity, chunk) in [(1 << 16, 1 << 16), (16, 1)] {
      let reader = csv(Array(text.utf8), capacity: capacity, chunk: chunk)
      var lines: [Int] = []
      while reader.next() { lines.append(reader.line) }
      #expect(lines == [1, 2, 7, 8])
    }
  }

  @Test func aQuoteThatIsNeverClosedNamesItsLine() {
    let r = records(Array("id,email\n1,\"ann\nbob\n2,x\n".utf8))
    #expect(r.rows.count == 1)
    #expect(r.reader.fault?.place == CSVPlace(line: 2, column: 3, offset: 11))
  }

  @Test func utf16IsReadByItsMark() {
    let text = "id,name\r\n1,Zoë 😀\r\n"
    for little in [true, false] {
      var bytes: [UInt8] = little ? [0xFF, 0xFE] : [0xFE, 0xFF]
      for u in text.utf16 {
        let pair = [UInt8(truncatingIfNeeded: u), UInt8(truncatingIfNeeded: u >> 8)]
        bytes += little ? pair : pair.reversed()
      }
      for chunk in [1, 3, 1 << 16] {
        #expect(
          records(bytes, capacity: 16, chunk: chunk).rows == [["id", "name"], ["1", "Zoë 😀"]])
      }
      #expect(records(bytes + [0]).reader.isUTF16)
    }
  }

  @Test func whatIsNoUTF8IsReadAsWindows1252AndTold() {
    let r = records([97, 10, 0xC3, 0xA4, 10, 77, 0xFC, 34, 10, 0x80, 10])
    #expect(r.rows == [["a"], ["ä"], ["Mü\""], ["€"]])
    #expect(r.reader.foreignRecords == 2)
    #expect(r.reader.firstForeignLine == 3)
  }

  @Test func theBytesThatWindows1252LacksAreReplaced() {
    #expect(records([97, 10, 0x81, 0xE4, 10]).rows == [["a"], ["\u{FFFD}ä"]])
  }

  @Test(arguments: [
    "a,b\r\n\"x, \"\"y\"\"\",z\r\n", "\u{FEFF}a,b\n1,\n", "a,\"b\"\"\"", "\"a\nb\",c\rd,e\r",
    "\"a\"x,y\n",
  ])
  func whatIsWrittenIsGivenBackByteForByte(_ text: String) {
    for (capacity, chunk) in [(1 << 16, 1 << 16), (16, 1), (16, 3)] {
      let reader = csv(Array(text.utf8), capacity: capacity, chunk: chunk)
      var whole = reader.hasMark ? "\u{FEFF}" : ""
      var cells = whole
      while reader.next() {
        whole += reader.written.string
        cells += (0..<reader.count).map { reader.written($0).string }.joined(separator: ",")
        cells += reader.lineEnd.string
      }
      #expect(Array(whole.utf8) == Array(text.utf8))
      #expect(Array(cells.utf8) == Array(text.utf8))
    }
  }

  @Test func placesCountScalarsAndBytesOfTheFile() {
    let text = "ä,b\n\"x\ny\",ö,\"z"
    var utf16: [UInt8] = [0xFF, 0xFE]
    for u in text.utf16 {
      utf16 += [UInt8(truncatingIfNeeded: u), UInt8(truncatingIfNeeded: u >> 8)]
    }
    for (bytes, offset) in [(Array(text.utf8), 14), (utf16, 26)] {
      for (capacity, chunk) in [(1 << 16, 1 << 16), (16, 1)] {
        let reader = csv(bytes, capacity: capacity, chunk: chunk)
        while reader.next() {}
        #expect(reader.fault?.place == CSVPlace(line: 3, column: 6, offset: offset))
      }
    }
    let reader = csv(Array("a,b\n\"x\ny\",ö,z\n".utf8))
    #expect(reader.next() && reader.next())
    #expect(reader.place(of: 1) == CSVPlace(line: 3, column: 4, offset: 10))
    #expect(reader.place(of: 2).column == 6)
  }

  @Test func aFaultTellsWhatToDo() {
    let unclosed = records(Array("a,\"b\n".utf8)).reader
    #expect(
      unclosed.fault?.text
        == "1:3: the quote that opens here is never closed: close it, and write a quote inside a cell twice (at byte 2)"
    )
    let long = CSVReader(capacity: 16, longest: 1 << 20) { target, room in
      target.update(repeating: 120, count: room)
      return room
    }
    #expect(!long.next() && long.fault?.text.contains("longer than 1 MiB") == true)
    let broken = CSVReader(capacity: 16) { _, _ in -1 }
    #expect(!broken.next() && broken.fault?.text.contains("cannot be read further") == true)
  }

  @Test func aGivenDelimiterIsNotGuessed() {
    let reader = csv(Array("a;b;c,d\n".utf8), delimiter: 44)
    #expect(reader.next() && reader.count == 2)
  }

  @Test func brokenTextIsTheSameThroughAnyWindow() {
    var state: UInt64 = 11
    func next(below n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, n)
    }
    let whole = Array(
      "id,email,name\r\n1,\"a@x.example\",\"A \"\"B\"\"\"\n2,b@x.example,\"C\r\nD\"\r3,,\u{E4}\n"
        .utf8)
    let special: [UInt8] = [0, 9, 10, 13, 34, 44, 59, 124, 0x80, 0xC3, 0xFF]
    for _ in 0..<1500 {
      var bytes = whole
      for _ in 0...next(below: 6) where !bytes.isEmpty {
        let at = next(below: bytes.count)
        switch next(below: 4) {
        case 0: bytes[at] = special[next(below: special.count)]
        case 1: bytes.insert(special[next(below: special.count)], at: at)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(below: 9)))
        default: bytes.removeLast(next(below: bytes.count))
        }
      }
      let wide = records(bytes)
      let narrow = records(bytes, capacity: 16, chunk: 1 + next(below: 5))
      // The delimiter is told from what the first window holds of the header.
      if wide.reader.delimiter == narrow.reader.delimiter {
        #expect(wide.rows == narrow.rows)
        #expect(wide.reader.fault == narrow.reader.fault)
      }
    }
  }
}
