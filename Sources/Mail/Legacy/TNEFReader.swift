import Bytes

/// Walks the attributes of a TNEF stream (MS-OXTNEF 2.1) and the properties inside them.
struct TNEFReader {
  private let input: ByteView
  private let names: ByteBuffer
  private(set) var message = TNEFMessage()

  private var current = TNEFAttachment()
  private var isOpen = false
  private var nameRank = 0
  private var count = 0

  init(input: ByteView, names: ByteBuffer) {
    self.input = input
    self.names = names
  }

  // Attribute ids with their type in the upper half.
  private static let renderData = 0x0006_9002
  private static let title = 0x0001_8010
  private static let data = 0x0006_800F
  private static let attachment = 0x0006_9005
  private static let codePage = 0x0006_9007
  private static let properties = 0x0006_9003
  private static let body = 0x0002_800C

  mutating func run(_ visit: (TNEFAttachment) -> Void) {
    // Signature, key; then level, id, length, data and checksum of each attribute.
    var at = 6
    while at < input.count {
      let level = input[at]
      guard level == 1 || level == 2, at + 11 <= input.count else { break }
      let id = TNEF.u32(input, at + 1)
      let length = TNEF.u32(input, at + 5)
      let start = at + 9
      guard length <= input.count - start - 2 else { break }
      let end = start + length
      check(start, end)
      if level == 1 {
        messageAttribute(id, start, end)
      } else {
        attachmentAttribute(id, start, end, visit)
      }
      at = end + 2
    }
    if at < input.count { message.defects.insert(.truncated) }
    report(visit)
  }

  private mutating func check(_ start: Int, _ end: Int) {
    var sum = 0
    for i in start..<end { sum &+= Int(input.base[i]) }
    if sum & 0xFFFF != TNEF.u16(input, end) { message.defects.insert(.checksum) }
  }

  private mutating func messageAttribute(_ id: Int, _ start: Int, _ end: Int) {
    switch id {
    case Self.codePage: message.codePage = TNEF.u32(input, start)
    case Self.body where message.text.data.isEmpty:
      message.text = .init(data: ByteRange(start: start, count: end - start), isUTF16: false)
    case Self.properties:
      readProperties(start, end) { reader, property in reader.messageProperty(property) }
    default: break
    }
  }

  private mutating func attachmentAttribute(
    _ id: Int, _ start: Int, _ end: Int, _ visit: (TNEFAttachment) -> Void
  ) {
    if id == Self.renderData {
      report(visit)
      isOpen = true
      return
    }
    // Some writers leave the rendering data out.
    isOpen = true
    switch id {
    case Self.title: name(rank: 2, ByteRange(start: start, count: end - start), isUTF16: false)
    case Self.data where current.data.isEmpty:
      current.data = ByteRange(start: start, count: end - start)
    case Self.attachment:
      readProperties(start, end) { reader, property in reader.attachmentProperty(property) }
    default: break
    }
  }

  private mutating func report(_ visit: (TNEFAttachment) -> Void) {
    guard isOpen else { return }
    if count < TNEF.maxAttachments {
      visit(current)
      count += 1
    } else {
      message.defects.insert(.tooManyAttachments)
    }
    current = TNEFAttachment()
    nameRank = 0
    isOpen = false
  }

  // MARK: Properties

  /// A property's first value of variable length.
  private struct Property {
    var id: Int
    var type: Int
    var value: ByteRange
    var isUTF16: Bool { type == 0x1F }
  }

  private mutating func messageProperty(_ p: Property) {
    let body = TNEFMessage.Body(data: p.value, isUTF16: p.isUTF16)
    switch p.id {
    case 0x1000: message.text = body
    case 0x1013: message.html = body
    case 0x1009: message.compressedRTF = body
    default: break
    }
  }

  private mutating func attachmentProperty(_ p: Property) {
    switch p.id {
    case 0x3707: name(rank: 4, p.value, isUTF16: p.isUTF16)
    case 0x3704: name(rank: 3, p.value, isUTF16: p.isUTF16)
    case 0x3001: name(rank: 1, p.value, isUTF16: p.isUTF16)
    case 0x370E: current.mediaType = text(p)
    case 0x3712: current.contentID = text(p)
    case 0x3701:
      guard p.type == 0x0D else {
        current.data = p.value
        return
      }
      // An object's bytes follow the id of its interface.
      current.data = ByteRange(start: Int(p.value.start) + 16, count: Int(p.value.count) - 16)
      current.isMessage = TNEF.isTNEF(input[current.data])
    default: break
    }
  }

  private mutating func text(_ p: Property) -> ByteRange {
    let text = TNEFText(codePage: message.codePage)
    return names.place { text.append(input[p.value], isUTF16: p.isUTF16, to: names) }
  }

  /// Takes a name when it is better than the one before: the long name, the 8.3 name, the title,
  /// the display name.
  private mutating func name(rank: Int, _ value: ByteRange, isUTF16: Bool) {
    guard rank > nameRank else { return }
    let text = TNEFText(codePage: message.codePage)
    let place = names.place { text.append(input[value], isUTF16: isUTF16, to: names) }
    guard !place.isEmpty else { return }
    current.name = place
    nameRank = rank
  }

  /// Reads a property list (MS-OXTNEF 2.1.3.4 and 2.1.3.5). Stops at the first value that does not
  /// fit.
  private mutating func readProperties(
    _ start: Int, _ end: Int, _ found: (inout TNEFReader, Property) -> Void
  ) {
    var at = start + 4
    var left = TNEF.u32(input, start)
    while left > 0 {
      left -= 1
      guard let next = readProperty(at, end, found) else {
        message.defects.insert(.badProperties)
        return
      }
      at = next
    }
  }

  private mutating func readProperty(
    _ start: Int, _ end: Int, _ found: (inout TNEFReader, Property) -> Void
  ) -> Int? {
    guard start + 4 <= end else { return nil }
    let type = TNEF.u16(input, start)
    let id = TNEF.u16(input, start + 2)
    var at = start + 4
    if id >= 0x8000 {
      // A named property: its set, then a number or a name padded to four bytes.
      let isName = TNEF.u32(input, at + 16) != 0
      let length = TNEF.u32(input, at + 20)
      at += 24
      if isName {
        guard length <= end - at else { return nil }
        at += Self.padded(length)
      }
    }
    let isMany = type & 0x1000 != 0
    switch type & 0xFFF {
    case 0x01: return at <= end ? at : nil
    case 0x02, 0x03, 0x04, 0x0A, 0x0B: return fixed(4, isMany, at, end)
    case 0x05, 0x06, 0x07, 0x14, 0x40: return fixed(8, isMany, at, end)
    case 0x48: return fixed(16, isMany, at, end)
    case 0x0D, 0x1E, 0x1F, 0x102:
      var values = TNEF.u32(input, at)
      at += 4
      var isFirst = true
      while values > 0 {
        values -= 1
        let length = TNEF.u32(input, at)
        at += 4
        guard at <= end, length <= end - at else { return nil }
        if isFirst {
          found(
            &self,
            Property(
              id: id, type: type & 0xFFF, value: ByteRange(start: at, count: length)))
        }
        isFirst = false
        at += Self.padded(length)
      }
      // The last value's padding may be missing.
      return at <= end + 3 ? at : nil
    default: return nil
    }
  }

  private func fixed(_ size: Int, _ isMany: Bool, _ at: Int, _ end: Int) -> Int? {
    guard isMany else { return at + size <= end ? at + size : nil }
    let next = at + 4 + TNEF.u32(input, at) * size
    return next <= end ? next : nil
  }

  private static func padded(_ n: Int) -> Int { (n + 3) & ~3 }
}
