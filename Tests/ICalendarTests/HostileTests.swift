import Bytes
import ICalendar
import TestSupport
import Testing

/// Files made to break readers; what lies outside of the repository may be missing.
@Suite(.needsShared) struct HostileFiles {
  private func reading(_ name: String) -> Reading {
    let data = bytes(ofFile: (SharedFolder.path ?? "") + "/hostile/ics/" + name)
    #expect(!data.isEmpty, "\(name)")
    return data.withByteView { v in
      guard let opened = CalendarFormat.reader(v) else { return read("") }
      return Reading(opened.reader)
    }
  }

  /// None of them holds the reader up; what each may cost is measured in the release build.
  @Test(.timeLimit(.minutes(1))) func everyFileIsReadTheSameInPieces() throws {
    let folder = try #require(SharedFolder.path)
    for path in files(below: folder + "/hostile/ics", ending: "") {
      let data = bytes(ofFile: path)
      data.withByteView { v in
        guard let opened = CalendarFormat.reader(v) else { return }
        let r = Reading(opened.reader)
        if !(path.hasSuffix(".xml")) {
          let again = Reading(ICalendarReader(Pieces(data, step: 100)))
          #expect(again.components == r.components, "\(path)")
        }
      }
    }
  }

  @Test func eachIsReadAsItsManifestAsks() {
    #expect(reading("nested_components.ics").broken.map(\.kind) == [.tooDeep])
    #expect(reading("nested_components.ics").components.count == 1)
    #expect(reading("unterminated.ics").broken.map(\.kind) == [.missingEnd])
    #expect(reading("unterminated.ics").components.isEmpty)
    #expect(reading("end_flood.ics").components.count == 1)
    #expect(reading("interleaved.ics").broken.map(\.kind) == [.wrongEnd])
    #expect(reading("interleaved.ics").value(.uid, of: 1) == "e1@corp.example")
    #expect(reading("fold_bomb.ics").value(.description) == String(repeating: "x", count: 8000))
    #expect(reading("fold_utf8.ics").components.joined().contains("é"))
    #expect(reading("bom_utf16.ics").value(.summary) == "Meeting")
    #expect(reading("nul.ics").value(.description) == "a\u{FFFD}b")
    #expect(reading("params_bomb.ics").components.count == 1)
    #expect(reading("calendars_500.ics").components.count == 500)
    #expect(reading("vcard.ics").places.isEmpty)
    #expect(reading("long_line.ics").components.count == 1)
    #expect(reading("lf_only.ics").defects.isEmpty)
    for name in ["xcal_xxe.xml", "xcal_lol.xml"] {
      let data = bytes(ofFile: (SharedFolder.path ?? "") + "/hostile/ics/" + name)
      let r = data.withByteView { Reading(XCalReader($0)) }
      #expect(r.components.isEmpty)
      #expect(r.broken.map(\.kind) == [.unreadable])
    }
  }
}

@Suite(.serialized, .seeded) struct Floods {
  /// A reader whose components are not turned into text, which would take longer than reading.
  private final class Quiet: CalendarReading {
    let reader: ICalendarReader
    let component = CalendarComponent()
    var calendar: CalendarComponent { reader.calendar }
    var place: CalendarPlace { reader.place }
    var raw: ByteView { .empty }
    var errorNumber: Int32 { 0 }
    init(_ reader: ICalendarReader) { self.reader = reader }
    func next() -> CalendarItem { reader.next() }
  }

  @Test(
    .slow,
    arguments: [
      "A:1\n", "A;", "A;B=1;", "\"", "A;B=\"", " \n", "\n", "BEGIN:VALARM\nEND:VALARM\n", "END:X\n",
      "BEGIN:X\n", "x y\n", "A;B\n", "\r", ":", "\0", "\u{E9}", "A;B=\"\n", "DESCRIPTION:a=\n",
      "A;ENCODING=QUOTED-PRINTABLE:=\n", "BEGIN:VEVENT\n", "ATTENDEE;CN=a:b:c\n",
      "DTSTART;A=:b:c\n",
    ])
  func repetitionTakesLinearTime(_ piece: String) {
    expectLinear(
      20_000,
      make: { n in
        var text = Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n".utf8)
        for _ in 0..<n { text += Array(piece.utf8) }
        return text + Array("\nEND:VEVENT\nEND:VCALENDAR\n".utf8)
      }
    ) { _ = Reading(Quiet(ICalendarReader(Pieces($0, step: 1 << 16)))) }
  }

  @Test(.slow) func aLongTextIsRead() {
    var text = Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDESCRIPTION:".utf8)
    text += [UInt8](repeating: 120, count: 50 << 20)
    text += Array("\nEND:VEVENT\nEND:VCALENDAR\n".utf8)
    let reader = ICalendarReader(Pieces(text, step: 1 << 18))
    guard case .component = reader.next() else {
      Issue.record("no component")
      return
    }
    #expect(reader.component.value(.description).count == 50 << 20)
  }

  @Test(.slow) func whatIsTooLargeIsPassedOverAndTold() {
    let alarms = String(repeating: "BEGIN:VALARM\nEND:VALARM\n", count: 100)
    for (line, size, kind) in [
      (
        "X:" + String(repeating: "y", count: 4000) + "\n", CalendarLimits.componentBytes,
        CalendarFault.Kind.tooLarge
      ),
      (String(repeating: "z", count: 4096), CalendarLimits.componentBytes, .tooLarge),
      (alarms, CalendarLimits.components * 24, .tooManyProperties),
    ] {
      var text = Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDESCRIPTION:".utf8)
      let piece = Array(line.utf8)
      while text.count < size + 1000 { text += piece }
      let inside = text.count
      text += Array("\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR\n".utf8)
      let fromView = text.withByteView { Reading(ICalendarReader($0)) }
      for r in [Reading(ICalendarReader(Pieces(text, step: 1 << 18))), fromView] {
        #expect(r.broken.map(\.kind) == [kind])
        #expect(r.broken.first?.component == "VEVENT")
        #expect(r.components == ["[0 in 0] VEVENT\n  UID:2\n"])
        #expect(r.places.map(\.index) == [0, 1])
        #expect(r.places.first?.length == inside - 16 + 12)
        #expect(r.raw.first?.isEmpty == (kind == .tooLarge))
        #expect(r.value(.uid) == "1")
      }
    }
  }

  @Test func rubbishNeverBreaksTheReaders() {
    var random = SeededNumbers()
    let words = [
      "BEGIN:", "END:", "VCALENDAR", "VEVENT", "VALARM", "\n", "\r\n", "\r", " ", "\t", ":", ";",
      "=",
      "\"", "\\", "^", ",", "DTSTART", "ATTENDEE", "X-A", "mailto:", "\0", "é", "\u{FEFF}",
      "DESCRIPTION",
      "ENCODING=QUOTED-PRINTABLE", "[", "]", "{", "}", "\"vcalendar\"", "<", ">", "<vevent>", "/>",
      "vevent",
    ].map { Array($0.utf8) }
    for round in 0..<3000 {
      var text: [UInt8] = []
      if round % 3 == 0 { text += Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\n".utf8) }
      if round % 5 == 1 { text += Array("[\"vcalendar\",[],[".utf8) }
      if round % 5 == 2 { text += Array("<vcalendar><components>".utf8) }
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        text += words[Int.random(in: 0..<words.count, using: &random)]
        if Int.random(in: 0..<20, using: &random) == 0 {
          text.append(UInt8.random(in: 0...255, using: &random))
        }
      }
      text.withByteView { v in
        let whole = Reading(ICalendarReader(v))
        let step = Int.random(in: 1...9, using: &random)
        let pieces = Reading(ICalendarReader(Pieces(text, step: step)))
        #expect(whole.components == pieces.components, "\(text)")
        #expect(whole.places == pieces.places, "\(text)")
        _ = Reading(JCalReader(v))
        _ = Reading(XCalReader(v))
        _ = CalendarFormat.reader(v)
        // What was read is written and read again the same.
        let first = RoundTrip.read(v)
        let out = ByteBuffer()
        RoundTrip.write(first, ICalendarWriter(out))
        let again = RoundTrip.read(out.view)
        #expect(
          again.flatMap { $0.components.map { dump($0) } }
            == first.flatMap { $0.components.map { dump($0) } }, "\(text)")
      }
    }
  }
}
