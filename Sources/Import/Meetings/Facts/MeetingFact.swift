import Bytes
import Rules

/// What one component of a calendar says, as far as anything of a run asks it: the same in every
/// process that reads the same calendar with the same settings. Calendars are read once; everything
/// after that works on these.
struct MeetingFact: Equatable {
  /// Where it stands, for decisions and records.
  var place = EventPlace(path: "", index: 0, offset: 0)
  /// Its number in the stream that its calendar was read from: of an invitation another one than
  /// ``place`` has, which names the mail.
  var index = 0
  /// What the rules see.
  var facts = MeetingFacts()
  /// The UID is its own, and not made of the content.
  var hasUID = false
  /// Where a newer version in the same file stands, for people; nil where this one counts.
  var newer: String?
  /// SEQUENCE
  var sequence = 0
  /// LAST-MODIFIED, UTC seconds since 1970.
  var modified: Int64?
  /// When it was last changed as far as it tells: LAST-MODIFIED, else DTSTAMP, else CREATED.
  var changed: Int64?
  /// The original start in its series, UTC seconds since 1970; nil for a master and a single event.
  var instance: Int64?
  /// It has a RECURRENCE-ID.
  var isOverride = false
  /// Its starts, or that one, are dates: so is what names an instance of it.
  var namesDates = false
  /// Its own start and end; of a series those of the first occurrence.
  var span: Span?
  /// SUMMARY
  var summary: String?
  /// What a task of it would say; nil where no task can come of it.
  var content: Content?

  /// A start and an end, UTC seconds since 1970.
  struct Span: Hashable {
    var start: Int64
    var end: Int64
  }

  /// Texts that only records show.
  struct Content: Hashable {
    /// DESCRIPTION, as a person would read it.
    var description: String?
    /// LOCATION
    var location: String?
    /// The link into its online meeting, and the service; empty where that is not known.
    var link: String?
    var provider = ""
    /// The zone DTSTART is in; nil where there is none.
    var timeZone: String?
    /// STATUS:TENTATIVE
    var isTentative = false
  }
}

/// A component that cannot be read.
struct MeetingFault: Equatable {
  var place = EventPlace(path: "", index: 0, offset: 0)
  /// Bytes in its file; 0 where that is not known.
  var length = 0
  /// What is wrong, in a sentence that quotes nothing where the component is private.
  var message = ""
  /// It is private, or may be.
  var isPrivate = false
  /// SHA-256 of its bytes; nil where nothing of it is kept.
  var digest: Digest?
  /// Its bytes; nil where they are withheld: the run shows no content, or it says that it is
  /// private.
  var bytes: [UInt8]?
}

/// One component of a calendar: read, or not.
enum CalendarFact: Equatable {
  case meeting(MeetingFact)
  case fault(MeetingFault)
}
