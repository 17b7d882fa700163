package import Bytes
package import JSONText

/// Writes records that differ in few fields alone, such as the occurrences of a series: what they
/// share is written once and copied from then on. What comes out is, byte for byte, what the table
/// itself writes.
///
/// Used by one thread. Call ``begin()`` before each record that differs in other fields, too.
package final class RepeatedRecord<Record: Sendable> {
  // What stands between two fields that differ, or one of them. Text of neighbours is written
  // after a byte that stands for what comes before it, so that its first separator is always
  // there.
  private enum Piece {
    case shared(Range<Int>, ByteBuffer)
    case own(Int)
  }

  private static var before: UInt8 { 48 }

  private let table: RecordTable<Record>
  private let guarded: Bool
  private let members: [Piece]
  private let cells: [Piece]
  private let content: [Piece]
  private var hasMembers = false
  private var hasCells = false
  private var hasContent = false

  /// - Parameters:
  ///   - paths: The fields in which the records of one series differ.
  ///   - guarded: Whether cells get the guard against formulas.
  package init(
    _ table: RecordTable<Record>, differingIn paths: [PartialKeyPath<Record>], guarded: Bool
  ) {
    self.table = table
    self.guarded = guarded
    let offsets = paths.map { FieldOffset.of($0) }
    let own = table.fields.map { offsets.contains($0.access.offset) }
    members = Self.pieces(own)
    cells = Self.pieces(own)
    content = Self.pieces(table.content.map { offsets.contains($0.offset) })
  }

  private static func pieces(_ own: [Bool]) -> [Piece] {
    var list: [Piece] = []
    var start = 0
    for i in 0...own.count where i == own.count || own[i] {
      if start < i { list.append(.shared(start..<i, ByteBuffer(capacity: 512))) }
      if i < own.count { list.append(.own(i)) }
      start = i + 1
    }
    return list
  }

  /// Forgets what the records before had in common.
  package func begin() {
    hasMembers = false
    hasCells = false
    hasContent = false
  }

  /// Appends the members of some fields, without the object's braces. A bound of the range is the
  /// table's, or stands at a field in which the records differ.
  package func write(_ record: Record, to w: JSONWriter, _ range: Range<Int>) {
    if !hasMembers {
      hasMembers = true
      Self.fill(members) { range, out in
        table.write(record, to: JSONWriter(out), range)
      }
    }
    for piece in members {
      switch piece {
      case .shared(let fields, let text):
        // The first byte stands for a member before, the second is the comma after it.
        guard range.contains(fields.lowerBound), text.count > 1 else { continue }
        w.members(text.view.from(2))
      case .own(let i):
        if range.contains(i) { table.write(record, to: w, i..<(i + 1)) }
      }
    }
  }

  /// Appends the cells of some fields; bounds as in ``write(_:to:_:)``.
  package func appendCells(_ record: Record, to row: CSVRow, _ range: Range<Int>) {
    if !hasCells {
      hasCells = true
      Self.fill(cells) { range, out in
        table.appendCells(record, to: CSVRow(continuing: out, guarded: guarded), range)
      }
    }
    for piece in cells {
      switch piece {
      case .shared(let fields, let text):
        guard range.contains(fields.lowerBound), text.count > 1 else { continue }
        row.append(cells: text.view.from(2))
      case .own(let i):
        if range.contains(i) { table.appendCells(record, to: row, i..<(i + 1)) }
      }
    }
  }

  /// Appends what a digest over the record takes of it.
  package func appendContent(_ record: Record, to out: ByteBuffer) {
    if !hasContent {
      hasContent = true
      Self.fill(content) { range, out in
        table.appendContent(record, to: out, range)
      }
    }
    for piece in content {
      switch piece {
      case .shared(_, let text): out.append(text.view.from(1))
      case .own(let i): table.appendContent(record, to: out, i..<(i + 1))
      }
    }
  }

  private static func fill(_ pieces: [Piece], _ write: (Range<Int>, ByteBuffer) -> Void) {
    for case .shared(let range, let text) in pieces {
      text.removeAll()
      text.append(before)
      write(range, text)
    }
  }
}
