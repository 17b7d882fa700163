import Bytes
import Mail
import TestSupport
import Testing

/// What must hold for every input: no trap, valid UTF-8, one line, the same twice.
@Suite(.seeded) struct GrammarPropertyTests {
  static let seeds = [
    "Doe, John <a@b.c>, \"x\\\"y\" <z@w>; Group: a@b (c (d)), <@r,@s:t@u>;",
    "=?utf-8?q?caf=C3?= =?iso-2022-jp?b?GyRCJCI=?= \"=?koi8-r?q?=C1?=\" =?x?q?",
    "Thu, 13 Feb 1975 23:32:60 -0330 (Newfoundland) 2024-04-02T10:00:00Z Mrz PM",
    "multipart/mixed; boundary=\"a\"; name*0*=utf-8''%C3; name*1*=%A9; charset=x (c)",
    "<a@b> Message from <c@d> of \"x\" [mailto:x@y] </O=A/OU=B> null ../a\\b:c.exe",
  ]

  static func isOneLineOfUTF8(_ v: ByteView) -> Bool {
    let a = v.array
    guard Array(String(decoding: a, as: UTF8.self).utf8) == a else { return false }
    return String(decoding: a, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x2028
    }
  }

  static func check(_ bytes: [UInt8]) {
    let text = ByteBuffer()
    let words = EncodedWords()
    bytes.withByteView { v in
      words.appendUnstructured(v, to: text)
      #expect(isOneLineOfUTF8(text.view), "\(bytes)")
      text.removeAll()
      AttachmentName.append(v, to: text)
      #expect(isOneLineOfUTF8(text.view), "\(bytes)")
      #expect(text.count <= AttachmentName.maximum)
      #expect(text.view.firstIndex(of: UInt8(ascii: "/")) == nil)
      text.removeAll()

      let list = ReusedList<MailAddress>()
      AddressParser(words: words).parse(v, text: text, into: list)
      for a in list {
        #expect(a.name.end <= text.count && a.address.end <= text.count)
        #expect(isOneLineOfUTF8(text[a.name]) && isOneLineOfUTF8(text[a.address]), "\(bytes)")
        #expect(!(a.name.isEmpty && a.address.isEmpty), "\(bytes)")
        if a.validity == .valid {
          #expect(text[a.address].firstIndex(of: UInt8(ascii: "@")) != nil, "\(bytes)")
        }
      }
      text.removeAll()
      var p = HeaderParameters()
      for field in [ParameterParser.Field.contentType, .contentDisposition] {
        ParameterParser(words: words).parse(v, as: field, text: text, into: &p)
        for one in p.list where !text[one.name].equals("boundary") {
          #expect(isOneLineOfUTF8(text[one.value]), "\(bytes)")
        }
      }
      if let d = MailDate.parse(v) {
        #expect(d.seconds >= -2_209_075_200 && d.seconds < 7_258_204_800, "\(bytes)")
        #expect(abs(d.zoneMinutes) <= 1439)
      }
      _ = FromLineDate.parse(v)
      _ = ReceivedDate.parse(v)
      _ = ThreadIndex.parse(v)
      text.removeAll()
      let ids = ReusedList<ByteRange>()
      ids.append(MessageID.parse(v, text: text).id)
      References.parse(v, text: text, into: ids)
      #expect(ids.count <= References.maximum + 1)
      for id in ids { #expect(isOneLineOfUTF8(text[id]) || text[id].isEmpty, "\(bytes)") }
    }
  }

  @Test func everyCutOfEverySeedIsSurvived() {
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for n in 0...bytes.count { Self.check(Array(bytes[..<n])) }
      for n in 0..<bytes.count { Self.check(Array(bytes[n...])) }
    }
  }

  @Test func mutatedSeedsAreSurvived() {
    var random = SeededNumbers(7)
    let odd: [UInt8] = [
      0, 10, 13, 32, 34, 40, 41, 44, 58, 59, 60, 62, 63, 64, 61, 92, 0xC2, 0xE2, 0xFF,
    ]
    for round in 0..<3000 {
      var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0...random.below(6) {
        let at = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: random.below(256))
        case 1: bytes.insert(odd[random.below(odd.count)], at: at)
        case 2: bytes.removeSubrange(at..<min(at + random.below(9), bytes.count))
        default: bytes[at] = odd[random.below(odd.count)]
        }
        if bytes.isEmpty { bytes = [34] }
      }
      Self.check(bytes)
    }
  }
}
