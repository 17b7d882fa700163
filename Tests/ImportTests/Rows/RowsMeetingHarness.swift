import Bytes
import Foundation
import ICalendar

@testable import Import
@testable import Workbench

/// One VEVENT: `start` and `end` as they stand behind the property's name (`:20260317T090000Z`,
/// `;VALUE=DATE:20260317`).
func vevent(
  _ uid: String, _ start: String, _ end: String, title: String = "Title", more: [String] = []
) -> String {
  ([
    "BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:20260101T000000Z", "DTSTART\(start)", "DTEND\(end)",
    "SUMMARY:\(title)",
  ] + more + ["END:VEVENT", ""]).joined(separator: "\r\n")
}

/// The same in UTC on 17 March 2026, by hours and minutes: `0900`.
func vevent(
  _ uid: String, on day: String = "20260317", _ start: String, to end: String,
  title: String = "Title", more: [String] = []
) -> String {
  vevent(uid, ":\(day)T\(start)00Z", ":\(day)T\(end)00Z", title: title, more: more)
}

/// A calendar around them.
func vcalendar(_ events: [String], more: [String] = []) -> String {
  let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN"] + more + [""]
  return head.joined(separator: "\r\n") + events.joined() + "END:VCALENDAR\r\n"
}

extension Scene {
  /// Sam's primary calendar, and a conflict calendar where one is given; no mail.
  init(
    calendar: [String], conflict: [String]? = nil, settings: String = "{}", tasks: String? = nil,
    zone: String = "UTC"
  ) {
    self.init([])
    files = ["leads.csv": Self.leadsCSV, "sam.ics": vcalendar(calendar)]
    var list = [#"{"path":"sam.ics","owner":"sam","calendar":"primary"}"#]
    if let conflict {
      files["other.ics"] = vcalendar(conflict)
      list.append(#"{"path":"other.ics","owner":"sam","calendar":"conflict"}"#)
    }
    sources = "[\(list.joined(separator: ","))]"
    organization = #"{"domains":["example.com"],"timeZone":"\#(zone)"}"#
    more = [#""calendar":\#(settings)"#]
    setTasks(tasks)
  }

  /// The CRM's tasks as CSV rows behind the header, or none.
  mutating func setTasks(_ rows: String?) {
    guard let rows else { return }
    let isFirst = files["tasks.csv"] == nil
    files["tasks.csv"] =
      "id,type,subject,description,start,end,owner,location,participants,invite,status,createdOn,modifiedOn\n"
      + rows
    guard isFirst else { return }
    more.append(
      #""tasks":{"files":["tasks.csv"],"types":[{"name":"Meeting","category":"appointment"},{"name":"Call","category":"todo"}]}"#
    )
  }

  /// What `winnow availability` answers about 17 March 2026, unless told otherwise.
  func availability(
    from: String = "2026-03-17", to: String? = nil,
    _ change: (inout AvailabilityOptions) -> Void = { _ in }
  ) throws -> Answer {
    try folder().availability(from: from, to: to ?? from, change)
  }
}

extension Folder {
  func availability(
    from: String, to: String, _ change: (inout AvailabilityOptions) -> Void = { _ in }
  ) throws -> Answer {
    guard let first = TimePoint(from), let last = TimePoint(to) else {
      throw RunError(.usage, "no times: \(from), \(to)")
    }
    var o = AvailabilityOptions(from: first, to: last)
    o.config = file("winnow.json")
    o.now = TimePoint("2026-03-01T00:00:00Z")
    o.form = .json
    change(&o)
    let (answer, warnings) = try Availability.answer(o)
    return Answer(folder: self, text: answer.view.string, warnings: warnings)
  }
}

/// An answer of `winnow availability`.
struct Answer {
  let folder: Folder
  let text: String
  let warnings: [String]

  var json: Value { (try? Value(json: text)) ?? Value(nil) }
  /// Of the first user, each `09:00-10:00`; on other days than 17 March with the date.
  var busy: [String] { list("busy") { $0["tentative"].raw == nil ? "" : "?" } }
  var free: [String] { list("free") }
  /// With the number behind: `09:00-10:00x2`.
  var conflicts: [String] { list("conflicts") { "x\($0["count"].number ?? 0)" } }

  func list(_ key: String, user: Int = 0, _ more: (Value) -> String = { _ in "" }) -> [String] {
    json["users"][user][key].list.map {
      Self.short($0["start"]) + "-" + Self.short($0["end"]) + more($0)
    }
  }

  private static func short(_ v: Value) -> String {
    let text = v.text ?? ""
    let time = text.dropFirst(11).prefix(5)
    return text.hasPrefix("2026-03-17T") ? String(time) : "\(text.dropFirst(5).prefix(5)) \(time)"
  }
}

/// The properties of a component that is read back: name, parameters as written, value.
struct ReadComponent {
  let kind: ComponentKind
  let lines: [(name: String, parameters: [String: String], value: String)]

  func values(_ name: String) -> [String] { lines.filter { $0.name == name }.map(\.value) }
  func value(_ name: String) -> String? { values(name).first }

  /// Reads all components of a calendar with winnow's own reader.
  static func all(in text: String) -> [ReadComponent] {
    let bytes = ByteBuffer(capacity: text.utf8.count)
    bytes.append(string: text)
    let reader = ICalendarReader(bytes.view)
    var found: [ReadComponent] = []
    while true {
      switch reader.next() {
      case .end: return found
      case .broken: continue
      case .component:
        let c = reader.component
        found.append(
          ReadComponent(
            kind: c.kind,
            lines: c.properties.filter { $0.node == 0 }.map { line in
              var parameters: [String: String] = [:]
              for p in c.parameters(line) {
                parameters[c.text[p.name].string] = c.text[p.value].string
              }
              return (c.name(line).string, parameters, c.value(line).string)
            }))
      }
    }
  }
}
