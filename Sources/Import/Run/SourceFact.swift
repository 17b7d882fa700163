import Bytes
import Glibc
import Mailboxes
import Records
import Rules

/// What a run says of one source, or of the part of it that it read: for run.json, for the
/// warnings, and for the place of what lies in it.
struct SourceFact: Equatable {
  /// The path as records show it.
  var path = ""
  /// What the path holds; see ``SourceKind``.
  var kind = ""
  /// The owner's id or address; empty when nobody is known.
  var owner = ""
  /// The owner's position among the run's users, or -1.
  var user = -1
  /// How the owner was found out; nil where the configuration says it.
  var ownerNote: String?
  /// What a calendar is to its owner; empty for mail.
  var role = ""
  /// See ``ResolvedSource/rank``.
  var rank = 0
  /// Files of a Maildir; 1 of others.
  var files = 1
  /// What was read of it.
  var part = Part()
  /// Its size in bytes.
  var size = 0
  /// What it looks like.
  var look = Look()
  /// Messages, or components of a calendar.
  var items = 0
  /// What was found in it.
  var found = Found()
  /// What is worth telling of it.
  var notes: [String] = []

  /// A part of a file, in bytes.
  struct Part: Equatable {
    /// The first byte that was read, and the first that was not.
    var from = 0
    var to = 0
  }

  /// What tells a file from another.
  struct Look: Equatable {
    /// When it was last changed, seconds since 1970; nil where nobody knows.
    var modified: Int64?
    /// See ``Fingerprint``.
    var fingerprint: Digest?
    /// SHA-256 of all of it, where that was asked for.
    var sha256: Digest?
  }

  /// See ``MailboxSummary``.
  struct Found: Equatable {
    var doubtfulLines = 0
    /// The first places of them.
    var doubtful: [Int] = []
    var skippedBytes = 0
    var cutSeparatorBytes = 0
    var pseudoMessages = 0
  }

  /// Of nothing.
  init() {}

  /// What a run found of a source.
  init(_ source: ResolvedSource, _ summary: MailboxSummary) {
    path = source.display
    kind = source.found.kind.rawValue
    owner = source.ownerName
    user = source.user
    ownerNote = source.ownerNote
    role = source.role?.rawValue ?? ""
    rank = source.rank
    size = source.found.size
    part.from = source.range?.lowerBound ?? 0
    part.to = min(source.range?.upperBound ?? .max, max(size, summary.endOffset))
    items = summary.messages
    found = Found(
      doubtfulLines: summary.doubtfulLines, doubtful: summary.doubtful.map(\.offset),
      skippedBytes: summary.skippedBytes, cutSeparatorBytes: summary.cutSeparatorBytes,
      pseudoMessages: summary.pseudoMessages)
    if let e = summary.error { notes.append("\(path): \(e.reason); what was read before stays") }
    for e in summary.fileErrors {
      notes.append("\(e.path.withByteView(\.string)): left out, \(e.reason)")
    }
  }

  /// Looks at the file itself: when it was changed, and what it looks like.
  mutating func look(at source: ResolvedSource, whole: Bool) {
    let path = source.found.path.withByteView(\.string)
    var info = stat()
    if stat(path, &info) == 0 { look.modified = info.modifiedSeconds }
    if let print = Fingerprint.of(path, whole: whole) {
      look.fingerprint = print.fingerprint
      look.sha256 = print.whole
    }
  }

  /// Everything worth telling of it, in a fixed order.
  var warnings: [String] {
    var list: [String] = []
    if let ownerNote { list.append("\(path): owner \(owner), \(ownerNote)") }
    if user < 0 { list.append("\(path): nobody in the users list owns it") }
    if found.doubtfulLines > 0 {
      let places = found.doubtful.prefix(5).map { "\($0)" }.joined(separator: ", ")
      list.append(
        "\(path): \(found.doubtfulLines) body lines begin with \"From \" and were left in their message (at byte \(places)\(found.doubtfulLines > 5 ? ", …" : ""))"
      )
    }
    if found.skippedBytes > 0 {
      list.append(
        "\(path): \(found.skippedBytes) bytes before the first separator belong to no message")
    }
    if found.cutSeparatorBytes > 0 {
      list.append("\(path): ends inside a separator line (\(found.cutSeparatorBytes) bytes)")
    }
    if found.pseudoMessages > 0 {
      list.append("\(path): \(found.pseudoMessages) internal messages of the mail store left out")
    }
    return list + notes
  }
}

extension SourceFact: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.number("rank", &rank)
    c.text("path", &path)
    c.text("kind", &kind)
    c.text("owner", &owner)
    c.position("user", &user)
    c.text("ownerNote", &ownerNote)
    c.text("role", &role)
    c.number("files", &files)
    c.number("from", &part.from)
    c.number("to", &part.to)
    c.number("size", &size)
    c.number("modified", &look.modified)
    c.digest("fingerprint", &look.fingerprint)
    c.digest("sha256", &look.sha256)
    c.number("items", &items)
    c.number("doubtfulLines", &found.doubtfulLines)
    c.list("doubtful", &found.doubtful)
    c.number("skippedBytes", &found.skippedBytes)
    c.number("cutSeparatorBytes", &found.cutSeparatorBytes)
    c.number("pseudoMessages", &found.pseudoMessages)
    c.list("notes", &notes)
  }
}
