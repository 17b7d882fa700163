import Bytes
import JSONText
import TestSupport
import Testing

@testable import Records

@Suite struct RepeatedRecords {
  private typealias Path = PartialKeyPath<TaskRecord>
  private static let all = 0..<TaskRecord.table.fields.count

  private static func text(_ append: (ByteBuffer) -> Void) -> String {
    let out = ByteBuffer()
    append(out)
    return out.string
  }

  @Test(
    "occurrences of a series are written as the table writes each of them",
    arguments: [false, true])
  func asTheTable(guarded: Bool) {
    let table = TaskRecord.table
    let differing: [[Path]] = [
      [\.key, \.recurrenceID, \.start, \.end, \.allDay, \.status, \.conflicts],
      [
        \.key, \.subject, \.online, \.recurrenceID, \.start, \.end, \.allDay, \.status, \.conflicts,
      ],
      [\.source, \.key, \.recurrenceID, \.start, \.end, \.allDay, \.status, \.conflicts],
    ]
    let series = differing.map { RepeatedRecord(table, differingIn: $0, guarded: guarded) }
    // Cut where the records differ, as around what is only known at the end.
    let cut = table.position(of: "conflicts")
    let ranges = [Self.all, 0..<cut, (cut + 1)..<table.fields.count]
    var random = RandomRecords(seed: 20)
    for _ in 0..<150 {
      var task = random.task()
      if random.chance() {
        task.subject = .withheld
        task.joinURL = MeetingLink(.withheld)
      }
      task.digestedLink = random.optionalText()
      for repeated in series { repeated.begin() }
      for _ in 0..<4 {
        random.move(&task)
        for repeated in series {
          for range in ranges {
            #expect(
              Self.text { repeated.write(task, to: JSONWriter($0), range) }
                == Self.text { table.write(task, to: JSONWriter($0), range) })
            #expect(
              Self.text { repeated.appendCells(task, to: CSVRow($0, guarded: guarded), range) }
                == Self.text { table.appendCells(task, to: CSVRow($0, guarded: guarded), range) })
          }
          #expect(
            Self.text { repeated.appendContent(task, to: $0) }
              == Self.text { table.appendContent(task, to: $0) })
        }
      }
    }
  }
}
