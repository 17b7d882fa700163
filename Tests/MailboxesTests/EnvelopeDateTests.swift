import Bytes
import TestSupport
import Testing

@testable import Mailboxes

@Suite(.seeded) struct EnvelopeDateTests {
  /// The fast path beside the correct slow one.
  @Test func theFormOfAsctimeIsReadAsAnyOther() {
    var numbers = SeededNumbers(3)
    func random(_ n: Int) -> Int { numbers.below(n) }
    let seeds = [
      "Tue Nov 14 22:13:57 2023", "Thu Jan  1 01:00:00 1970", "sat FEB 30 24:59:61 2199",
      "Mon Sep 17 00:00:00 2001", "Wed May 01 00:00:00 2024", "Sun Dec 31 25:60:62 2200",
    ].map { Array($0.utf8) }
    let marks = Array("0123456789 :,-+TueMonJanfebZ\t\u{7}é".utf8)
    var plain = 0
    for round in 0..<12_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<random(4) {
        let at = random(bytes.count)
        switch random(4) {
        case 0: bytes[at] ^= 0x20
        case 1: bytes.swapAt(at, random(bytes.count))
        default: bytes[at] = marks[random(marks.count)]
        }
      }
      bytes.withByteView { v in
        var date = EnvelopeDate()
        let full = date.parseFully(v)
        #expect(date.parse(v) == full, "\(v.string)")
        if let seconds = EnvelopeDate.plain(v) {
          plain += 1
          #expect(seconds == full, "\(v.string)")
        }
      }
    }
    #expect(plain > 1500)
  }
}
