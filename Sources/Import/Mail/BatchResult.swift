import Bytes
import Synchronization

/// What one worker made of one batch.
package final class BatchResult: @unchecked Sendable {
  /// Facts in source order; see ``MailFact``.
  package let facts = ByteBuffer(capacity: 64 << 10)
  /// The same as lines, where they go out as such; see ``MailLines``.
  package let lines = ByteBuffer(capacity: 64)
  /// Bytes of input.
  package var bytes = 0
  /// What went wrong while writing attachments or quarantined bytes.
  var failure: (any Error)?

  /// Of nothing yet.
  package init() {}

  /// Forgets everything but the memory.
  fileprivate func reset() {
    facts.removeAll()
    lines.removeAll()
    bytes = 0
    failure = nil
  }
}

/// Results that were merged, waiting to be filled again: a fresh buffer of a megabyte a batch would
/// be mapped, cleared and unmapped each time.
final class ResultPool: Sendable {
  private let spare = Mutex<[BatchResult]>([])

  /// An empty result.
  func take() -> BatchResult { spare.withLock { $0.popLast() } ?? BatchResult() }

  /// Takes back a result that nobody reads any more.
  func put(_ result: BatchResult) {
    result.reset()
    spare.withLock { if $0.count < 16 { $0.append(result) } }
  }
}
