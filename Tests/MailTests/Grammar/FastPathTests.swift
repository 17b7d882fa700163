import Bytes
import TestSupport
import Testing

@testable import Mail

/// Every fast path beside the correct slow one: whatever the input, both say the same.
@Suite(.seeded) struct FastPathTests {
  /// The seeds, and each of them with one to four bytes replaced, dropped, doubled or swapped for
  /// a piece of another.
  static func mutations(of seeds: [String], _ rounds: Int, marks: String) -> [[UInt8]] {
    var random = SeededNumbers(7)
    let marks = Array(marks.utf8) + [0, 9, 10, 13, 32, 127, 0x80, 0xC2, 0xE2, 0xFF]
    var all = seeds.map { Array($0.utf8) }
    for _ in 0..<rounds {
      for seed in seeds {
        var bytes = Array(seed.utf8)
        for _ in 0...random.below(4) {
          let at = random.below(bytes.count)
          switch random.below(5) {
          case 0 where !bytes.isEmpty: bytes[at] = marks[random.below(marks.count)]
          case 1 where !bytes.isEmpty: bytes.remove(at: at)
          case 2: bytes.insert(marks[random.below(marks.count)], at: at)
          case 3 where !bytes.isEmpty: bytes[at] ^= 0x20
          default:
            let other = Array(seeds[random.below(seeds.count)].utf8)
            let cut = random.below(other.count)
            bytes.insert(
              contentsOf: other[cut..<min(cut + 1 + random.below(12), other.count)], at: at)
          }
        }
        all.append(bytes)
      }
    }
    return all
  }

  // The usual form with numbers in and out of their bounds.
  private static func usualDates() -> [[UInt8]] {
    var random = SeededNumbers(5)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let months = [
      "Jan", "Feb", "mar", "Apr", "May", "Jun", "JUL", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let days = ["", "", "Mon, ", "TUE, ", "Wed,  ", "Sun,\r\n ", "Sunday, ", "Thu "]
    return (0..<3000).map { _ in
      let day = random.below(2) == 0 ? two(random.below(33)) : "\(random.below(33))"
      let clock = [24, 61, 62].map { two(random.below($0 + 1)) }.joined(separator: ":")
      let zone = (random.below(2) == 0 ? "+" : "-") + two(random.below(26)) + two(random.below(62))
      let date = "\(day) \(months[random.below(12)]) \(1899 + random.below(303))"
      let tail = ["", "", "\r\n", " (CET)", " (Central European Time)"][random.below(5)]
      return Array(" \(days[random.below(8)])\(date) \(clock) \(zone)\(tail)".utf8)
    }
  }

  @Test func dates() {
    let seeds = [
      " Tue, 14 Nov 2023 22:13:57 -0000", "Tue, 3 Mar 2026 10:15:00 +0100 (CET)",
      "31 Dec 2016 23:59:60 +0000", "\tThu,  1 Jan 1970 00:00:00 -0800\r\n",
      "Fri, 29 Feb 2024 09:00:01 +0530 (IST)\r\n ", "sat, 01 JAN 1900 00:00:00 +1400",
      "29 Feb 2023 01:02:03 +0000", "Mon, 32 Jan 2024 24:60:61 +9999", "1 Jan 2199 23:59:59 +2359",
      "1 Jan 2024 00:00:00 +0060", "2 May 2024 00:00:00 -2400", "Wed, 5 Jun 2024 07:08:09 GMT",
      "Tue, 3 Mar 2026 10:15:00 +0100 (a (b))", "Tue, 3 Mar 2026 10:15 +0100",
    ]
    var plain = 0
    for bytes in Self.usualDates() + Self.mutations(of: seeds, 300, marks: "0123456789:+-,();.APM")
    {
      bytes.withByteView { v in
        let full = MailDate.parseFully(v)
        #expect(MailDate.parse(v) == full, "\(v.string)")
        if let date = MailDate.parsePlain(v) {
          plain += 1
          #expect(date == full, "\(v.string)")
        }
      }
    }
    #expect(plain > 1000)
  }

  @Test func unstructuredText() {
    let seeds = [
      " Service schedule meter monitoring review order p (1)", "Re: offer", "", " ", "a",
      "=?utf-8?q?caf=C3=A9?= and more", "1 = 1?", "two\r\n lines of it", "Grüße aus Köln",
      "tail \t", "12345678", "1234567", "123456789", "a\u{85}b\u{2028}c",
    ]
    for bytes in Self.mutations(of: seeds, 300, marks: "=?_ q") {
      let fast = ByteBuffer()
      let full = ByteBuffer()
      bytes.withByteView { v in
        let a = EncodedWords().appendUnstructured(v, to: fast)
        let b = EncodedWords().appendFully(v.trimmed(), to: full)
        #expect(a == b && fast.view.equals(full.view), "\(v.string)")
      }
    }
  }

  private static let types = [
    " text/plain; charset=UTF-8", "text/html; charset=\"utf-8\"", "text/plain",
    "multipart/mixed; boundary=\"----=_NextPart_000_0000_01D.?\"",
    "Multipart/Alternative;\r\n\tboundary=b1",
    "text/plain; charset=us-ascii; format=flowed; delsp=yes",
    "text/calendar; method=REQUEST; charset=x",
    "multipart/report; report-type=delivery-status; boundary=\"a b\"",
    "multipart/related; type=\"text/html\"; boundary='a'", "application/pdf; name=\"a b.pdf\"",
    "application/vnd.ms-excel; name=a.xls", "image/svg+xml; name==?utf-8?q?a?=",
    "multipart/mixed; boundary=\"a \"", "text/plain; charset=utf-8;",
    "text/plain; charset=utf-8; charset=x",
    "text/plain; charset=\"a\\\"b\"", "text/plain; charset=", "text/plain; name*0=a; name*1=b",
    "text", "text/", "charset=utf-8", "text/plain; unknown=1; unknown=2",
    "text/plain ; charset = utf-8",
    "multipart/mixed; boundary=\"\(String(repeating: "b", count: 300))\"",
    "text/plain; charset=\(String(repeating: "x", count: 1100))",
  ]

  @Test func contentTypes() {
    var plain = 0
    for bytes in Self.mutations(of: Self.types, 300, marks: "/;=\"\\()*'?, ab") {
      bytes.withByteView { v in
        let m = Message()
        var part = Part()
        guard m.readPlainType(v, into: &part) else {
          #expect(m.text.isEmpty && part.mediaType.isEmpty)
          return
        }
        plain += 1
        let text = ByteBuffer()
        var p = HeaderParameters()
        let defects = ParameterParser().parse(v, as: .contentType, text: text, into: &p)
        #expect(defects.isEmpty, "\(v.string)")
        func same(_ a: ByteRange, _ b: ByteRange?) {
          #expect(m.text[a].equals(b.map { text[$0] } ?? .empty), "\(v.string)")
        }
        same(part.mediaType, p.value)
        same(part.charset, p.charset(in: text))
        if let boundary = p.boundary(in: text), Int(boundary.count) <= Limits.boundary {
          same(part.boundary, boundary)
        } else {
          #expect(part.boundary.isEmpty)
        }
        same(part.fileName, p.fileName(in: text))
        same(part.method, p.method(in: text))
        same(part.reportType, p.reportType(in: text))
        #expect(
          part.isFlowed
            == (p.format(in: text).map { text[$0].equalsIgnoringCase("flowed") } ?? false))
        #expect(
          part.deletesSpace
            == (p.delsp(in: text).map { text[$0].equalsIgnoringCase("yes") } ?? false))
      }
    }
    #expect(plain > 500)
  }

  @Test func contentDispositions() {
    let seeds = [
      " inline", "attachment", "Attachment; filename=\"a b.pdf\"", "inline; filename=x.png",
      "attachment;\r\n\tfilename=a-b_c.txt", "attachment; filename=a; size=3", "form-data",
      "attachment; filename=\"=?utf-8?q?a?=\"", "attachment; filename=a; filename=b", "inline=x",
    ]
    var plain = 0
    for bytes in Self.mutations(of: seeds, 400, marks: "/;=\"\\()*'?, ab") {
      bytes.withByteView { v in
        let m = Message()
        var part = Part()
        guard m.readPlainDisposition(v, into: &part) else {
          #expect(m.text.isEmpty && part.disposition == .none)
          return
        }
        plain += 1
        let text = ByteBuffer()
        var p = HeaderParameters()
        let defects = ParameterParser().parse(v, as: .contentDisposition, text: text, into: &p)
        #expect(defects.isEmpty && !p.value.isEmpty, "\(v.string)")
        #expect((part.disposition == .inline) == text[p.value].equals("inline"), "\(v.string)")
        let name = p.fileName(in: text).map { text[$0].string } ?? ""
        #expect(m.text[part.fileName].string == name, "\(v.string)")
      }
    }
    #expect(plain > 400)
  }

  @Test func fieldNames() {
    #expect(HeaderName.allCases.count <= 64)
    let known = HeaderNameTable.names.map(\.name.description)
    #expect(Set(known).count == known.count)
    #expect(known.allSatisfy { (2...HeaderNameTable.longest).contains($0.utf8.count) })
    let seeds =
      known + [
        "x-mailchimp-campaign", "X-CSA-Complaints", "x-mailchimp", "DKIM-Signature", "X", "",
      ]
    for bytes in Self.mutations(of: seeds, 60, marks: "-_xtoCR:@[`{") {
      bytes.withByteView { n in
        var expected = HeaderName.other
        for (name, means) in HeaderNameTable.names where n.equalsIgnoringCase(name) {
          expected = means
        }
        if expected == .other, n.count >= 12, n.count < 40,
          n.hasPrefixIgnoringCase("x-mailchimp") || n.hasPrefixIgnoringCase("x-csa-complaints")
        {
          expected = .campaign
        }
        #expect(HeaderNameTable.shared.find(n, at: 0, count: n.count) == expected, "\(n.string)")
        // Inside a message other bytes follow the name.
        (bytes + Array(": value".utf8)).withByteView {
          #expect(HeaderNameTable.shared.find($0, at: 0, count: n.count) == expected, "\(n.string)")
        }
      }
    }
  }

  @Test func wideSearches() {
    var random = SeededNumbers(11)
    for round in 0..<4000 {
      // Mostly letters, so that hits stand at every place of a step.
      let bytes = (0..<random.below(40)).map { _ in
        UInt8(random.below(6) == 0 ? random.below(256) : 97 + random.below(26))
      }
      let start = random.below(bytes.count + 2)
      bytes.withByteView { v in
        func first(_ isHit: (UInt8) -> Bool) -> Int {
          (start..<max(start, v.count)).first { isHit(v[$0]) } ?? max(start, v.count)
        }
        #expect(WideScan.visibleEnd(v, from: start) == first { $0 <= 32 || $0 >= 127 }, "\(round)")
        #expect(
          WideScan.lineTextEnd(v, from: start)
            == first { $0 < 32 || $0 == 127 || $0 == 0xC2 || $0 == 0xE2 }, "\(round)")
        #expect(WideScan.bracket(v, from: start) == first { $0 == 60 || $0 == 62 }, "\(round)")
        #expect(
          WideScan.mark(v, from: start)
            == first { $0 == 34 || $0 == 40 || $0 == 41 || $0 == 59 || $0 == 92 }, "\(round)")
        let plain = v.from(start)
        #expect(
          start + WideScan.plainTextEnd(plain)
            == max(start, first { $0 < 32 || $0 > 126 || $0 == 61 }), "\(round)")
      }
    }
    for x in UInt64(0)..<256 {
      let eight = (x << 40 | 0x41_5A_5B_40_C1_DA_61) as UInt64
      let lower = withUnsafeBytes(of: eight.littleEndian) { $0.map(ASCII.lower) }
      #expect(withUnsafeBytes(of: WideScan.lower(eight).littleEndian) { Array($0) } == lower)
    }
  }

  @Test func wordsWithoutCase() {
    let words = ["spf", "dkim", "8bit", "7-bit", "base64", "charset", "filename", "x-uuencode"]
    for bytes in Self.mutations(of: words + ["quoted-printable", "mailer-daemon"], 100, marks: "-")
    {
      bytes.withByteView { v in
        #expect(v.isWord("spf") == v.equalsIgnoringCase("spf"))
        #expect(v.isWord("dkim") == v.equalsIgnoringCase("dkim"))
        #expect(v.isWord("7-bit") == v.equalsIgnoringCase("7-bit"))
        #expect(v.isWord("base64") == v.equalsIgnoringCase("base64"))
        #expect(v.isWord("charset") == v.equalsIgnoringCase("charset"))
        #expect(v.isWord("filename") == v.equalsIgnoringCase("filename"))
        #expect(v.isWord("x-uuencode") == v.equalsIgnoringCase("x-uuencode"))
        #expect(v.isWord("quoted-printable") == v.equalsIgnoringCase("quoted-printable"))
        #expect(v.isWord("mailer-daemon") == v.equalsIgnoringCase("mailer-daemon"))
      }
    }
  }

  @Test func wordLists() {
    let words = ["mailer", "no-reply", "system admin", "メール", "post_master", "re:"]
    let list = WordList("mailer|no-reply|system admin", "メール|post_master|re:")
    for bytes in Self.mutations(of: words + ["x mailer y", "", "m"], 200, marks: "mrnsMRNS-_ ") {
      bytes.withByteView { v in
        let isIn = words.contains { w in
          w.withByteView { v.firstRangeIgnoringCase(of: $0) != nil }
        }
        let begins = words.contains { w in w.withByteView { v.hasPrefixIgnoringCase($0) } }
        #expect(list.isIn(v) == isIn, "\(v.string)")
        #expect(list.begins(v) == begins, "\(v.string)")
      }
    }
  }

  @Test func authenticationResults() {
    // A comment that says nothing takes the value to the general way.
    let seeds = [
      "mx.example; dkim=pass header.d=x.example; spf=pass; dmarc=pass", "mx; spf=fail; dkim=none",
      "mx;\r\n dmarc/1 = fail (p=none)", "mx; dkim=hardfail; dkim=pass", "mx; none",
      "mx; a=\"b;c\"; spf=pass",
      "dkim=pass", "mx ; ; Spf = BestGuessPass ; dmarc=", "mx; x(dkim=pass; spf=fail); dmarc=fail",
    ]
    for bytes in Self.mutations(of: seeds, 200, marks: ";=/() dsp") where !bytes.contains(10) {
      func verdict(_ tail: String) -> AuthenticationVerdict {
        let head = Array("Authentication-Results:".utf8) + bytes + Array("\(tail)\n\n".utf8)
        return SeenMail(bytes: head).message.authentication
      }
      let value = String(decoding: bytes, as: UTF8.self)
      guard !value.contains("("), !value.contains("\""), !value.contains("\\") else { continue }
      #expect(verdict("") == verdict(";()"), "\(value)")
    }
  }

  @Test(arguments: [1, 98, 99, 100, 101, 150])
  func listsOfIdentifiersKeepTheFirstAndTheLast(count: Int) {
    let ids = (0..<count).map { "id\($0)@x.example" }
    let value = ids.map { "<\($0)>" }.joined(separator: " ")
    let text = ByteBuffer()
    let list = ReusedList<ByteRange>()
    list.append(ByteRange(start: 1, count: 2))
    let defects = value.withByteView { References.parse($0, text: text, into: list) }
    let kept = count <= 100 ? ids : [ids[0]] + ids.suffix(99)
    #expect(list.dropFirst().map { text[$0].string } == kept)
    #expect(defects == (count > 100 ? .referencesTruncated : []))
  }
}
