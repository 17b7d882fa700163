import Bytes
import ICalendar
import TestSupport
import Testing

/// Real calendars; what lies outside of the repository may be missing.
@Suite(.needsShared)
struct Corpus {
  static let files: [String] =
    SharedFolder.path.map {
      TestSupport.files(below: $0 + "/corpus/calendar", ending: ".ics")
    } ?? []

  /// BEGIN lines counted by looking at lines alone.
  private func beginLines(_ bytes: [UInt8]) -> [String: Int] {
    var text = bytes
    if text.starts(with: [0xFF, 0xFE]) { text = text.filter { $0 != 0 } }
    var counts: [String: Int] = [:]
    for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      let s = String(decoding: line, as: UTF8.self).uppercased()
      guard s.hasPrefix("BEGIN:") else { continue }
      let name = s.dropFirst(6).trimmingBlanks()
      if name != "VCALENDAR" { counts[name, default: 0] += 1 }
    }
    return counts
  }

  @Test func everyComponentIsRead() {
    #expect(Self.files.count > 900)
    var broken: [String] = []
    for path in Self.files {
      let bytes = bytes(ofFile: path)
      let r = read(bytes)
      let name = String(path.split(separator: "/").last ?? "")
      let parent = String(path.split(separator: "/").dropLast().last ?? "")
      var expected = beginLines(bytes)
      var got = r.counts
      // An alarm without an event around it and outside of a calendar belongs to nothing.
      for (k, v) in Self.lost[name] ?? Self.lost[parent + "/" + name] ?? [:] {
        got[k, default: 0] += v
      }
      expected = expected.filter { $0.value > 0 }
      got = got.filter { $0.value > 0 }
      #expect(got == expected, "\(path)")
      for fault in r.broken { broken.append(name + ": " + fault.message) }
    }
    #expect(broken.sorted() == Self.brokenFiles, "\(broken.sorted().joined(separator: "\n"))")
  }

  /// What is not read, and why.
  private static let lost: [String: [String: Int]] = [
    // Outside of any VCALENDAR: alarms and components that nobody knows.
    "066.ics": ["VALARM": 1], "067.ics": ["VALARM": 1], "068.ics": ["VALARM": 1],
    "alarms/example.ics": ["VALARM": 1], "rfc_5545_absolute_alarm_example.ics": ["VALARM": 1],
    "rfc_5545_end.ics": ["VALARM": 1], "start_date.ics": ["VALARM": 1],
    "092.ics": ["MYCOMP": 1], "093.ics": ["MYCOMPTOO": 1],
    "issue_178_component_with_invalid_name_represented.ics": ["MYCOMP": 1],
    "issue_178_custom_component_contains_other.ics": ["MYCOMPTOO": 1],
    // Rubbish made by a fuzzer.
    "fuzz_testcase_0_char_in_component_name.ics": ["\0": 1],
    "fuzz_testcase_invalid_month.ics": ["V": 1],
  ]
  // Both are cut off inside of their last event.
  private static let brokenFiles = [
    "13-MoonPhase.ics: VEVENT is not closed by END:VEVENT (line 215, byte 3882)",
    "148.ics: VEVENT is not closed by END:VEVENT (line 215, byte 4096)",
  ]

  @Test func piecesOfAnySizeGiveTheSame() {
    for path in Self.files {
      let bytes = bytes(ofFile: path)
      guard bytes.count < 8_000 else { continue }
      let whole = read(bytes)
      for step in [1, 7, 64] {
        let r = Reading(ICalendarReader(Pieces(bytes, step: step)))
        #expect(r.components == whole.components, "\(path) in steps of \(step)")
        #expect(r.places == whole.places, "\(path) in steps of \(step)")
        #expect(r.broken == whole.broken, "\(path) in steps of \(step)")
        #expect(r.raw == whole.raw, "\(path) in steps of \(step)")
        #expect(r.calendar == whole.calendar, "\(path) in steps of \(step)")
      }
    }
  }

  @Test func offsetsAndLengthsCutOutTheComponent() {
    for path in Self.files {
      let bytes = bytes(ofFile: path)
      if bytes.starts(with: [0xFF, 0xFE]) || bytes.count > 20_000 { continue }
      let r = read(bytes)
      for (place, raw) in zip(r.places, r.raw) {
        let cut = Array(bytes[place.offset..<place.offset + place.length])
        #expect(cut == raw, "\(path)")
        #expect(String(decoding: cut, as: UTF8.self).uppercased().hasPrefix("BEGIN"), "\(path)")
        let before = bytes[..<place.offset]
        var lines = 1
        for (i, c) in before.enumerated() {
          if c == 10 || (c == 13 && (i + 1 == bytes.count || bytes[i + 1] != 10)) { lines += 1 }
        }
        #expect(place.line == lines, "\(path)")
      }
    }
  }

  @Test func whatIsWrittenReadsTheSame() {
    for path in Self.files {
      let first = bytes(ofFile: path).withByteView { RoundTrip.read($0) }
      let out = ByteBuffer()
      RoundTrip.write(first, ICalendarWriter(out))
      for line in out.array.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
        #expect(line.count <= 76, "\(path)")
        #expect(line.last == 13, "\(path)")
      }
      let again = RoundTrip.read(out.view)
      // Components outside of any calendar get one.
      for (a, b) in zip(again, first) where b.calendar.nodeCount > 0 {
        #expect(dump(a.calendar) == dump(b.calendar), "\(path)")
      }
      #expect(
        again.map { $0.components.map { dump($0) } }
          == first.map { $0.components.map { dump($0) } },
        "\(path)")
    }
  }

  @Test func xCalAndJCalCarryTheSame() {
    // Parameter1 has two different VALUE parameters, which the formats' types cannot say.
    for path in Self.files where !path.hasSuffix("/Parameter1.ics") {
      let first = bytes(ofFile: path).withByteView { RoundTrip.read($0) }
      let xml = ByteBuffer()
      RoundTrip.write(first, XCalWriter(xml))
      let json = ByteBuffer()
      RoundTrip.write(first, JCalWriter(json, many: true))
      for (name, reader) in [
        ("xCal", XCalReader(xml.view) as any CalendarReading), ("jCal", JCalReader(json.view)),
      ] {
        let r = Reading(reader)
        #expect(r.broken.isEmpty, "\(path) \(name) \(r.broken)")
        let expected = first.flatMap { $0.components.map { dump($0, meaning: true) } }
        #expect(r.meanings.count == expected.count, "\(path) \(name)")
        for (a, b) in zip(r.meanings, expected) where a != b {
          for (x, y) in zip(a.split(separator: "\n"), b.split(separator: "\n")) where x != y {
            Issue.record("\(path) \(name): got \(x) for \(y)")
            break
          }
        }
      }
    }
  }
}

extension Substring {
  func trimmingBlanks() -> String {
    var s = self
    while let c = s.first, c == " " || c == "\t" { s.removeFirst() }
    while let c = s.last, c == " " || c == "\t" { s.removeLast() }
    return String(s)
  }
}

/// Calendars with their components, to be written again.
enum RoundTrip {
  struct Calendar {
    var calendar: CalendarComponent
    var components: [CalendarComponent] = []
  }

  static func read(_ view: ByteView) -> [Calendar] {
    let reader = ICalendarReader(view)
    var out: [Calendar] = []
    func note() {
      while out.count < max(1, reader.calendarCount) {
        out.append(Calendar(calendar: reader.calendar.copy()))
      }
      out[out.count - 1].calendar = reader.calendar.copy()
    }
    while true {
      switch reader.next() {
      case .component:
        note()
        out[out.count - 1].components.append(reader.component.copy())
      case .broken: note()
      case .end:
        note()
        return out
      }
    }
  }

  static func write(_ calendars: [Calendar], _ writer: any CalendarWriting) {
    for c in calendars {
      writer.begin(calendar: c.calendar)
      for component in c.components { writer.write(component) }
      writer.end()
    }
    writer.finish()
  }
}
