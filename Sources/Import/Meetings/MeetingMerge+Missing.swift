import Bytes
import Ledger
import Records
import Rules

/// Meetings whose tasks were published and that are in no calendar of their owner any more
/// (`calendar.onMissing`, features.md UP-9-delete).
extension MeetingMerge {
  /// What was seen of a meeting in an owner's calendars.
  struct SeenMeeting: Hashable {
    var uid: RecordKey
    var user: Int
  }

  /// Notes that a meeting is there, and whether it gives tasks.
  func noteSeen(_ uid: String, user: Int, isKept: Bool) {
    guard memory != nil else { return }
    let key = SeenMeeting(uid: MeetingMemory.key(of: uid), user: user)
    seen[key] = isKept || seen[key] ?? false
  }

  /// Writes the tasks of what is gone as cancelled, or as deleted, where `onMissing` says so. Only
  /// of what is still to come and would be in the window: what is over was held or not, and nobody
  /// can tell from a calendar that it is not in.
  ///
  /// - Parameter read: The positions of users whose calendars were read to their ends.
  func settleMissing(_ read: Set<Int>) throws {
    guard let memory else { return }
    for user in read.sorted() where user >= 0 && user < plan.users.count {
      let owner = plan.users[user]
      guard owner.calendar.onMissing != .keep,
        let word = try memory.word(of: pseudonyms?.text(owner.id) ?? owner.id)
      else { continue }
      let gone = try memory.allActive { known in
        known.owner == word && known.ends > plan.clock.now
          && owner.window.contains(known.starts) && known.starts <= owner.window.expansionEnd
          && !written.contains(known.record)
          && seen[SeenMeeting(uid: known.uid, user: user)] ?? true
      }
      if !gone.isEmpty { try write(gone, owner, memory) }
    }
  }

  private func write(
    _ gone: [MeetingMemory.Known], _ owner: MeetingUserPlan, _ memory: MeetingMemory
  ) throws {
    let last = try memory.records(Set(gone.map(\.record)))
    for known in gone.sorted(by: { ($0.starts, $0.record.words.0) < ($1.starts, $1.record.words.0) }
    ) {
      guard let record = last[known.record], var f = ResultRecords.task(record) else {
        warn(
          "a meeting of \(owner.id) is gone from his calendars, and the result that holds its task, too: it stays as it is"
        )
        continue
      }
      f.status = owner.calendar.onMissing == .deleteRow ? "deleted" : "cancelled"
      let key = Digest(words: (known.record.words.0, known.record.words.1, 0, 0))
      let content = rendering.digest(of: f)
      rendering.task(f, key: key, into: rendered)
      try self.records.add(rendered, busy: nil)
      try memory.setMissing(known, key: key, content: content)
      missing += 1
    }
  }
}
