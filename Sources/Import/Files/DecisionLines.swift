import Bytes
import JSONText
import Records
import Rules

/// Writes `decisions.jsonl`, a line an item, and counts; without a folder (`--dry-run`) it only
/// counts.
final class DecisionLines {
  private let file: OutputFile?
  private let counts: RunCounts
  // Takes the lines of a run that writes nothing.
  private let discarded = ByteBuffer(capacity: 4096)

  /// Creates the file.
  init(folder: String?, counts: RunCounts) throws {
    file = try folder.map { try OutputFile(creating: Paths.join($0, "decisions.jsonl")) }
    self.counts = counts
  }

  /// Writes a line up to its records: the caller appends their keys, quoted and with commas
  /// between, to the buffer given back, and calls ``end()``.
  func begin(
    _ outcome: Outcome, _ reason: Reason, item: RunCounts.Item, head: ByteView, rule: ByteView,
    matched: ByteView, tail: ByteView
  ) -> ByteBuffer {
    counts.count(outcome, reason, item: item)
    let line = file?.pending ?? discarded
    line.append(head)
    line.append(",\"outcome\":\"")
    line.append(outcome.name)
    line.append("\",\"reason\":\"")
    line.append(string: reason.rawValue)
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
  func end() throws {
    (file?.pending ?? discarded).append("]}\n")
    discarded.removeAll()
    try file?.flushIfFull()
  }

  /// Ends the file.
  func close(sync: Bool) throws { try file?.close(sync: sync) }
}
