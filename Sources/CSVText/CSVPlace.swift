internal import Bytes

/// A place in a CSV file, as editors show it and as a hexadecimal dump does.
package struct CSVPlace: Hashable, Sendable {
  /// Line, from 1. Lines end with LF, CRLF or CR.
  package var line: Int
  /// Column in Unicode scalars, from 1.
  package var column: Int
  /// Offset in the file in bytes, from 0.
  package var offset: Int
}

/// Why a CSV file cannot be read further.
package struct CSVFault: Error, Hashable, Sendable {
  /// Where it is wrong.
  package var place: CSVPlace
  /// What is wrong and what to do about it.
  package var message: String

  /// The place and the fault, as they stand after the file's name and a colon.
  package var text: String {
    "\(place.line):\(place.column): \(message) (at byte \(place.offset))"
  }
}

extension CSVReader {
  /// Where a cell of the record begins, its quote counted; beyond the last one, where the record
  /// does.
  package func place(of cell: Int) -> CSVPlace {
    guard cell >= 0, cell < cells.count else { return place(at: input.start) }
    return place(at: input.start + cells[cell].from)
  }

  /// The place of a byte of the window, from the record's first one on.
  func place(at index: Int) -> CSVPlace {
    var place = CSVPlace(line: line, column: 1, offset: input.offset(of: index))
    let v = ByteView(base: input.base, count: input.end)
    for i in input.start..<max(input.start, min(index, input.end)) {
      let c = v[i]
      if c == ASCII.lf || (c == ASCII.cr && v[i + 1] != ASCII.lf) {
        place.line += 1
        place.column = 1
      } else if c & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }
}
