import Bytes

/// Apple Mail's `.emlx`: a decimal length and a line end, that many bytes of message, and a
/// property list with what Mail knows about it.
struct Emlx {
  /// Where the message lies in the file.
  var message: Range<Int>
  var flags: StoreFlags = []
  /// Seconds since 1970 UTC of `date-received`.
  var dateReceived: Int?

  /// Takes a file apart. A file without a believable length is a message as a whole, up to the
  /// property list if one ends it.
  init(_ file: ByteView) {
    let lineEnd = file.firstIndex(of: ASCII.lf, from: 0, to: 64) ?? -1
    let length = lineEnd > 0 ? ASCII.decimal(file.prefix(lineEnd).trimmed()) : nil
    let start = length == nil ? 0 : lineEnd + 1
    let list: ByteView
    if let length, length <= file.count - start {
      message = start..<(start + length)
      list = file.from(start + length)
    } else {
      let tail = max(start, file.count - 65_536)
      let end = file.firstRange(of: ByteView("<?xml version="), from: tail) ?? file.count
      message = start..<end
      list = file.from(end)
    }
    if let bits = Self.number("flags", in: list) { flags = .emlx(bits) }
    dateReceived = Self.number("date-received", in: list)
  }

  /// The whole part of the number that follows a key of the property list.
  private static func number(_ key: StaticString, in list: ByteView) -> Int? {
    var at = 0
    while let hit = list.firstRange(of: ByteView(key), from: at) {
      at = hit + 1
      let after = hit + ByteView(key).count
      guard list[hit - 1] == 62, list.from(after).hasPrefix("</key>") else { continue }
      var i = after + 6
      while ASCII.isSpace(list[i]) { i += 1 }
      let value = list.from(i)
      guard value.hasPrefix("<integer>") || value.hasPrefix("<real>"),
        let open = value.firstIndex(of: 62)
      else { return nil }
      var end = open + 1
      while ASCII.isDigit(value[end]) { end += 1 }
      return ASCII.decimal(value.slice(open + 1, end))
    }
    return nil
  }
}
