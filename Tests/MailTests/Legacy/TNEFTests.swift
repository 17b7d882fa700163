import Bytes
import TestSupport
import Testing

@testable import Mail

/// Builds TNEF streams.
private struct Stream {
  var bytes: [UInt8] = [0x78, 0x9F, 0x3E, 0x22, 1, 0]

  static func u32(_ n: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: n >> (8 * $0)) } }
  static func u16(_ n: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: n >> (8 * $0)) } }

  mutating func attribute(_ level: UInt8, _ id: Int, _ data: [UInt8]) {
    let sum = data.reduce(0) { $0 + Int($1) }
    bytes += [level] + Self.u32(id) + Self.u32(data.count) + data + Self.u16(sum & 0xFFFF)
  }

  static func property(_ type: Int, _ id: Int, _ value: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    return u16(type) + u16(id) + u32(1) + u32(value.count) + value + padding
  }

  static func utf16(_ s: String) -> [UInt8] { (Array(s.utf16) + [0]).flatMap { u16(Int($0)) } }

  static func sample() -> Stream {
    var s = Stream()
    s.attribute(1, 0x0006_9007, u32(1252) + u32(0))
    s.attribute(
      1, 0x0006_9003,
      u32(3) + u16(0x000B) + u16(0x0E1B) + u32(1) + property(0x1F, 0x1000, utf16("Hi 😀"))
        + property(0x102, 0x1013, Array("<p>Hi".utf8)))
    s.attribute(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
    s.attribute(2, 0x0001_8010, Array("OFFER~1.PDF\0".utf8))
    s.attribute(2, 0x0006_800F, Array("%PDF-".utf8))
    s.attribute(
      2, 0x0006_9005,
      u32(3) + property(0x1F, 0x3707, utf16("Offer ä.pdf"))
        + property(0x1E, 0x370E, Array("application/pdf\0".utf8))
        // A property with a name of its own is stepped over.
        + u16(0x1F) + u16(0x8001) + [UInt8](repeating: 7, count: 16) + u32(1) + u32(6)
        + utf16("ab") + [0, 0] + u32(1) + u32(4) + utf16("c"))
    s.attribute(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
    s.attribute(
      2, 0x0006_9005,
      u32(2) + property(0x0D, 0x3701, [UInt8](repeating: 9, count: 16) + Stream().bytes)
        + property(0x1E, 0x3704, Array("mail.msg\0".utf8)))
    return s
  }
}

@Suite struct TNEFReading {
  private func parse(_ bytes: [UInt8]) -> (files: [String], message: TNEFMessage) {
    let names = ByteBuffer()
    var files: [String] = []
    let message = bytes.withByteView { v in
      TNEF.parse(v, names: names) { a in
        files.append(
          "\(names[a.name].string)|\(names[a.mediaType].string)|\(v[a.data].count)|\(a.isMessage)")
      }
    }
    return (files, message)
  }

  @Test func attachmentsComeWithTheirBestNameAndType() {
    let (files, message) = parse(Stream.sample().bytes)
    #expect(files == ["Offer ä.pdf|application/pdf|5|false", "mail.msg||6|true"])
    #expect(message.defects.isEmpty)
    #expect(message.codePage == 1252)
  }

  @Test func bodiesAreFoundAndDecoded() {
    let bytes = Stream.sample().bytes
    let message = parse(bytes).message
    let out = ByteBuffer()
    bytes.withByteView { v in
      message.decode(message.text, of: v, into: out)
      out.append("|")
      message.decode(message.html, of: v, into: out)
    }
    #expect(out.string == "Hi 😀|<p>Hi")
  }

  @Test func everyTruncationIsToldAndNoneTraps() {
    let bytes = Stream.sample().bytes
    for n in 6..<bytes.count {
      let message = parse(Array(bytes.prefix(n))).message
      let isWholeAttribute = message.defects.isEmpty
      #expect(isWholeAttribute || message.defects.contains(.truncated))
    }
    #expect(parse(Array(bytes.prefix(3))).message.defects == .notTNEF)
  }

  @Test func noChangedByteTraps() {
    let bytes = Stream.sample().bytes
    for i in 0..<bytes.count {
      for value in [0, 0x7F, 0xFF] as [UInt8] {
        var changed = bytes
        changed[i] = value
        #expect(parse(changed).files.count <= 4)
      }
    }
  }

  @Test func wrongChecksumsAreToldOnly() {
    var bytes = Stream.sample().bytes
    bytes[bytes.count - 1] ^= 1
    let (files, message) = parse(bytes)
    #expect(files.count == 2)
    #expect(message.defects == .checksum)
  }

  @Test func attachmentsAreCapped() {
    var s = Stream()
    for _ in 0...TNEF.maxAttachments { s.attribute(2, 0x0006_9002, []) }
    let (files, message) = parse(s.bytes)
    #expect(files.count == TNEF.maxAttachments)
    #expect(message.defects == .tooManyAttachments)
  }

  @Test(.needsShared) func agreesWithTheFilesThatOthersExtracted() throws {
    let shared = try #require(SharedFolder.path)
    let root = shared + "/corpus/mail/MimeKit/UnitTests/TestData/tnef/"
    let samples = LegacyFiles.names(root).filter { $0.hasSuffix(".tnef") }
    var agreed = 0
    for sample in samples {
      // Beside each sample lies a folder with its files, the body as message.*.
      let folder = String(sample.dropLast(5))
      let expected = LegacyFiles.names(root + folder).filter { !$0.hasPrefix("message.") }
        .map { $0.hasPrefix("Untitled Attachment") ? "Untitled Attachment" : $0 }
      let names = parse(LegacyFiles.read(root + sample)).files
        .map { String($0.prefix { $0 != "|" }) }.sorted()
      // One folder lacks a file that its list names.
      let list = String(decoding: LegacyFiles.read(root + folder + ".list"), as: UTF8.self)
        .split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("body.") }
      if names == expected || names == list.sorted() {
        agreed += 1
      } else {
        print(sample, names, expected)
      }
    }
    print("TNEF: the files of \(agreed) of \(samples.count) samples agree")
    #expect(samples.isEmpty || agreed >= 18)
  }
}
