import Bytes
import Rules

/// One address of a mail that is, or may become, a lead.
struct FactAddress {
  /// True when the CRM's own list has the address.
  var isKnown = false
  /// True when this mail may make a lead of the address.
  var mayCapture = false
  /// The field that the address stands in.
  var field: AddressFields = []
  /// The comparison key of the address.
  var key: ByteView = .empty
  /// The display name, for a captured lead.
  var name: ByteView = .empty
  /// The CRM's id of the lead, where a record or the ledger may need it.
  var id: ByteView = .empty
  /// Its name in the CRM's list, in a run with a ledger.
  var leadName: ByteView = .empty
  /// The list's column that it was found by; only where its records are not rendered yet.
  var matchedBy: ByteView = .empty
  /// The record's key in hexadecimal; empty where no record can come of it.
  var record: ByteView = .empty
  /// The record, where it is rendered: up to what all records of the mail share.
  var rendered = MailFact.Pieces()
}

/// What one mail says, as far as the merge asks it: a value that means the same in every process
/// and on every machine that has the same configuration, lists and sources. Written by a worker
/// into its batch's buffer; it may lie in a file before it is read.
///
/// What files will say of the mail follows from it (``MailRendering``). Where nothing has to wait
/// the worker renders that at once, and the fact carries the pieces in place of ``record``: so the
/// text of a body is in it once, or is not copied at all.
///
/// One object, reused from mail to mail: as a value it would be copied, some 400 bytes a time.
final class MailFact {
  /// What steps 1 to 9 said.
  var verdict = Verdict()
  /// Mail identity, first half; 0 for one that a rule dropped.
  var identity: (UInt64, UInt64) = (0, 0)
  /// Seconds since 1970; Int64.max when there is no date.
  var date: Int64 = .max
  /// Position of the owner in the plan.
  var user = -1
  /// See ``Direction``.
  var direction: Direction = .inbound
  /// Where it lies.
  var place = Place()
  /// Message-ID
  var messageID: ByteView = .empty
  /// The key of the mailing list's own address.
  var listKey: ByteView = .empty
  /// What the calendar that came with it says, where meetings in mail are read: ``CalendarFact``s.
  var invitation: ByteView = .empty
  /// What the ledger needs; nil in a run without one.
  var memory: LedgerNote?
  /// What its records share, see ``ActivityFields``; empty where no record can come of it, and
  /// where it is rendered.
  var record: ByteView = .empty
  /// What is written of it; nil where that is still to be made.
  var rendered: Rendered?
  /// SHA-256 of the attachments stored for it, 32 bytes each.
  var stored: ByteView = .empty
  /// The addresses that are leads or may become one, in header order.
  var variants: [FactAddress] = []

  /// What the merge that read it knows; means nothing elsewhere, and is not written.
  var standing = Standing()

  /// What steps 1 to 9 said of a mail.
  struct Verdict {
    /// Why it is dropped; nil when it goes on to the merge.
    var reason: Reason?
    /// True when a lead was hit but not taken because several carry the address.
    var isAmbiguous = false
    /// The setting that decided.
    var rule: ByteView = .empty
    /// What it matched.
    var matched: ByteView = .empty
    /// The key of the address that the owner sent it under, and that nobody lists; empty for other
    /// mail.
    var sentAs: ByteView = .empty
    /// What is kept of one that could not be read; nil of others, and of one that is blank.
    var unread: Unread?
  }

  /// The bytes of what could not be read.
  struct Unread {
    /// SHA-256 of all of them.
    var digest: Digest
    /// How many they are in their file.
    var length: Int
    /// They themselves, cut (``QuarantineWriter/limit``); nil where `output.privacy` withholds
    /// them.
    var bytes: ByteView?
  }

  /// Where a mail lies: sources in their order, then the files of one in the order in which they
  /// are read, then offsets.
  struct Place {
    /// Number of the source among the run's; -1 outside of a run.
    var source = -1
    /// Its file, as records show it.
    var path: ByteView = .empty
    /// The mailbox's owner as records show them; only where nothing is rendered yet.
    var owner: ByteView = .empty
    /// The file's number among its source's, as they are read.
    var file = 0
    /// Position among the items of its file, or of the part of it that was read.
    var index = 0
    /// First byte in the file.
    var offset = 0
  }

  /// Where a mail stands among those of a run, in the process that merges them.
  struct Standing {
    /// Its place.
    var position = ItemPosition(file: 0, index: 0)
    /// See ``IdentityTable/hash(messageID:)``.
    var messageIDHash: UInt64 = 0
  }

  /// A record, or a part of one, in both forms.
  struct Pieces {
    var json: ByteView = .empty
    var csv: ByteView = .empty
  }

  /// The pieces of the decision's line and of the records that do not depend on the merge.
  struct Rendered {
    /// The decision's JSON before `outcome`.
    var head: ByteView = .empty
    /// The decision's JSON after `reason`, up to `records`.
    var tail: ByteView = .empty
    /// What all records of the mail share.
    var shared = Pieces()
  }
}
