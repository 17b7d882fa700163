import Bytes
import Mail
import Mailboxes

/// Where a mail lies: for decisions and records.
package struct MailPlace {
  /// The path as records show it.
  package var path: ByteView
  /// The file's number among its source's, as they are read.
  package var file = 0
  /// Position among the items of its file, or of the part of it that was read.
  package var index: Int
  /// First byte in the file.
  package var offset: Int
  /// Number of bytes.
  package var length: Int
}

/// What is known of one mail beside its own words: place, date, labels.
package struct MailState: ~Copyable {
  package var place: MailPlace
  /// Kept by the batch's work; not counted, since all workers read the same one.
  package unowned(unsafe) let source: MailboxContext
  /// Seconds since 1970, or nil.
  package var date: Int64?
  /// Where the date comes from: header, separator, store, received, none.
  package var dateSource: StaticString = "none"
  /// Gmail's labels.
  package var labels: [String] = []

  init(place: MailPlace, source: MailboxContext) {
    self.place = place
    self.source = source
  }

  /// Finds the date: Date, else the separator line, else what the store keeps, else the topmost
  /// Received that can be read. Never the present time.
  mutating func resolveDate(
    _ m: Message, entry: MessageEntry, envelope: @autoclosure () -> EnvelopeLine?
  ) {
    // Before 1970 no mail was sent: a wrong clock, and every other source knows better.
    if let d = m.date, d.seconds >= 0 {
      date = d.seconds
      dateSource = "header"
    } else if let e = envelope(), e.isDated {
      date = Int64(e.seconds)
      dateSource = "separator"
    } else if let seconds = entry.storeDate {
      date = Int64(seconds)
      dateSource = "store"
    } else {
      for f in m.fields where f.name == .received {
        if let d = ReceivedDate.parse(m.bytes[f.value].prefix(4096)) {
          date = d.seconds
          dateSource = "received"
          return
        }
      }
      if let d = m.date {
        date = d.seconds
        dateSource = "header"
      }
    }
  }
}
