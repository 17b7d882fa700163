import Bytes
import Testing

@testable import ICalendar

@Suite struct PrivacyMarks {
  private func mayBePrivate(_ text: String) -> Bool {
    text.withByteView { PrivacyMark.mayBePrivate($0) }
  }

  @Test(
    "a CLASS that is not PUBLIC is found in every format and form",
    arguments: [
      "BEGIN:VEVENT\r\nCLASS:PRIVATE\r\nEND:VEVENT", "class:confidential",
      "X:1\nCLASS;X=\"a:b\":X-SECRET\n", "X:1\r\nCLA\r\n SS:PRI\r\n\tVATE\r\n",
      "X:1\rCLASS:PERSONAL\r", "CLASS PRIVATE", "CLASS:PUBLIC\nCLASS:PRIVATE",
      "CLASS:PRIVATE:PUBLIC", "junkCLASS:PRIVATE",
      "<class><text>PRIVATE</text></class>", "<x:class\n a='b'><x:text>secret</x:text></x:class>",
      "<class><text><![CDATA[PRIVATE]]></text></class>", "<class><!-- --></class>", "<class>",
      #"["class",{},"text","PRIVATE"]"#, #"[ "CLASS" , {"a":["b"]}, "text", "x"]"#,
      #"["cl\u0061ss",{},"text","CONFIDENTIAL"]"#, #"["class",{}"#,
      #"["class",{},"text","PUBLIC","PRIVATE"]"#,
      "C\0L\0A\0S\0S\0:\0P\0R\0I\0V\0A\0T\0E\0",
    ])
  func hidden(text: String) { #expect(mayBePrivate(text)) }

  @Test(
    "PUBLIC, no CLASS and the word in a text are none",
    arguments: [
      "", "BEGIN:VEVENT\r\nSUMMARY:class at ten\r\nEND:VEVENT", "CLASS:PUBLIC\r\n", "class:\n",
      "CLASS;X=y: public \r\nSUMMARY:x", "CLASSIFICATION:SECRET", "X-CLASS:SECRET",
      "<class><text>PUBLIC</text></class>", "<class/>", "<classic>x</classic>",
      #"["class",{},"text","public"]"#, #"["summary",{},"text","class"]"#,
      "SUMMARY:first\r\n class: x",
    ])
  func open(text: String) { #expect(!mayBePrivate(text), "\(text)") }

  @Test("a calendar is known by its type, its name or its beginning")
  func calendars() {
    func mayBe(_ text: String, _ type: String, _ ending: String) -> Bool {
      text.withByteView { t in
        type.withByteView { m in
          ending.withByteView { PrivacyMark.mayBeCalendar(t, mediaType: m, ending: $0) }
        }
      }
    }
    #expect(mayBe("", "Text/Calendar", "") && mayBe("", "application/calendar+xml", ""))
    #expect(mayBe("", "", "ICS") && mayBe("BEGIN:VCALENDAR", "a/b", "bin"))
    #expect(mayBe("B\0E\0G\0I\0N\0:\0V\0C\0A\0L\0E\0N\0D\0A\0R\0", "", ""))
    #expect(!mayBe("%PDF", "application/pdf", "pdf") && !mayBe("", "", ""))
  }

  @Test("the strictest CLASS of a component counts")
  func strictest() {
    #expect(Classification.secret > .confidential && Classification.confidential.isPrivate)
    #expect(!Classification.personal.isPrivate && !Classification.everyone.isPrivate)
  }
}
