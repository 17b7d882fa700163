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

/// The invitations that came with mail (`calendar.invitesInMail`), each mailbox owner's as one
/// calendar: so they meet each other, and the owner's own calendars, by UID and SEQUENCE.
///
/// Their text waits in a file without a name; 64 bytes of memory for each.
final class InviteStore {
  private struct Row {
    var start: Int
    var length: Int
    /// Where it stands in its owner's calendar.
    var position: Int
    var mail: ItemPosition
    /// Of the mail in its file.
    var offset: Int
    /// Of the mail, in ``mailboxes`` and there; -1 without a ledger.
    var mailbox: Int32
    var separator: Int
  }

  private var mailboxes: [[UInt8]] = []
  private let file: OutputFile
  private let paths: PathTable
  private var written = 0
  private var rows: [Int: [Row]] = [:]

  init(folder: String?, paths: PathTable) throws {
    file = try OutputFile(temporaryIn: folder ?? Paths.temporaryFolder)
    self.paths = paths
  }

  /// The positions of users who have invitations, ascending.
  var users: [Int] { rows.keys.sorted() }

  /// Takes in the calendar of one mail.
  func add(_ fact: MailFact) throws {
    let text = fact.invitation
    let user = fact.user
    let last = rows[user]?.last
    var mailbox = -1
    if let path = fact.memory?.path {
      if mailboxes.last?.withByteView({ $0.equals(path) }) != true { mailboxes.append(path.array) }
      mailbox = mailboxes.count - 1
    }
    rows[user, default: []].append(
      Row(
        start: written, length: text.count,
        position: last.map { $0.position + $0.length + Self.separator.count } ?? 0,
        mail: fact.standing.position, offset: fact.place.offset, mailbox: Int32(clamping: mailbox),
        separator: fact.memory?.separator ?? 0))
    try file.write(text)
    written += text.count
  }

  // What ends the last line of one before the next begins.
  private static let separator = ByteView("\r\n")

  /// Writes out what is pending; to be called before anything is read.
  func flush() throws { try file.flush() }

  /// A stream of one user's invitations, one calendar behind the other.
  func input(user: Int) -> any CalendarInput { Input(self, rows[user] ?? []) }

  /// The mail that an event of such a stream came with.
  func place(user: Int, offset: Int) -> EventPlace {
    let list = rows[user] ?? []
    var low = 0
    var high = list.count
    while low < high {
      let m = (low + high) / 2
      if list[m].position <= offset { low = m + 1 } else { high = m }
    }
    guard low > 0 else { return EventPlace(path: "", index: 0, offset: 0) }
    let r = list[low - 1]
    let mailbox = Int(r.mailbox)
    return EventPlace(
      path: paths.name(of: Int(r.mail.file)), index: Int(r.mail.index), offset: r.offset,
      mail: mailboxes.indices.contains(mailbox)
        ? LedgerItem(path: mailboxes[mailbox], offset: r.separator, isInvitation: true)
        : nil)
  }

  private final class Input: CalendarInput {
    private let store: InviteStore
    private let rows: [Row]
    private var row = 0
    private var done = 0
    private let scratch = ByteBuffer(capacity: 64 << 10)
    private(set) var errorNumber: Int32 = 0

    init(_ store: InviteStore, _ rows: [Row]) {
      self.store = store
      self.rows = rows
    }

    func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
      guard row < rows.count, errorNumber == 0 else { return 0 }
      let r = rows[row]
      if done >= r.length {
        let rest = InviteStore.separator.from(done - r.length).prefix(capacity)
        destination.update(from: rest.base, count: rest.count)
        done += rest.count
        if done >= r.length + InviteStore.separator.count {
          row += 1
          done = 0
        }
        return rest.count
      }
      scratch.removeAll()
      do {
        let n = try store.file.read(
          min(capacity, r.length - done), at: r.start + done, into: scratch)
        guard n > 0 else { return 0 }
        destination.update(from: scratch.view.base, count: n)
        done += n
        return n
      } catch {
        errorNumber = (error as? OutputError)?.code ?? 5
        return 0
      }
    }
  }
}
