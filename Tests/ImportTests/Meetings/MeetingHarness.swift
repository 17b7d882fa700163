import Foundation

@testable import Import

/// One VEVENT. Defaults: an hour with Ann, a lead of the list, that Sam called.
func event(
  _ uid: String = "e1", start: String = "20260310T090000Z", end: String? = "20260310T100000Z",
  summary: String = "Talk", organizer: String? = "sam@example.com",
  attendees: [String] = ["ann@client.test"], sequence: Int = 0, more: [String] = []
) -> String {
  var lines = ["BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:20260301T000000Z"]
  let name = { (n: String, v: String) in v.contains(":") ? "\(n);\(v)" : "\(n):\(v)" }
  lines.append(name("DTSTART", start))
  if let end { lines.append(name("DTEND", end)) }
  lines += ["SUMMARY:\(summary)", "SEQUENCE:\(sequence)"]
  if let organizer { lines.append("ORGANIZER:mailto:\(organizer)") }
  for a in attendees {
    lines.append(
      a.contains("=") ? "ATTENDEE;\(a)" : "ATTENDEE;PARTSTAT=ACCEPTED:mailto:\(a)")
  }
  return (lines + more + ["END:VEVENT"]).joined(separator: "\r\n") + "\r\n"
}

/// Events as a calendar file.
func calendar(_ events: [String], head: [String] = []) -> String {
  (["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"] + head).joined(separator: "\r\n")
    + "\r\n" + events.joined() + "END:VCALENDAR\r\n"
}

/// A mail from Ann that carries a calendar.
func invitation(_ ics: String, method: String = "REQUEST", id: String = "i1") -> String {
  mail(
    id: id,
    more: [
      "MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=b",
    ],
    body: "--b\nContent-Type: text/plain\n\nPlease come.\n--b\n"
      + "Content-Type: text/calendar; charset=utf-8; method=\(method)\n"
      + "Content-Transfer-Encoding: base64\n\n"
      + Data(ics.utf8).base64EncodedString(options: .lineLength76Characters)
      + "\n--b--\n")
}

extension Scene {
  /// Calendars, Sam's primary one first; `now` is 2026-03-01.
  init(calendars: [String], settings: String = "{}", more: [String] = []) {
    self.init([], more: [#""calendar":\#(settings)"#] + more)
    files["sam.mbox"] = nil
    let names = ["sam.ics", "kim.ics", "third.ics"]
    for (name, text) in zip(names, calendars) { files[name] = text }
    let owners = ["sam", "kim", "sam"]
    sources =
      "["
      + calendars.indices.map {
        #"{"path":"\#(names[$0])","owner":"\#(owners[$0])","calendar":"primary"}"#
      }.joined(separator: ",") + "]"
  }

  /// Runs it with the clock standing at 2026-03-01.
  func meet(_ change: (inout ImportOptions) -> Void = { _ in }) throws -> Outputs {
    try run {
      $0.now = TimePoint("2026-03-01")
      change(&$0)
    }
  }
}

extension Outputs {
  /// The starts of all tasks, in their order.
  var starts: [String] { tasks.compactMap { $0["start"].text } }
}
