import Bytes
import Glibc
import JSONText
import Mail
import Mailboxes
import Markup
import Text

/// The inner loops of the import one by one, in bytes a second, each against a memcpy(3) of the
/// same bytes in the same run: the machine's own speed cancels out.
///
///     swift run -c release winnow-microbench [SECONDS A LOOP]
@main
struct Micro {
  private let seconds: Double
  private let clock = ContinuousClock()

  static func main() {
    let seconds = CommandLine.arguments.dropFirst().first.flatMap { Double($0) } ?? 0.5
    let micro = Micro(seconds: seconds)
    micro.run()
  }

  private init(seconds: Double) { self.seconds = seconds }

  private func run() {
    line("loop", "input", "MB/s", "of memcpy")
    let plain = Inputs.plainText(8 << 20)
    let mailbox = Inputs.mailbox(8 << 20)
    let swedish = Inputs.swedish(8 << 20)
    let html = Inputs.html(2 << 20)
    let base64 = Inputs.base64(8 << 20)
    let quoted = Inputs.quotedPrintable(8 << 20)
    let out = ByteBuffer(capacity: 32 << 20)

    measure("separator scan", "mbox of 3 kB mails", mailbox) { v in
      var n = 0
      var at = 0
      while let hit = v.firstRange(of: ByteView("\nFrom "), from: at) {
        n += 1
        at = hit + 1
      }
      return n
    }
    let reader = MessageReader()
    for (name, what, unit) in [
      ("header index", "header sections alone", Inputs.header()),
      ("header and structure", "mails of 3 kB", Inputs.mail()),
    ] {
      let size = unit.bytes.count
      measure(name, what, Inputs.many(unit, 8 << 20)) { v in
        var n = 0
        for at in stride(from: 0, to: v.count, by: size) where reader.read(v.slice(at, at + size)) {
          n += 1
        }
        return n
      }
    }
    measure("base64", "lines of 76", base64) { v in
      out.removeAll(keepingUpTo: .max)
      _ = Base64Decoder.decode(v, into: out)
      return out.count
    }
    measure("quoted-printable", "one escape in 30 bytes", quoted) { v in
      out.removeAll(keepingUpTo: .max)
      QuotedPrintable.decode(v, into: out)
      return out.count
    }
    for (name, charset, input) in [
      ("charset utf-8", Charset.utf8, plain), ("charset utf-8", .utf8, swedish),
      ("charset windows-1252", .windows1252, swedish),
    ] {
      measure(name, input.name, input) { v in
        out.removeAll(keepingUpTo: .max)
        _ = charset.decode(v, into: out)
        return out.count
      }
    }
    let converter = HTMLText()
    measure("html to text", "Outlook-like bodies", html) { v in
      out.removeAll(keepingUpTo: .max)
      _ = converter.convert(v, into: out)
      return out.count
    }
    for input in [plain, swedish] {
      measure("json escape", input.name, input) { v in
        out.removeAll(keepingUpTo: .max)
        JSONWriter.appendString(v, to: out)
        return out.count
      }
      measure("case folding", input.name, input) { v in
        out.removeAll(keepingUpTo: .max)
        CaseFolding.foldAppend(v, to: out)
        return out.count
      }
    }
    let hash = SHA256()
    measure("sha-256", plain.name, plain) { v in
      hash.update(v)
      return Int(truncatingIfNeeded: hash.finish().words.0)
    }
  }

  private func measure(_ loop: String, _ name: String, _ input: Input, _ body: (ByteView) -> Int) {
    let speed = input.bytes.withByteView { v in rate(v.count) { body(v) } }
    let copy = ByteBuffer(capacity: input.bytes.count)
    let memcpy = input.bytes.withByteView { v in
      rate(v.count) {
        copy.removeAll(keepingUpTo: .max)
        copy.append(v)
        return copy.count
      }
    }
    line(loop, name, "\(Int(speed))", "\(Int((speed / memcpy * 1000).rounded())) ‰")
  }

  /// Bytes of one round over the best round's time, in MB/s.
  private func rate(_ bytes: Int, _ body: () -> Int) -> Double {
    var best = Double.infinity
    var sink = 0
    let end = clock.now.advanced(by: .seconds(seconds))
    repeat {
      let start = clock.now
      sink &+= body()
      let d = start.duration(to: clock.now).components
      best = min(best, Double(d.seconds) + Double(d.attoseconds) / 1e18)
    } while clock.now < end
    // Keeps the work from being optimised away.
    if sink == Int.min { print(sink) }
    return Double(bytes) / best / 1e6
  }

  private func line(_ a: String, _ b: String, _ c: String, _ d: String) {
    func pad(_ s: String, _ n: Int, right: Bool = false) -> String {
      let gap = String(repeating: " ", count: max(0, n - s.count))
      return right ? gap + s : s + gap
    }
    print(pad(a, 24) + pad(b, 26) + pad(c, 8, right: true) + pad(d, 12, right: true))
  }
}
