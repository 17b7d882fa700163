import Bytes
import ICalendar
import Testing

@Suite struct LineReading {
  private func only(_ text: String) -> String { read(text).components.joined() }
  private func summary(_ lines: String) -> String {
    let r = read("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + lines + "END:VEVENT\r\nEND:VCALENDAR\r\n")
    return r.value(.summary) ?? "no component"
  }

  @Test func foldsAreUndoneWhereverTheyAre() {
    #expect(summary("SUMMARY:a\r\n b\r\n\tc\r\n") == "abc")
    #expect(summary("SUMMARY:a\n b\n") == "ab")
    #expect(summary("SUMMARY:a\r b\r") == "ab")
    #expect(summary("SUM\r\n MARY\r\n :x\r\n") == "x")
    #expect(summary("SUMMARY\n\n :x\n") == "x")
    #expect(summary("SUMMARY:a\r\n  b\r\n \r\n c\r\n") == "a bc")
    #expect(summary("SUMMARY:a\r\r\nUID:1\r\r\n") == "a")
  }

  @Test func aFoldMaySplitACharacter() {
    var bytes = Array("BEGIN:VEVENT\r\nSUMMARY:caf".utf8)
    bytes += [0xC3, 13, 10, 32, 0xA9]
    bytes += Array("\r\nEND:VEVENT\r\n".utf8)
    #expect(read(bytes).value(.summary) == "café")
  }

  @Test func lineEndsMayBeMixed() {
    let r = read("BEGIN:VCALENDAR\rBEGIN:VEVENT\nUID:1\r\nSUMMARY:x\rEND:VEVENT\n\rEND:VCALENDAR")
    #expect(r.components == ["[0 in 0] VEVENT\n  UID:1\n  SUMMARY:x\n"])
    #expect(r.places.first?.line == 2)
  }

  @Test func emptyValuesAreValues() {
    let r = read(event("LOCATION:", "DESCRIPTION;LANGUAGE=de:", "X-A;B=:", "SUMMARY:x"))
    #expect(r.defects.isEmpty)
    #expect(
      r.components == [
        "[0 in 0] VEVENT\n  LOCATION:\n  DESCRIPTION;LANGUAGE=<de>:\n  X-A;B=<>:\n  SUMMARY:x\n"
      ])
  }

  @Test func namesHaveNoCaseAndSpacesAroundThemAreLoose() {
    let r = read("begin:vevent\nsummary :x\nUid: 1 \nend: VEVENT \n")
    #expect(r.value(.summary) == "x")
    #expect(r.value(.uid) == " 1 ")
    #expect(r.copies.first?.kind == .event)
    #expect(r.defects.contains(.looseSyntax))
  }

  @Test func marksAndCharsetsAreDecodedAndTold() {
    let text =
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Größe 😀\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    #expect(read("\u{FEFF}" + text).value(.summary) == "Größe 😀")
    for (big, mark) in [(false, true), (true, true), (false, false), (true, false)] {
      var bytes: [UInt8] = mark ? (big ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
      for u in text.utf16 {
        bytes += big ? [UInt8(u >> 8), UInt8(u & 255)] : [UInt8(u & 255), UInt8(u >> 8)]
      }
      for step in [1, 3, 1000] {
        let r = Reading(ICalendarReader(Pieces(bytes, step: step)))
        #expect(r.value(.summary) == "Größe 😀")
        #expect(r.places.first?.offset == (mark ? 2 : 0) + 34)
        #expect(r.places.first?.length == 2 * 44)
      }
    }
    let latin =
      Array("BEGIN:VEVENT\nSUMMARY:Gr".utf8) + [0xF6, 0xDF, 0x65] + Array("\nEND:VEVENT\n".utf8)
    let r = read(latin)
    #expect(r.value(.summary) == "Größe")
    #expect(r.defects.contains(.otherCharset))
    let damaged =
      Array("BEGIN:VEVENT\nSUMMARY:日本語 ".utf8) + [0xE6, 0x97] + Array("\nEND:VEVENT\n".utf8)
    #expect(read(damaged).value(.summary) == "日本語 \u{FFFD}")
    #expect(read(damaged).defects.contains(.invalidText))
  }

  @Test func nulBecomesAReplacementCharacter() {
    let r = read(event("DESCRIPTION:a\0b"))
    #expect(r.value(.description) == "a\u{FFFD}b")
    #expect(r.defects.contains(.nul))
  }

  @Test func textThatBrokeOutOfItsLineIsPutBack() {
    let r = read(event("DESCRIPTION:Room", "3.11 is (not)", " there", "UID:1", "3.12"))
    #expect(r.value(.description) == #"Room\n3.11 is (not)there"#)
    #expect(r.value(.uid) == "1")
    #expect(r.defects.contains([.joinedLine, .lostLine]))
  }

  @Test func aLineWithoutColonCostsThatLine() {
    let r = read(event("SUMMARY:x", "X-APPLE-RADIUS=49.9", "UID:1", "ORGANIZER;CN=Sixt SE"))
    #expect(r.components == ["[0 in 0] VEVENT\n  SUMMARY:x\n  UID:1\n"])
    #expect(r.defects.contains(.lostLine))
    #expect(r.copies.first?.firstDefectLine == 5)
  }

  @Test func quotedPrintableOfTheFirstVersionIsDecoded() {
    let r = read(
      event(
        "DESCRIPTION;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=F6=", "UID:=DFe=0D=0Ax",
        "UID:2"))
    let out = ByteBuffer()
    guard let c = r.copies.first, let l = c.first(.description) else {
      Issue.record("no component")
      return
    }
    TextValue.append(l, in: c, to: out)
    #expect(out.string == "GröUID:ße\nx")
    #expect(c.value(.uid).string == "2")
  }
}

@Suite struct ParameterReading {
  private func line(_ text: String) -> String {
    read(event(text)).components.joined().split(separator: "\n").dropFirst().joined(separator: "|")
  }

  @Test func quotesProtectDelimiters() {
    #expect(
      line("ATTENDEE;CN=\"a:b;c,d\";X=1:mailto:a@x") == "  ATTENDEE;CN=<a:b;c,d>;X=<1>:mailto:a@x")
    #expect(line("A;B=x\"y;z\"w:v") == "  A;B=<xy;zw>:v")
    #expect(line("DTSTART;;VALUE=DATE:20140409") == "  DTSTART;VALUE=<DATE>:20140409")
    #expect(line("A;B=1;:v") == "  A;B=<1>:v")
    #expect(line("A;QUOTED-PRINTABLE:v") == "  A;QUOTED-PRINTABLE:v")
  }

  @Test func caretsAreDecoded() {
    #expect(
      line("ORGANIZER;CN=^n^'x^^^y:mailto:o@x")
        == "  ORGANIZER;CN=<\n\"x^^y>:mailto:o@x"
        .replacing("\n", with: "|"))
    #expect(line("ORGANIZER;CN=\"a^nb\":mailto:o@x").contains("a|b"))
  }

  @Test func backslashesProtectDelimitersToo() {
    #expect(
      line(#"X-L;X-TITLE=Straße 1\; 4041 Linz;R=7:geo:1,2"#)
        == "  X-L;X-TITLE=<Straße 1; 4041 Linz>;R=<7>:geo:1,2")
    #expect(line(#"ORGANIZER;CN=that\, that\; %\::x@y"#) == "  ORGANIZER;CN=<that, that; %:>:x@y")
  }

  @Test func colonsInUnquotedValuesAreRecognised() {
    #expect(
      line("DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin:20240101T090000")
        == "  DTSTART;TZID=<(UTC+01:00) Amsterdam, Berlin>:20240101T090000")
    #expect(
      line("ATTENDEE;CN=Foo: Bar;PARTSTAT=ACCEPTED:mailto:a@b")
        == "  ATTENDEE;CN=<Foo: Bar>;PARTSTAT=<ACCEPTED>:mailto:a@b")
    #expect(
      line("X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=A: B;X-R=7:geo:1,2")
        == "  X-APPLE-STRUCTURED-LOCATION;VALUE=<URI>;X-TITLE=<A: B>;X-R=<7>:geo:1,2")
    #expect(line("ATTENDEE;CN=x:urn:uuid:1") == "  ATTENDEE;CN=<x>:urn:uuid:1")
    #expect(line("ATTACH;F=a:https://x/:y") == "  ATTACH;F=<a>:https://x/:y")
  }

  @Test func aQuoteThatIsNotClosedIsACharacter() {
    let r = read(event("ATTENDEE;CN=\"unterminated:mailto:b@x", "SUMMARY:x"))
    #expect(r.components.joined().contains("ATTENDEE;CN=<unterminated>:mailto:b@x\n  SUMMARY:x"))
    #expect(r.defects.contains(.unterminatedQuote))
    #expect(r.copies.first?.properties.first?.defects.contains(.unterminatedQuote) == true)
  }

  @Test func lineEndsInsideOfParametersAreMended() {
    let r = read(
      event(
        "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS=\"Street 1", "12345 City",
        "Germany\";X-TITLE=T:geo:1,2",
        "UID:1"))
    #expect(
      r.components.joined().contains(
        "X-ADDRESS=<Street 1\n12345 City\nGermany>;X-TITLE=<T>:geo:1,2\n  UID:1"))
    let unquoted = read(
      event(
        "X-APPLE-STRUCTURED-LOCATION;X-ADDRESS=Street 1", "12345 City;X-TITLE=T:geo:1,2", "UID:1"))
    #expect(
      unquoted.components.joined().contains(
        "X-ADDRESS=<Street 1\n12345 City>;X-TITLE=<T>:geo:1,2\n  UID:1"))
  }

  @Test func listsAreSplitAndNamesWithCommasAreNot() {
    let r = read(
      event("ATTENDEE;MEMBER=\"mailto:a@x,y\",\"mailto:b@x\";CN=Doe, John:mailto:j@x"))
    guard let c = r.copies.first, let l = c.first(.attendee), let m = c.parameter("member", of: l)
    else {
      Issue.record("no attendee")
      return
    }
    var values: [String] = []
    c.forEachValue(of: m, scratch: ByteBuffer()) { values.append($0.string) }
    #expect(values == ["mailto:a@x,y", "mailto:b@x"])
    #expect(c.parameterText("CN", of: l, scratch: ByteBuffer()).string == "Doe, John")
  }
}

@Suite struct StructureReading {
  @Test func componentsCountFromNullInFileOrder() {
    let r = read(
      "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nBEGIN:VEVENT\nEND:VEVENT\n"
        + "BEGIN:VTODO\nBEGIN:VALARM\nEND:VALARM\nEND:VTODO\nBEGIN:VFREEBUSY\nEND:VFREEBUSY\n"
        + "BEGIN:X-Y\nEND:X-Y\nEND:VCALENDAR\nBEGIN:VCALENDAR\nBEGIN:VJOURNAL\nEND:VJOURNAL\nEND:VCALENDAR\n"
    )
    #expect(r.places.map(\.index) == [nil, 0, 1, nil, nil, 2])
    #expect(r.places.map(\.calendar) == [0, 0, 0, 0, 0, 1])
    #expect(r.components[2] == "[0 in 0] VTODO\n[1 in 0] VALARM\n")
  }

  @Test func theCalendarsOwnPropertiesAreThere() {
    let r = read(
      "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nX-WR-CALNAME:a\n b\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nX-WR-TIMEZONE:z\nEND:VCALENDAR\n"
    )
    #expect(
      r.calendar == "[0 in 0] VCALENDAR\n  METHOD:PUBLISH\n  X-WR-CALNAME:ab\n  X-WR-TIMEZONE:z\n")
  }

  @Test func anEventWithoutEndCostsItselfAlone() {
    let r = read(
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nBEGIN:VTODO\nUID:3\nEND:VCALENDAR\n"
        + "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:4\nEND:VEVENT\nBEGIN:VEVENT\nUID:5\n")
    #expect(r.broken.map(\.kind) == [.missingEnd, .missingEnd, .missingEnd])
    #expect(r.broken.map(\.line) == [4, 9, 16])
    #expect(r.broken.first?.message == "VEVENT is not closed by END:VEVENT (line 4, byte 35)")
    #expect(r.places.map(\.index) == [0, 1, 2, 3, 4])
    #expect(String(decoding: r.raw[0], as: UTF8.self) == "BEGIN:VEVENT\nUID:1\n")
    #expect(r.value(.uid) == "1")
    #expect(r.components.count == 2)
  }

  @Test func aWrongEndCostsItsComponent() {
    let r = read(
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VEVENT\nEND:VALARM\nBEGIN:VEVENT\nUID:2\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    #expect(r.broken.map(\.kind) == [.wrongEnd])
    #expect(r.broken.first?.component == "VALARM")
    #expect(r.components == ["[0 in 0] VEVENT\n  UID:2\n"])
    #expect(r.defects.contains(.strayEnd))
  }

  @Test func depthIsBoundedAndWhatFollowsIsRead() {
    for (depth, closed) in [(10_000, true), (10_000, false), (17, true)] {
      var text = "BEGIN:VCALENDAR\n"
      text += String(repeating: "BEGIN:X-A\nA:1\n", count: depth)
      if closed { text += String(repeating: "END:X-A\n", count: depth) }
      text += "BEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n"
      let r = read(text)
      #expect(r.broken.map(\.kind) == [.tooDeep])
      #expect(r.broken.first?.line == 2 + 2 * CalendarLimits.depth)
      #expect(r.components == ["[0 in 0] VEVENT\n  UID:1\n"])
    }
    let fits =
      "BEGIN:VEVENT\n" + String(repeating: "BEGIN:X-A\n", count: 15)
      + String(repeating: "END:X-A\n", count: 15) + "END:VEVENT\n"
    #expect(read(fits).broken.isEmpty)
  }

  @Test func rubbishAroundCalendarsIsPassedOver() {
    let r = read(
      "HTTP/1.1 200 OK\nA:b\n\nBEGIN:VCARD\nFN:x\nEND:VCARD\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\n"
        + String(repeating: "END:VEVENT\n", count: 3000)
        + "END:VCALENDAR\n-- \nsignature\nEND:VEVENT\n")
    #expect(r.components == ["[0 in 0] VEVENT\n  UID:1\n"])
    #expect(r.broken.isEmpty)
    #expect(r.calendarDefects.contains(.strayEnd))
    #expect(read("").places.isEmpty)
    #expect(read("\n\n\n").places.isEmpty)
    #expect(read("BEGIN:").places.isEmpty)
  }

  @Test func eventsOutsideOfCalendarsAreTold() {
    let r = read("BEGIN:VEVENT\nUID:1\nEND:VEVENT\n")
    #expect(r.defects.contains(.outsideCalendar))
    #expect(r.places.first?.calendar == -1)
    #expect(read("BEGIN:VCARD\nFN:x\nEND:VCARD\n").places.isEmpty)
  }

  @Test func aFirstPassFindsTheZonesAlone() {
    let zone = "begin:VTimezone\r\nTZID:a\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    let text =
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:BEGIN:VTIMEZONE\r\n"
      + "END:VEVENT\r\n" + zone
      + "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\n" + zone
    for step in [1, 2, 5, 11, 1000] {
      let r = Reading(ICalendarReader(Pieces(Array(text.utf8), step: step), selection: .timeZones))
      #expect(r.components.count == 2)
      #expect(r.components.first == "[0 in 0] VTimezone\n  TZID:a\n[1 in 0] STANDARD\n")
      #expect(r.places.map(\.calendar) == [0, 1])
      #expect(r.broken.isEmpty)
    }
    let whole = Array(text.utf8)
    let r = whole.withByteView { Reading(ICalendarReader($0, selection: .timeZones)) }
    #expect(r.components.count == 2)
    #expect(r.places.first?.offset == 72)
    let zones = whole.withByteView { CalendarZones(ICalendarReader($0, selection: .timeZones)) }
    #expect(zones.blocks.count == 1)
    #expect(!zones.isCut)
  }
}
