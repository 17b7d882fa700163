import Bytes
import Mail
import TestSupport
import Testing

@Suite struct ParameterParserTests {
  @Test(arguments: [
    ("text/plain", "text/plain", []),
    (
      "Text/PLAIN; Charset=\"UTF-8\"; format=flowed; DelSp=yes", "text/plain",
      [["charset", "UTF-8"], ["format", "flowed"], ["delsp", "yes"]]
    ),
    ("multipart/mixed;\r\n\tboundary=\"a b\\\"c\"", "multipart/mixed", [["boundary", "a b\"c"]]),
    (
      "text/plain (plain) ; (c) charset = us-ascii (Plain text)", "text/plain",
      [["charset", "us-ascii"]]
    ),
    (
      "application/pdf; name=my file (1).pdf; size=3", "application/pdf",
      [["name", "my file (1).pdf"], ["size", "3"]]
    ),
    ("text / html; charset=x", "text/html", [["charset", "x"]]),
    ("application/x; name=\"C:\\temp\\a.doc\"", "application/x", [["name", "C:\\temp\\a.doc"]]),
    ("application/x; name=\"..\\\\..\\\\x.dll\"", "application/x", [["name", "..\\..\\x.dll"]]),
    ("multipart/mixed;; boundary=x;", "multipart/mixed", [["boundary", "x"]]),
    (
      "text/calendar; method=REQUEST; charset=utf-8", "text/calendar",
      [["method", "REQUEST"], ["charset", "utf-8"]]
    ),
    ("application/x; name=\"\"", "application/x", [["name", ""]]),
  ])
  func valuesAreRead(value: String, type: String, list: [[String]]) {
    let r = Reading.parameters(value)
    #expect(r.value == type)
    #expect(r.list == list)
    #expect(r.defects.isEmpty)
  }

  @Test(arguments: [
    (
      "text/plain charset=us-ascii name=a.txt", "text/plain",
      [["charset", "us-ascii"], ["name", "a.txt"]]
    ),
    ("multipart/mixed\n\tboundary=\"b\"", "multipart/mixed", [["boundary", "b"]]),
    ("text/plain, charset=x", "text/plain", [["charset", "x"]]),
    (
      "multipart/mixed; boundary=\"abc; charset=x", "multipart/mixed",
      [["boundary", "abc"], ["charset", "x"]]
    ),
    ("text/plain; junk; =x; charset=y", "text/plain", [["charset", "y"]]),
    ("text; charset=x", "", [["charset", "x"]]),
    ("text/plain/x; charset=x", "", [["charset", "x"]]),
    ("charset=utf-8", "", [["charset", "utf-8"]]),
    ("", "", []), (";;;", "", []), ("\0\u{1}\"<>", "", []), ("/plain", "", []),
  ])
  func damageIsSurvived(value: String, type: String, list: [[String]]) {
    let r = Reading.parameters(value)
    #expect(r.value == type)
    // A missing separator may or may not be worth a code; what could not be read is.
    if type.isEmpty { #expect(r.defects.contains(.contentTypeMalformed)) }
    #expect(r.list == list)
  }

  @Test(arguments: [
    ("attachment; filename*=utf-8''na%C3%AFve%20%e2%82%ac.txt", "naïve €.txt"),
    ("attachment; filename*=\"iso-8859-1'de'Fr%F6sche\"", "Frösche"),
    ("attachment; filename*0*=utf-8'en'a%C3; filename*1*=%A9b; filename*2=\"%20c\"", "aéb%20c"),
    ("attachment; filename*1=\"b\"; filename*0=\"a\"; filename*2=c", "abc"),
    ("attachment; filename*=''plain%20ascii", "plain ascii"),
    ("attachment; filename*=no-quotes%21", "no-quotes!"),
    ("attachment; filename*=utf-8''50%25%zz%4", "50%%zz%4"),
    ("attachment; filename=\"=?utf-8?Q?na=C3=AFve.txt?=\"", "naïve.txt"),
    ("attachment; filename==?utf-8?B?VGhpcyBpcyBhIHRlc3QucGRm?=", "This is a test.pdf"),
    ("attachment; filename=\"=?utf-8?Q?a_b?=\r\n =?utf-8?Q?.pdf?=\"", "a b.pdf"),
    ("attachment; filename*0=\"=?utf-8?Q?a\"; filename*1=\"_b?=\"", "a b"),
    ("attachment; filename=naïve.txt", "naïve.txt"),
    ("attachment; filename=\"a\r\n b.txt\"", "a b.txt"),
    ("attachment; filename=\"foo%20bar\"", "foo%20bar"),
    // att_rfc2231_traversal.eml: decoded here, made harmless by AttachmentName.
    ("attachment; filename*=utf-8''..%2F..%2Fetc%2Fx", "../../etc/x"),
  ])
  func namesAreDecoded(value: String, expected: String) {
    let r = Reading.parameters(value, as: .contentDisposition)
    #expect(r.value == "attachment")
    #expect(r.list == [["filename", expected]])
    #expect(r.defects.isEmpty)
  }

  @Test func rawBytesInNamesAreGuessed() {
    let r = Reading.parameters(
      Array("attachment; filename=\"Fr".utf8) + [0xF6] + Array("sche.txt\"".utf8),
      as: .contentDisposition)
    #expect(r.list == [["filename", "Frösche.txt"]])
    #expect(r.defects == .raw8Bit)
  }

  // att_conflict.eml, boundary_conflict.eml
  @Test func extendedWinsOverPlainAndFirstOverLater() {
    let r = Reading.parameters(
      "attachment; filename=\"safe.txt\"; filename*=utf-8''evil.exe", as: .contentDisposition)
    #expect(r.list == [["filename", "evil.exe"]])
    #expect(r.defects == .parameterConflict)
    let same = Reading.parameters(
      "attachment; filename=\"=?utf-8?q?=C3=A9?=\"; filename*=utf-8''%C3%A9",
      as: .contentDisposition)
    #expect(same.list == [["filename", "é"]])
    #expect(same.defects.isEmpty)
    let twice = Reading.parameters("multipart/mixed; boundary=a; Boundary=b; boundary=c")
    #expect(twice.list == [["boundary", "a"]])
    #expect(twice.defects == .parameterDuplicate)
  }

  // att_rfc2231_gap.eml, att_rfc2231_charset.eml
  @Test func sectionsEndAtTheFirstGap() {
    let r = Reading.parameters(
      "attachment; filename*0=\"a\"; filename*2=\"c\"; filename*01=\"b\"; "
        + "filename*999999999999999999999=\"z\"", as: .contentDisposition)
    #expect(r.list == [["filename", "a"]])
    #expect(r.defects == .parameterSections)
    let headless = Reading.parameters("attachment; filename*1=b", as: .contentDisposition)
    #expect(headless.list == [["filename", ""]])
    #expect(headless.defects == .parameterSections)
  }

  @Test(arguments: ["utf-7", "UTF-7", "x-klingon"])
  func charsetsThatAreNotAdmittedInNamesAreNotDecoded(label: String) {
    let r = Reading.parameters(
      "attachment; filename*=\(label)''+AC4ALgAv-x", as: .contentDisposition)
    #expect(r.list == [["filename", "+AC4ALgAv-x"]])
    #expect(r.defects == .parameterCharset)
  }

  // att_rfc2231_bomb.eml
  @Test func onlyTheFirst128ParametersAreLookedAt() {
    func many(_ n: Int) -> String {
      "attachment" + (0..<n).map { "; a\($0)*0=x" }.joined()
    }
    #expect(Reading.parameters(many(128), as: .contentDisposition).defects.isEmpty)
    let over = Reading.parameters(many(1000), as: .contentDisposition)
    #expect(over.list.count == 128)
    #expect(over.defects == .parameterLimit)
  }

  // boundary_trailing_ws.eml; a boundary is compared with bytes of the body.
  @Test func boundariesKeepTheirBytesExceptBlanksAtTheEnd() {
    let text = ByteBuffer()
    var p = HeaderParameters()
    let value = Array("multipart/mixed; boundary=\"=?utf-8?q?x?= ".utf8) + [0xE9, 1, 0x20, 0x22]
    _ = value.withByteView {
      ParameterParser().parse($0, as: .contentType, text: text, into: &p)
    }
    let boundary = p.boundary(in: text).map { text[$0].array }
    #expect(boundary == Array("=?utf-8?q?x?= ".utf8) + [0xE9, 1])
  }

  @Test func accessorsFindTheirParameters() {
    let text = ByteBuffer()
    var p = HeaderParameters()
    let parser = ParameterParser()
    func read(_ s: String) {
      _ = s.withByteView { parser.parse($0, as: .contentType, text: text, into: &p) }
    }
    func string(_ r: ByteRange?) -> String? { r.map { text[$0].string } }
    read("multipart/report; report-type=delivery-status; type=\"text/html\"; boundary=b; name=n")
    #expect(string(p.reportType(in: text)) == "delivery-status")
    #expect(string(p.rootType(in: text)) == "text/html")
    #expect(string(p.fileName(in: text)) == "n")
    #expect(p.charset(in: text) == nil)
    read("text/plain; charset=c; format=f; delsp=d; method=m; name=n; filename=f")
    #expect(string(p.charset(in: text)) == "c")
    #expect(string(p.format(in: text)) == "f")
    #expect(string(p.delsp(in: text)) == "d")
    #expect(string(p.method(in: text)) == "m")
    #expect(string(p.fileName(in: text)) == "f")
    #expect(p.boundary(in: text) == nil, "nothing is left of the value before")
  }

  @Test(.slow) func hostileAmountsTakeLinearTime() {
    for s in ["a*0=x;", " ", "a=b ", "a=\"", "(", "\"\\", "'", "a*=''", ";", "=", "a ", "\"a\" "] {
      expectLinear(25_000, "\(s)", make: { "x/y; name=" + String(repeating: s, count: $0) }) {
        _ = Reading.parameters($0)
      }
    }
  }
}
