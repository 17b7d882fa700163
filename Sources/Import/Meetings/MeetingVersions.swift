/// Which of several components is the meeting, where calendars of one owner hold it more than once
/// (an export of each year, a calendar and its copy): within one file the reader knows.
///
/// Of the same UID and RECURRENCE-ID the highest SEQUENCE counts, then the latest LAST-MODIFIED,
/// then the first in source order. A merge over small facts: any order gives the same.
struct MeetingVersions {
  /// One component as far as versions go.
  struct Version {
    var sequence: Int
    var modified: Int64
    var source: Int
    var index: Int
    /// Where it stands, for people.
    var place: String

    func isBetter(than other: Version) -> Bool {
      if sequence != other.sequence { return sequence > other.sequence }
      if modified != other.modified { return modified > other.modified }
      return (source, index) < (other.source, other.index)
    }
  }

  /// A meeting, or one instance of a series, in the calendars of one owner.
  struct Key: Hashable {
    var owner: Int
    /// Conflict calendars give blocks of their own.
    var isConflict: Bool
    var uid: String
    /// The original start; nil for a master and for single events.
    var instance: Int64?
  }

  private var best: [Key: Version] = [:]

  /// True when nothing was added.
  var isEmpty: Bool { best.isEmpty }

  /// Adds a component.
  mutating func add(_ key: Key, _ version: Version) {
    if let known = best[key], !version.isBetter(than: known) { return }
    best[key] = version
  }

  /// The component that counts.
  func winner(_ key: Key) -> Version? { best[key] }
}

/// Who keeps a meeting of several owners where it is written once (`sharedMeetings`): the
/// organiser's copy, else the first in source order, among the copies that give a task.
struct SharedMeetings {
  /// One occurrence of a meeting.
  struct Key: Hashable {
    var uid: String
    var instance: Int64?
  }

  /// A copy that gives a task.
  struct Copy: Equatable {
    var isOrganizers: Bool
    var source: Int
    var index: Int
    /// Where it stands, for people.
    var place: String

    func isBetter(than other: Copy) -> Bool {
      if isOrganizers != other.isOrganizers { return isOrganizers }
      return (source, index) < (other.source, other.index)
    }
  }

  private var keepers: [Key: Copy] = [:]

  /// Adds a copy of an occurrence.
  mutating func add(_ key: Key, _ copy: Copy) {
    if let known = keepers[key], !copy.isBetter(than: known) { return }
    keepers[key] = copy
  }

  /// The copy that is written.
  func keeper(_ key: Key) -> Copy? { keepers[key] }
}
