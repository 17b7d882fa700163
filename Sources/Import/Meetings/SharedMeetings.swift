/// Who keeps a meeting of several owners where it is written once (`sharedMeetings`): the
/// organiser's copy, else the first in source order, among the copies that give a task.
struct SharedMeetings: Merge, Equatable {
  /// One occurrence of a meeting.
  struct Key: Hashable {
    var uid: String
    var instance: Int64?
  }

  /// A copy that gives a task.
  struct Copy: Equatable {
    var isOrganizers: Bool
    var position: ItemPosition
    /// Where it stands, for people.
    var place: String

    func isBetter(than other: Copy) -> Bool {
      if isOrganizers != other.isOrganizers { return isOrganizers }
      return position < other.position
    }
  }

  private var keepers: [Key: Copy] = [:]

  /// Adds a copy of an occurrence.
  mutating func add(_ key: Key, _ copy: Copy) {
    if let known = keepers[key], !copy.isBetter(than: known) { return }
    keepers[key] = copy
  }

  /// Takes in the copies of another part of the run.
  mutating func combine(_ other: SharedMeetings) {
    for (key, copy) in other.keepers { add(key, copy) }
  }

  /// The copy that is written.
  func keeper(_ key: Key) -> Copy? { keepers[key] }
}
