import Glibc
import ICalendar
import Mailboxes

/// A source's bytes as the calendar readers take them: inflated where it is gzip, no links
/// followed.
package final class SourceInput: CalendarInput {
  private let bytes: SourceBytes

  private init(_ bytes: SourceBytes) { self.bytes = bytes }

  /// Opens a source; nil with errno set where that fails, and `failure` is told why.
  package static func open(
    _ source: FoundSource, failure: (MailboxError) -> Void = { _ in }
  ) -> (any CalendarInput)? {
    switch SourceBytes.open(source) {
    case .success(let bytes): return SourceInput(bytes)
    case .failure(let error):
      failure(error)
      errno = error.errno
      return nil
    }
  }

  // Damaged gzip has no number of its own.
  package var errorNumber: Int32 {
    guard let e = bytes.error, e.kind != .changedWhileReading else { return 0 }
    return e.errno != 0 ? e.errno : EIO
  }

  package func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    bytes.read(into: destination, capacity: capacity)
  }
}
