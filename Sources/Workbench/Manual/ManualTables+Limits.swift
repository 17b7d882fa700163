import Events
import ICalendar
import Import
import JSONText
import Mail
import Mailboxes
import Rules

extension ManualTables {
  /// How large things may be, from the constants that say so.
  static var limits: String {
    let events = EventLimits()
    return table(
      ["what", "limit", "beyond it"],
      [
        [
          "a message held in memory", bytes(Limits.wholeMessage),
          "headers, structure and the first \(bytes(Limits.streamedText)) of text are kept, and "
            + "attachments are written as they pass by; in a `.gz` it is quarantined: unpack the file",
        ],
        ["levels of multipart", number(Limits.depth), "deeper ones stay one part"],
        ["parts of a message", number(Limits.parts), "the rest stays in the last one"],
        [
          "header fields of a section", number(Limits.headerFields),
          "the rest is read over; all recipients are kept",
        ],
        ["an unstructured header field", bytes(Limits.fieldValue), "it is cut"],
        ["labels of a Gmail message", number(GmailLabels.limit), "the rest is left out"],
        [
          "folders below a named path", "\(SourceWalker.maximumDepth) levels",
          "deeper ones are named and left out",
        ],
        ["the configuration, a list in it", bytes(RunLimits.configuration), "an error"],
        ["levels of JSON", number(JSONDocument.maximumDepth), "an error"],
        ["a cell of a CSV list", bytes(ListLimits.cellBytes), "an error with its line"],
        ["threads (`--jobs`)", number(RunLimits.jobs), "refused"],
        ["a component of a calendar", bytes(CalendarLimits.componentBytes), "it is quarantined"],
        ["a text of an event", bytes(events.textBytes), "it is cut"],
        [
          "occurrences of a series in the window", number(events.occurrencesPerSeries),
          "quarantined",
        ],
        ["dates of a series (RDATE, EXDATE)", number(events.datesPerSeries), "quarantined"],
        [
          "overlapping records that a task names", number(RunLimits.conflicts),
          "the rest is left out",
        ],
      ])
  }

  // 10,000.
  private static func number(_ n: Int) -> String {
    let digits = String(n)
    var out = ""
    for (i, d) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out += "," }
      out.append(d)
    }
    return out
  }

  // 64 MiB.
  private static func bytes(_ n: Int) -> String {
    if n >= 1 << 20, n % (1 << 20) == 0 { return "\(n >> 20) MiB" }
    return n % 1024 == 0 ? "\(n >> 10) KiB" : "\(number(n)) bytes"
  }
}
