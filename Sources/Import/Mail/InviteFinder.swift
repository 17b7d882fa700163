import Bytes
import Mail
import Rules
import Text

/// Finds the calendar that came with a mail (iMIP, RFC 6047). One per worker.
final class InviteFinder {
  private let users: Set<Int>
  private let text = ByteBuffer(capacity: 4096)
  private static let longest = 4 << 20

  /// A finder for the mail of these users.
  init(users: Set<Int>) { self.users = users }

  /// True for mail of a user who wants it, in a folder that is synced, whatever becomes of the mail
  /// itself.
  func isWanted(_ state: borrowing MailState, _ finding: Finding) -> Bool {
    users.contains(state.source.user) && MailRules.letsInvitationsIn(finding)
  }

  /// The first text/calendar part, else the first application/ics, as UTF-8; empty without one.
  /// Holds until the next search.
  func find(_ reader: MessageReader) -> ByteView {
    let m = reader.message
    guard m.parts.count > 0 else { return .empty }
    var attached: Int?
    for (i, part) in m.parts.enumerated() where part.isLeaf {
      let media = m.text[part.mediaType]
      if media.equalsIgnoringCase("text/calendar") { return decode(i, reader) }
      if attached == nil, media.equalsIgnoringCase("application/ics") { attached = i }
    }
    return attached.map { decode($0, reader) } ?? .empty
  }

  private func decode(_ part: Int, _ reader: MessageReader) -> ByteView {
    let m = reader.message
    let label = m.text[m.parts[part].charset]
    text.removeAll()
    reader.withAttachment(part) { a in
      guard a.elided == nil, a.bytes.count <= Self.longest else { return }
      if let charset = Charset.named(label) {
        _ = charset.decode(a.bytes, into: text)
      } else {
        text.append(a.bytes)
      }
    }
    // Only what is a calendar: it stands beside others in one stream.
    let view = text.view
    return view.prefix(1024).firstRangeIgnoringCase(of: ByteView("BEGIN:VCALENDAR")) == nil
      ? .empty : view
  }
}
