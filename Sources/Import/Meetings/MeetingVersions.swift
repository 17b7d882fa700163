/// Which of several components is the meeting, where calendars of one owner hold it more than once
/// (an export of each year, a calendar and its copy): within one file the reader knows.
///
/// Of the same UID and RECURRENCE-ID the highest SEQUENCE counts, then the latest LAST-MODIFIED,
/// then the first in source order.
package struct MeetingVersions: Merge, Equatable {
  /// One component as far as versions go.
  package struct Version: Equatable {
    package var sequence: Int
    /// LAST-MODIFIED, UTC seconds since 1970; Int64.min without.
    var modified: Int64
    package var position: ItemPosition
    /// Where it stands, for people.
    var place: String

    /// A component at its place.
    package init(sequence: Int, modified: Int64, position: ItemPosition, place: String) {
      self.sequence = sequence
      self.modified = modified
      self.position = position
      self.place = place
    }

    func isBetter(than other: Version) -> Bool {
      if sequence != other.sequence { return sequence > other.sequence }
      if modified != other.modified { return modified > other.modified }
      return position < other.position
    }
  }

  /// A meeting in the calendars of one owner.
  package struct Meeting: Hashable {
    var owner: Int
    /// Conflict calendars give blocks of their own.
    var isConflict: Bool
    var uid: String

    /// A meeting of an owner.
    package init(owner: Int, isConflict: Bool, uid: String) {
      self.owner = owner
      self.isConflict = isConflict
      self.uid = uid
    }
  }

  /// A meeting, or one instance of a series.
  private struct Key: Hashable {
    var meeting: Meeting
    /// The original start; nil for a master and for single events.
    var instance: Int64?
  }

  private var best: [Key: Version] = [:]
  // Of series: the instances that components of their own say.
  private var instances: [Meeting: Set<Int64>] = [:]

  /// Versions of nothing.
  package init() {}

  /// True when nothing was added.
  package var isEmpty: Bool { best.isEmpty }

  /// Adds a component; `instance` is the original start of one of a series, nil for others.
  package mutating func add(_ meeting: Meeting, instance: Int64?, _ version: Version) {
    add(Key(meeting: meeting, instance: instance), version)
  }

  private mutating func add(_ key: Key, _ version: Version) {
    guard let known = best[key] else {
      best[key] = version
      if let instance = key.instance { instances[key.meeting, default: []].insert(instance) }
      return
    }
    if version.isBetter(than: known) { best[key] = version }
  }

  /// Takes in the components of another part of the run.
  mutating func combine(_ other: MeetingVersions) {
    for (key, version) in other.best { add(key, version) }
  }

  /// The component that counts.
  package func winner(_ meeting: Meeting, instance: Int64?) -> Version? {
    best.isEmpty ? nil : best[Key(meeting: meeting, instance: instance)]
  }

  /// The original starts that components of their own say.
  func instances(of meeting: Meeting) -> Set<Int64> { instances[meeting] ?? [] }
}
