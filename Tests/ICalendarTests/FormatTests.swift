import Bytes
import ICalendar
import Testing

@Suite struct Formats {
  @Test func contentTells() {
    func format(_ s: String) -> CalendarFormat { s.withByteView { CalendarFormat(head: $0) } }
    #expect(format("BEGIN:VCALENDAR\r\n") == .iCalendar)
    #expect(format("\u{FEFF}\n\nbegin:vcalendar\n") == .iCalendar)
    #expect(format("HTTP/1.1 200\n\nBEGIN:VEVENT\n") == .iCalendar)
    #expect(format("BEGIN:VCARD\nFN:x\n") == .vCard)
    #expect(
      format("<?xml version=\"1.0\"?><icalendar xmlns=\"urn:ietf:params:xml:ns:icalendar-2.0\"/>")
        == .xCal)
    #expect(format("<html>not found BEGIN:VCALENDAR</html>") == .unknown)
    #expect(format(" [\"vcalendar\",[],[]]") == .jCal)
    #expect(format("[[\"vcalendar\",[],[]]]") == .jCal)
    #expect(format("[\"vcard\",[]]") == .vCard)
    #expect(format("[{\"a\":1}]") == .unknown)
    #expect(format("") == .unknown)
    #expect(format("From a@x Mon\nSubject: BEGIN:VCALENDAR\n") == .unknown)
    let wide: [UInt8] =
      [0xFF, 0xFE] + Array("BEGIN:VCALENDAR\r\n".utf16).flatMap { [UInt8($0), 0] }
    #expect(wide.withByteView { CalendarFormat(head: $0) } == .iCalendar)
  }

  @Test func xCalIsReadAsTheRFCShowsIt() {
    let xml = """
      <?xml version="1.0" encoding="utf-8"?>
      <icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><properties>
      <calscale><text>GREGORIAN</text></calscale><version><text>2.0</text></version></properties>
      <components><vevent><properties>
      <dtstamp><date-time>2008-02-05T19:12:24Z</date-time></dtstamp>
      <dtstart><parameters><tzid><text>US/Eastern</text></tzid></parameters><date>2008-10-06</date></dtstart>
      <duration><duration>PT1H</duration></duration>
      <rrule><recur><freq>YEARLY</freq><until>2009-01-01</until><byday>1SU</byday><byday>MO</byday></recur></rrule>
      <rdate><period><start>2006-01-02T15:00:00</start><duration>PT2H</duration></period></rdate>
      <geo><latitude>1.5</latitude><longitude>-2</longitude></geo>
      <request-status><code>2.0</code><description>a;b</description></request-status>
      <categories><text>A,B</text><text>C</text></categories>
      <attendee><parameters><member><cal-address>mailto:a</cal-address><cal-address>mailto:b</cal-address></member>
      </parameters><cal-address>mailto:x@y</cal-address></attendee>
      <summary><text>Plan; it &amp; <![CDATA[<go>]]>
      </text></summary><x-a><unknown>raw\\,</unknown></x-a><location/>
      </properties><components><valarm><properties><action><text>DISPLAY</text></action></properties></valarm>
      </components></vevent><vtodo/></components></vcalendar></icalendar>
      """
    let r = xml.withByteView { Reading(XCalReader($0)) }
    #expect(r.broken.isEmpty)
    #expect(
      r.components == [
        """
        [0 in 0] VEVENT
          DTSTAMP:20080205T191224Z
          DTSTART;TZID=<US/Eastern>;VALUE=<DATE>:20081006
          DURATION:PT1H
          RRULE:FREQ=YEARLY;UNTIL=20090101;BYDAY=1SU,MO
          RDATE;VALUE=<PERIOD>:20060102T150000/PT2H
          GEO:1.5;-2
          REQUEST-STATUS:2.0;a\\;b
          CATEGORIES:A\\,B,C
          ATTENDEE;MEMBER=<mailto:a,mailto:b>:mailto:x@y
          SUMMARY:Plan\\; it & <go>\\n
          X-A:raw\\,
          LOCATION:
        [1 in 0] VALARM
          ACTION:DISPLAY

        """, "[0 in 0] VTODO\n",
      ])
    #expect(r.calendar == "[0 in 0] VCALENDAR\n  CALSCALE:GREGORIAN\n  VERSION:2.0\n")
    #expect(r.places.map(\.index) == [0, 1])
    #expect(r.places.map(\.line) == [4, 18])
  }

  @Test func brokenXCalIsToldWithItsLine() {
    let cut =
      "<vcalendar><components><vevent><properties><uid><text>1</text></uid></properties></vevent>\n<vevent><properties><uid>"
    let r = cut.withByteView { Reading(XCalReader($0)) }
    #expect(r.components == ["[0 in 0] VEVENT\n  UID:1\n"])
    #expect(r.broken.map(\.kind) == [.unreadable])
    #expect(r.places.last?.index == 1)
    let entities =
      "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><vcalendar><components><vevent><properties><uid><text>&a;</text></uid></properties></vevent></components></vcalendar>"
    let refused = entities.withByteView { Reading(XCalReader($0)) }
    #expect(refused.components.isEmpty)
    #expect(refused.broken.first?.detail == "a document type declaration, which no calendar has")
    let nothing = "<html/>".withByteView { Reading(XCalReader($0)) }
    #expect(nothing.broken.map(\.kind) == [.unreadable])
    let deep =
      "<vcalendar><components>" + String(repeating: "<x-a><components>", count: 50)
      + String(repeating: "</components></x-a>", count: 50) + "<vevent/></components></vcalendar>"
    let r2 = deep.withByteView { Reading(XCalReader($0)) }
    #expect(r2.broken.map(\.kind) == [.tooDeep])
    #expect(r2.components == ["[0 in 0] VEVENT\n"])
  }

  @Test func jCalIsReadAsTheRFCShowsIt() {
    let json = """
      ["vcalendar", [["version", {}, "text", "2.0"]], [
       ["vevent", [
        ["dtstart", {"tzid":"US/Eastern"}, "date-time", "2006-01-02T12:00:00"],
        ["dtend", {}, "date", "2006-01-03"],
        ["rrule", {}, "recur", {"freq":"YEARLY","byday":["1SU","MO"],"count":5,"until":"2006-01-02T12:00:00Z"}],
        ["rdate", {"tzid":"US/Eastern"}, "period", "2006-01-02T15:00:00/PT2H"],
        ["freebusy", {}, "period", ["2006-01-02T15:00:00Z","2006-01-02T16:00:00Z"], ["2006-01-02T17:00:00Z","PT1H"]],
        ["request-status", {}, "text", ["2.0", "a;b"]],
        ["geo", {}, "float", [1.5, -2]],
        ["categories", {}, "text", "A,B", "C"],
        ["attendee", {"member":["mailto:a","mailto:b"]}, "cal-address", "mailto:x@y"],
        ["x-a", {}, "unknown", "raw\\\\,"], ["sequence", {}, "integer", 3],
        ["summary", {}, "text", "a\\nb"], ["x-flag", {}, "boolean", true], 7, ["y"]
       ], [["valarm", [], []]]],
       ["vtodo", [], []], ["vevent", [["uid",{},"text","1" "2"]], []], ["vjournal", [], []]
      ]]
      """
    let r = json.withByteView { Reading(JCalReader($0)) }
    #expect(
      r.components == [
        """
        [0 in 0] VEVENT
          DTSTART;TZID=<US/Eastern>:20060102T120000
          DTEND;VALUE=<DATE>:20060103
          RRULE:FREQ=YEARLY;BYDAY=1SU,MO;COUNT=5;UNTIL=20060102T120000Z
          RDATE;TZID=<US/Eastern>;VALUE=<PERIOD>:20060102T150000/PT2H
          FREEBUSY:20060102T150000Z/20060102T160000Z,20060102T170000Z/PT1H
          REQUEST-STATUS:2.0;a\\;b
          GEO:1.5;-2
          CATEGORIES:A\\,B,C
          ATTENDEE;MEMBER=<mailto:a,mailto:b>:mailto:x@y
          X-A:raw\\,
          SEQUENCE:3
          SUMMARY:a\\nb
          X-FLAG;VALUE=<BOOLEAN>:TRUE
        [1 in 0] VALARM

        """, "[0 in 0] VTODO\n", "[0 in 0] VJOURNAL\n",
      ])
    #expect(r.defects.contains(.strangeMember))
    #expect(r.broken.map(\.kind) == [.unreadable])
    #expect(r.places.map(\.index) == [0, 1, 2, 3])
    #expect(String(decoding: r.raw[1], as: UTF8.self) == "[\"vtodo\", [], []]")
    for whole in [
      "[\"vcalendar\"", "[\"vcalendar\",[],[", "[\"vcalendar\",[],[]", "[[\"vcalendar\",[],[]]",
      "[", "{}", "",
    ] {
      let r = whole.withByteView { Reading(JCalReader($0)) }
      #expect(r.broken.map(\.kind) == [.unreadable], "\(whole)")
    }
    let two = "[[\"vcalendar\",[],[[\"vevent\",[],[]]]],[\"vcalendar\",[],[[\"vevent\",[],[]]]]]"
    #expect(two.withByteView { Reading(JCalReader($0)) }.places.map(\.calendar) == [0, 1])
    let lone = "[\"vevent\",[],[]]".withByteView { Reading(JCalReader($0)) }
    #expect(lone.components == ["[0 in 0] VEVENT\n"])
  }

  @Test func streamsAreToldApartAndReadWhole() {
    let texts = [
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n",
      "[\"vcalendar\",[],[[\"vevent\",[],[]]]]",
      "<vcalendar><components><vevent/></components></vcalendar>",
    ]
    for text in texts {
      let opened = CalendarFormat.reader(Pieces(Array(text.utf8), step: 3))
      guard let reader = opened.reader else {
        Issue.record("\(text)")
        continue
      }
      #expect(Reading(reader).components == ["[0 in 0] VEVENT\n"])
    }
    #expect(CalendarFormat.reader(Pieces(Array("BEGIN:VCARD\n".utf8), step: 3)).reader == nil)
  }
}

@Suite struct Writing {
  @Test func linesAreFoldedAtCharacters() {
    let out = ByteBuffer()
    let w = ICalendarWriter(out)
    String(repeating: "é", count: 60).withByteView { w.property("SUMMARY", text: $0) }
    let first = "SUMMARY:" + String(repeating: "é", count: 33)
    let second = " " + String(repeating: "é", count: 27)
    #expect(out.string == first + "\r\n" + second + "\r\n")
    out.removeAll()
    String(repeating: "x", count: 67).withByteView { w.property("SUMMARY", text: $0) }
    #expect(out.string.utf8.count == 77)
    out.removeAll()
    w.property("SUMMARY", ByteView(base: [UInt8](repeating: 0x80, count: 300), count: 300))
    #expect(out.array.split(separator: 10).allSatisfy { $0.count <= 76 })
  }

  @Test func textAndParametersAreEncoded() {
    let out = ByteBuffer()
    let w = ICalendarWriter(out)
    w.begin("VEVENT")
    w.startLine("ATTENDEE")
    w.parameter("CN", "a:b;c,d \"e\"^\nf" as StaticString)
    w.parameter("ROLE", "CHAIR")
    w.value(ByteView("mailto:x@y\r\nBEGIN:VALARM"))
    w.property("DESCRIPTION", text: ByteView("a\r\nb,c;d\\e\u{1}f"))
    w.end("VEVENT")
    #expect(
      out.string == """
        BEGIN:VEVENT\r
        ATTENDEE;CN="a:b;c,d ^'e^'^^^nf";ROLE=CHAIR:mailto:x@y\\nBEGIN:VALARM\r
        DESCRIPTION:a\\nb\\,c\\;d\\\\ef\r
        END:VEVENT\r

        """)
  }

  @Test func builtComponentsAreWritten() {
    let c = CalendarComponent()
    c.begin("VFREEBUSY")
    c.addProperty("UID")
    c.setValue(ByteView("1"))
    c.open(ByteView("X-IN"))
    c.addProperty("SUMMARY")
    c.addParameter("LANGUAGE", ByteView("de"))
    c.setText(ByteView("a,b"))
    c.close()
    c.addProperty("FREEBUSY")
    c.addParameter("FBTYPE", ByteView("BUSY"))
    c.setValue(ByteView("20260102T150000Z/PT1H"))
    c.addProperty("ATTENDEE")
    c.addParameter("MEMBER", ByteView("mailto:a"))
    c.addParameterValue(ByteView("mailto:\"b\""))
    c.setValue(ByteView("mailto:x@y"))
    let out = ByteBuffer()
    ICalendarWriter(out).write(c)
    #expect(
      out.string.split(separator: "\r\n").joined(separator: "|")
        == "BEGIN:VFREEBUSY|UID:1|FREEBUSY;FBTYPE=BUSY:20260102T150000Z/PT1H|ATTENDEE;MEMBER=\"mailto:a\",\"mailto:^'b^'\":mailto:x@y|BEGIN:X-IN|SUMMARY;LANGUAGE=de:a\\,b|END:X-IN|END:VFREEBUSY"
    )
    #expect(read(out.array).components.count == 1)
  }

  @Test func jCalAndXCalAreWrittenAsTheRFCsShow() {
    let text =
      "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;TZID=X:20060102T120000\nDTEND;VALUE=DATE:20060103\nRRULE:FREQ=DAILY;COUNT=5;BYDAY=MO,TU\nGEO:1.5;2\nX-A:b<c\nEXDATE:bad\nEND:VEVENT\nEND:VCALENDAR\n"
    let calendars = text.withByteView { RoundTrip.read($0) }
    let json = ByteBuffer()
    RoundTrip.write(calendars, JCalWriter(json))
    #expect(
      json.string
        == #"["vcalendar",[["version",{},"text","2.0"]],[["vevent",[["dtstart",{"tzid":"X"},"date-time","2006-01-02T12:00:00"],["dtend",{},"date","2006-01-03"],["rrule",{},"recur",{"freq":"DAILY","count":5,"byday":["MO","TU"]}],["geo",{},"float",[1.5,2]],["x-a",{},"unknown","b<c"],["exdate",{},"unknown","bad"]],[]]]]"#
    )
    let xml = ByteBuffer()
    RoundTrip.write(calendars, XCalWriter(xml))
    #expect(
      xml.string.contains(
        "<dtstart><parameters><tzid><text>X</text></tzid></parameters><date-time>2006-01-02T12:00:00</date-time></dtstart>"
      ))
    #expect(
      xml.string.contains(
        "<recur><freq>DAILY</freq><count>5</count><byday>MO</byday><byday>TU</byday></recur>"))
    #expect(xml.string.contains("<geo><latitude>1.5</latitude><longitude>2</longitude></geo>"))
    #expect(xml.string.contains("<x-a><unknown>b&lt;c</unknown></x-a>"))
  }
}
