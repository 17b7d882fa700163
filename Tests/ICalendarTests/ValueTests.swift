import Bytes
import ICalendar
import Markup
import Testing

/// Calls `body` with the only component of lines in a VEVENT.
func withEvent<R>(_ lines: String..., body: (CalendarComponent) -> R) -> R {
  let text = "BEGIN:VEVENT\n" + lines.map { $0 + "\n" }.joined() + "END:VEVENT\n"
  return text.withByteView { v in
    let reader = ICalendarReader(v)
    _ = reader.next()
    return body(reader.component)
  }
}

@Suite struct Texts {
  private func unescaped(_ s: String) -> String {
    let out = ByteBuffer()
    s.withByteView { TextValue.append($0, to: out) }
    return out.string
  }

  @Test func escapesAreUndone() {
    #expect(unescaped(#"a\nb\Nc\,\;\\ \x end\"#) == "a\nb\nc,;\\ \\x end\\")
    #expect(unescaped(#"https\://x"#) == "https://x")
    #expect(unescaped("") == "")
    #expect(unescaped(#"\\n"#) == #"\n"#)
  }

  @Test func listsAreSplitAtFreeCommas() {
    let pieces = #"A\,B,C,,\\,D"#.withByteView { v in
      TextValue.pieces(v).map(\.string)
    }
    #expect(pieces == [#"A\,B"#, "C", "", #"\\"#, "D"])
    #expect("".withByteView { v in TextValue.pieces(v).map(\.string) } == [""])
    var categories: [String] = []
    withEvent("CATEGORIES:A\\,B, C ,", "CATEGORIES:D") { c in
      c.forEachCategory(using: ByteBuffer()) { categories.append($0.string) }
    }
    #expect(categories == ["A,B", "C", "D"])
  }

  @Test func htmlDescriptionsBecomeText() {
    let out = ByteBuffer()
    let found = withEvent(
      "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>One\\, <b>two</b></p>\\n<p>three</p></body></html>"
    ) { $0.appendAlternativeText(with: HTMLText(), to: out) }
    #expect(found)
    #expect(out.string == "One, two\n\nthree")
  }
}

@Suite struct SmallValues {
  private func view<R>(_ s: String, _ body: (ByteView) -> R) -> R { s.withByteView(body) }

  @Test func unknownClassesArePrivate() {
    for (value, expected) in [
      ("PUBLIC", Classification.everyone), ("public", .everyone), ("", .everyone),
      ("PRIVATE", .secret),
      ("Confidential", .confidential), ("X-PERSONAL", .personal), ("X-SECRET", .secret),
      ("?", .secret),
    ] { #expect(view(value) { Classification($0) } == expected, "\(value)") }
  }

  @Test func statusesHaveNoCase() {
    for (value, expected) in [
      ("CANCElLED", EventStatus.cancelled), ("CANCELED", .cancelled), ("tentative", .tentative),
      (" CONFIRMED ", .confirmed), ("CCNCELLED", .other), ("", .other),
      ("NEEDS-ACTION", .needsAction),
    ] { #expect(view(value) { EventStatus($0) } == expected, "\(value)") }
    #expect(view("OOF") { BusyStatus($0) } == .outOfOffice)
    #expect(view("workingElsewhere") { BusyStatus($0) } == .workingElsewhere)
    #expect(view("") { BusyStatus($0) } == nil)
    #expect(view("Request") { CalendarMethod($0) } == .request)
    #expect(view("xyz") { CalendarMethod($0) } == .other)
    #expect(view("transparent") { CalendarValue.isTransparent($0) })
    #expect(!view("OPAQUE") { CalendarValue.isTransparent($0) })
    #expect(withEvent("X-MICROSOFT-CDO-ALLDAYEVENT:true") { $0.hasAllDayMark })
    #expect(withEvent("X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE") { $0.hasAllDayMark })
    #expect(!withEvent("X-MICROSOFT-CDO-ALLDAYEVENT:FALSE") { $0.hasAllDayMark })
  }

  @Test func numbersAreClampedAndTold() {
    func integer(_ s: String) -> String {
      view(s) { CalendarValue.integer($0) }.map { "\($0.value) \($0.isClamped)" } ?? "none"
    }
    #expect(integer("7") == "7 false")
    #expect(integer("-1") == "0 true")
    #expect(integer("99999999999999999999") == "2147483647 true")
    #expect(integer("-99999999999999999999999999999999999999") == "0 true")
    #expect(integer("") == "none")
    #expect(integer("1.5") == "none")
    #expect(integer("-") == "none")
  }

  @Test func placesAreMillionths() {
    func geo(_ s: String) -> String {
      view(s) { CalendarValue.geo($0) }.map { "\($0.latitude) \($0.longitude)" } ?? "none"
    }
    #expect(geo("38.90;-77.01") == "38900000 -77010000")
    #expect(geo("48.309978;14.28319777") == "48309978 14283197")
    #expect(geo("1\\;2") == "1000000 2000000")
    #expect(geo("91;0") == "none")
    #expect(geo("a;b") == "none")
    #expect(geo("1") == "none")
  }

  @Test func attachmentsAreSeenAndNotOpened() {
    withEvent(
      "ATTACH:file:///etc/passwd", "ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=../../x:QUJD"
    ) { c in
      let a = CalendarAttachment(c.properties[0], in: c)
      let b = CalendarAttachment(c.properties[1], in: c)
      #expect(a.link.string == "file:///etc/passwd")
      #expect(a.inline.isEmpty)
      #expect(b.inline.string == "QUJD")
      #expect(b.link.isEmpty)
      #expect(b.name.string == "../../x")
    }
  }

  @Test func namesAreFoundInAnyCaseAndNothingElseIs() {
    for name in PropertyName.allCases where name != .other {
      #expect(PropertyName(name.text) == name)
      #expect(view(name.text.string.lowercased()) { PropertyName($0) } == name)
      #expect(view(name.text.string + "X") { PropertyName($0) } == .other)
      #expect(view(String(name.text.string.dropLast())) { PropertyName($0) } != name)
    }
    #expect(PropertyName.lotusCharset.text.string == "X-LOTUS-CHARSET")
    #expect(PropertyName.uid.text.string == "UID")
    #expect(PropertyName.msLocations.text.string == "X-MICROSOFT-LOCATIONS")
    #expect(view("DTSTART\r") { PropertyName($0) } == .other)
    #expect(view("X-MICROSOFT-CDO-BUSYSTATU5") { PropertyName($0) } == .other)
  }
}

@Suite struct Addresses {
  private func address(_ line: String) -> String {
    withEvent(line) { c in
      let scratch = ByteBuffer()
      let a = CalendarAddress(c.properties[0], in: c, scratch: scratch)
      return "\(a.email.string)|\(a.name.string)"
    }
  }

  @Test func mailAddressesAreFoundHoweverWritten() {
    #expect(address("ORGANIZER;CN=A B:MAILTO:a@x.example") == "a@x.example|A B")
    #expect(address("ORGANIZER:a@x.example") == "a@x.example|")
    #expect(address("ORGANIZER:mailto:<a@x.example>") == "a@x.example|")
    #expect(address("ORGANIZER:mailto:mailto:a@x.example?subject=y") == "a@x.example|")
    #expect(address("ORGANIZER:mailto:a%40x.example") == "a@x.example|")
    #expect(address("ORGANIZER:\r\n MAILTO:a@x.example") == "a@x.example|")
    #expect(address("ATTENDEE;EMAIL=a@x.example;CN=\"A, B\":urn:uuid:1-2") == "a@x.example|A, B")
    #expect(address("ATTENDEE;CN=^'A^':invalid:nomail") == "|\"A\"")
    #expect(address("ATTENDEE;CN=A:MAILTO:/o=ExchangeLabs/cn=a") == "|A")
    #expect(address("ATTENDEE:http://u@x.example/") == "|")
    #expect(address("ATTENDEE:") == "|")
  }

  @Test func participationIsRead() {
    withEvent(
      "ATTENDEE;CUTYPE=ROOM;ROLE=non-participant;PARTSTAT=Accepted;RSVP=TRUE;SENT-BY=\"mailto:s@x\":mailto:r@x",
      "ATTENDEE:mailto:c_188@resource.calendar.google.com",
      "ATTENDEE;PARTSTAT=X-FOO;CUTYPE=X-BAR:mailto:a@x",
      "ATTENDEE:mailto:t@group.calendar.google.com"
    ) { c in
      let scratch = ByteBuffer()
      let a = c.properties.map { CalendarAddress($0, in: c, scratch: scratch) }
      #expect(a[0].type == .room && a[0].isResource && a[0].rsvp)
      #expect(a[0].role == .nonParticipant && a[0].status == .accepted)
      #expect(a[0].sentBy.string == "s@x")
      #expect(a[1].isResource && a[1].status == .needsAction && a[1].role == .required)
      #expect(a[2].status == .other && a[2].type == .unknown && !a[2].isResource)
      #expect(a[3].isCalendar)
    }
  }
}
