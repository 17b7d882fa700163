import Bytes
import Ledger
import Records
import Rules

/// Meetings whose tasks were published and that are in no calendar of their owner any more
/// (`calendar.onMissing`, UP-9-delete).
struct MissingMeetings {
  private let plan: MeetingPlan
  private let tasks: MeetingTasks
  private let memory: MeetingMemory
  private let pseudonyms: Pseudonyms?
  // What was seen: true where it gives tasks.
  private var seen: [Seen: Bool] = [:]
  /// Tasks of meetings that are gone.
  private(set) var count = 0

  /// What was seen of a meeting in an owner's calendars.
  private struct Seen: Hashable {
    var uid: RecordKey
    var user: Int
  }

  init(plan: MeetingPlan, tasks: MeetingTasks, memory: MeetingMemory, pseudonyms: Pseudonyms?) {
    self.plan = plan
    self.tasks = tasks
    self.memory = memory
    self.pseudonyms = pseudonyms
  }

  /// Notes that a meeting is there, and whether it gives tasks.
  mutating func note(_ uid: String, user: Int, isKept: Bool) {
    let key = Seen(uid: MeetingMemory.key(of: uid), user: user)
    seen[key] = isKept || seen[key] ?? false
  }

  /// Writes the tasks of what is gone as cancelled, or as deleted, where `onMissing` says so. Only
  /// of what is still to come and would be in the window: what is over was held or not, and nobody
  /// can tell from a calendar that it is not in.
  ///
  /// - Parameters:
  ///   - read: The positions of users whose calendars were read to their ends.
  ///   - notes: Takes what is worth telling.
  mutating func settle(_ read: Set<Int>, _ notes: inout CalendarNotes) throws {
    for user in read.sorted() where user >= 0 && user < plan.users.count {
      let owner = plan.users[user]
      guard owner.calendar.onMissing != .keep,
        let word = try memory.word(of: pseudonyms?.text(owner.id) ?? owner.id)
      else { continue }
      let gone = try memory.allActive { known in
        known.owner == word && known.ends > plan.clock.now
          && owner.window.contains(known.starts) && known.starts <= owner.window.expansionEnd
          && !tasks.hasSeen(known.record)
          && seen[Seen(uid: known.uid, user: user)] ?? true
      }
      if !gone.isEmpty { try write(gone, owner, &notes) }
    }
  }

  private mutating func write(
    _ gone: [MeetingMemory.Known], _ owner: MeetingUserPlan, _ notes: inout CalendarNotes
  ) throws {
    let last = try memory.records(Set(gone.map(\.record)))
    for known in gone.sorted(by: { ($0.starts, $0.record.words.0) < ($1.starts, $1.record.words.0) }
    ) {
      guard let record = last[known.record], var f = ResultRecords.task(record) else {
        notes.warn(
          "a meeting of \(owner.id) is gone from their calendars, and so is the result that holds its task: the task stays as it is"
        )
        continue
      }
      f.status = owner.calendar.onMissing == .deleteRow ? "deleted" : "cancelled"
      let key = Digest(words: (known.record.words.0, known.record.words.1, 0, 0))
      f.key = key
      let content = try tasks.add(f)
      try memory.setMissing(known, key: key, content: content)
      count += 1
    }
  }
}
