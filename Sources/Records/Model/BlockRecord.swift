package import Bytes

/// A time at which a user is busy: a line of `blocks.jsonl`. Time, owner and role of the calendar,
/// nothing else, so that private events may be one.
package struct BlockRecord: Sendable, Equatable {
  /// See ``RecordKeys/block(uid:recurrenceID:owner:calendar:)``.
  package var key = Digest(words: (0, 0, 0, 0))
  /// The calendar's user.
  package var owner = ""
  /// When it begins.
  package var start = RecordTime.written([])
  /// When it ends.
  package var end = RecordTime.written([])
  /// The calendar's role.
  package var calendar = ""
  /// How the CRM shows it.
  package var display = "grey"

  /// One that says nothing.
  package init() {}

  private typealias R = BlockRecord
  /// Its fields.
  package static let table = RecordTable<BlockRecord>([
    Field("key", \R.key, required: true, "The record's key, the same in every run."),
    Field("owner", \R.owner, holds: .name(.text), required: true, "The calendar's user, by id."),
    Field("start", \R.start, required: true, content: 1, "When it begins: UTC, or a day."),
    Field(
      "end", \R.end, required: true, content: 2, "When it ends: UTC, or the day after the last."),
    Field(
      "calendar", \R.calendar, required: true, schema: SchemaType.calendarRole,
      "The calendar's role: `primary`, `conflict` or `other`."),
    Field("display", \R.display, "How the CRM shows it."),
  ])

  /// A digest over when it is: where it is the same, nothing is published again.
  package func digest(_ hash: SHA256, _ scratch: ByteBuffer) -> Digest {
    scratch.removeAll()
    Self.table.appendContent(self, to: scratch)
    // The digests of a block have nothing after the last time.
    return hash.digest(scratch.view.prefix(scratch.count - 1))
  }
}
