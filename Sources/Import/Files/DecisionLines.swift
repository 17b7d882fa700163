import Bytes
import Records
import Rules

/// Writes the decisions of a run, and counts them.
final class DecisionLines {
  private let file: DecisionFile
  private let counts: DecisionCounts

  /// Creates the file; without a folder (`--dry-run`) it only counts.
  init(folder: String?, counts: DecisionCounts) throws {
    file = try DecisionFile(folder: folder)
    self.counts = counts
  }

  /// Counts an item and writes its line up to its records, see
  /// ``DecisionFile/begin(_:reason:head:rule:matched:tail:)``.
  func begin(
    _ outcome: Outcome, _ reason: Reason, item: DecisionCounts.Item, head: ByteView, rule: ByteView,
    matched: ByteView, tail: ByteView
  ) -> ByteBuffer {
    counts.count(outcome, reason, item: item)
    return file.begin(
      outcome.name, reason: reason.rawValue, head: head, rule: rule, matched: matched, tail: tail)
  }

  /// Ends the line.
  func end() throws { try file.end() }

  /// Takes over the lines of another part of the run, and their counts.
  func append(contentsOf path: String, _ counts: DecisionCounts) throws {
    self.counts.add(counts)
    try file.append(contentsOf: path)
  }

  /// Ends the file.
  func close(sync: Bool) throws { try file.close(sync: sync) }
}
