package import Bytes
internal import JSONText

/// Writes `decisions.jsonl`, a line an item, the fast way: it must give what
/// ``DecisionRecord/table`` gives. Without a folder (`--dry-run`) it writes nothing.
package final class DecisionFile {
  private let file: OutputFile?
  // Takes the lines of a run that writes nothing.
  private let discarded = ByteBuffer(capacity: 4096)

  /// Creates the file.
  package init(folder: String?) throws {
    file = try folder.map { try OutputFile(creating: "\($0)/decisions.jsonl") }
  }

  /// Writes a line up to its records: the caller appends their keys, quoted and with commas
  /// between, to the buffer given back, and calls ``end()``.
  ///
  /// - Parameters:
  ///   - head: The object up to what comes before `outcome`.
  ///   - tail: What stands between `matched` and `records`, with the comma before it.
  package func begin(
    _ outcome: StaticString, reason: String, head: ByteView, rule: ByteView, matched: ByteView,
    tail: ByteView
  ) -> ByteBuffer {
    let line = file?.pending ?? discarded
    line.append(head)
    line.append(",\"outcome\":\"")
    line.append(outcome)
    line.append("\",\"reason\":\"")
    line.append(string: reason)
    line.append("\",\"rule\":")
    JSONWriter.appendString(rule, to: line)
    if !matched.isEmpty {
      line.append(",\"matched\":")
      JSONWriter.appendString(matched, to: line)
    }
    line.append(tail)
    line.append(",\"records\":[")
    return line
  }

  /// Ends the line.
  package func end() throws {
    (file?.pending ?? discarded).append("]}\n")
    discarded.removeAll()
    try file?.flushIfFull()
  }

  /// Appends the lines of another file.
  package func append(contentsOf path: String) throws { try file?.append(contentsOf: path) }

  /// Ends the file.
  package func close(sync: Bool) throws { try file?.close(sync: sync) }
}
