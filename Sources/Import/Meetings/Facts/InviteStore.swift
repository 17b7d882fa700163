import Bytes
import ICalendar
import Records

/// Where an event stands, as decisions and records name it.
package struct EventPlace: Hashable {
  package var path: String
  package var index: Int
  var offset: Int
  /// What the ledger knows an invitation by; nil for what lies in a calendar.
  var mail: LedgerItem?

  /// For people.
  package var text: String { "\(path)#\(index)" }
}

/// What can be read again later, in a run with a ledger.
struct LedgerItem: Hashable {
  /// Names the file; see ``LedgerNote/path``.
  var path: [UInt8]
  var offset: Int
  /// True for the invitation in the mail that lies there.
  var isInvitation: Bool
}

/// The invitations that came with mail (`calendar.invitesInMail`), by the mailboxes' owners: they
/// meet each other, and the owner's own calendars, by UID and SEQUENCE.
///
/// What they say waits in a file without a name; 32 bytes of memory for each.
final class InviteStore {
  private struct Row {
    var chunk: FactSpill.Chunk
    var mail: ItemPosition
  }

  private let spill: FactSpill
  private let window = ByteBuffer(capacity: 4096)
  private var rows: [Int: [Row]] = [:]

  init(folder: String?) throws { spill = try FactSpill(folder: folder) }

  /// The positions of users who have invitations, ascending.
  var users: [Int] { rows.keys.sorted() }

  /// Takes in the calendar of one mail.
  func add(_ fact: MailFact) throws {
    rows[fact.user, default: []].append(
      Row(chunk: try spill.append(fact.invitation), mail: fact.standing.position))
  }

  /// Calls `body` with everything that came with one user's mail, and where it stands in the run.
  func forEach(user: Int, _ body: (CalendarFact, ItemPosition) throws -> Void) throws {
    for row in rows[user] ?? [] {
      try spill.read(row.chunk, into: window)
      var reader = FactReader(window.view)
      while !reader.isAtEnd {
        let fact = try CalendarFact(from: &reader)
        try body(fact, Self.position(of: fact, in: row.mail))
      }
    }
  }

  /// Where a component of an invitation stands: after all calendars, among others as the mails do.
  static func position(of fact: CalendarFact, in mail: ItemPosition) -> ItemPosition {
    var part = 0
    if case .meeting(let meeting) = fact { part = max(0, min(meeting.index, 63)) }
    return ItemPosition(file: (1 << 31) + Int(mail.file), index: (Int(mail.index) << 6) + part)
  }
}
