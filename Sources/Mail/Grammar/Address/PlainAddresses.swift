import Bytes

// The fast path beside the correct one: most address fields are nothing but names of plain ASCII
// words, or one quoted string, and plain addresses. Whatever is not goes to the full parser, which
// gives the same for these (a test holds both against each other).
extension AddressParser {
  /// Reads the whole value when it is plain; false, and nothing appended, when it is not.
  static func parsePlain(
    _ value: ByteView, text: ByteBuffer, into list: ReusedList<MailAddress>
  ) -> Bool {
    let v = value.trimmed()
    let firstText = text.count
    let firstAddress = list.count
    var i = 0
    while i < v.count {
      guard let element = plainElement(v, from: i) else {
        list.truncate(to: firstAddress)
        text.truncate(to: firstText)
        return false
      }
      list.append(
        MailAddress(
          name: element.name.count == 0 ? .empty : text.place { text.append(element.name) },
          address: text.place { text.append(element.address) }, validity: .valid))
      i = element.next
    }
    return list.count > firstAddress
  }

  private struct PlainElement {
    var name: ByteView
    var address: ByteView
    var next: Int
  }

  private static func plainElement(_ v: ByteView, from start: Int) -> PlainElement? {
    var i = start
    var name = ByteView.empty
    if v[i] == 34 {
      let end = plainWords(v, from: i + 1, inQuotes: true)
      guard v[end] == 34, end > i + 1, v[end - 1] != 32 else { return nil }
      name = v.slice(i + 1, end)
      i = end + 1
      if v[i] == 32 { i += 1 }
      guard v[i] == 60 else { return nil }
    } else if v[i] != 60 {
      let end = plainWords(v, from: i, inQuotes: false)
      if v[end] == 60 {
        name = v.slice(i, end > i && v[end - 1] == 32 ? end - 1 : end)
        i = end
      } else if v[end] != 64 {
        return nil
      }
    }
    let isBracketed = v[i] == 60
    if isBracketed { i += 1 }
    guard let end = plainAddress(v, from: i) else { return nil }
    let address = v.slice(i, end)
    i = end
    if isBracketed {
      guard v[i] == 62 else { return nil }
      i += 1
    }
    while ASCII.isSpace(v[i]) { i += 1 }
    if i < v.count {
      guard v[i] == 44 else { return nil }
      i += 1
      while ASCII.isSpace(v[i]) { i += 1 }
      guard i < v.count else { return nil }
    }
    return PlainElement(name: name, address: address, next: i)
  }

  // Words of letters, digits and a few marks, parted by one space each; where they end.
  private static func plainWords(_ v: ByteView, from start: Int, inQuotes: Bool) -> Int {
    let classes = ByteClass.table
    let kind = inQuotes ? ByteClass.quotedWord : ByteClass.word
    var i = start
    while i < v.count {
      let end = ByteClass.end(of: kind, v, from: i, classes)
      if v[end] != 32 { return end }
      // A space at the beginning or after another one.
      if end == i { return v.count }
      i = end + 1
    }
    return i
  }

  // local@domain of letters, digits, `-`, `_`, `+` and single dots between them; where it ends.
  private static func plainAddress(_ v: ByteView, from start: Int) -> Int? {
    let classes = ByteClass.table
    var i = start
    var at = -1
    var wasDot = true
    while i < v.count {
      let end = ByteClass.end(of: ByteClass.label, v, from: i, classes)
      if end > i { wasDot = false }
      i = end
      let c = v[i]
      if c == 46 {
        if wasDot { return nil }
        wasDot = true
      } else if c == 64 {
        if wasDot || at >= 0 { return nil }
        at = i
        wasDot = true
      } else if (c == 95 || c == 43) && at < 0 {
        wasDot = false
      } else {
        break
      }
      i += 1
    }
    guard at >= 0, !wasDot, at - start <= 64, i - start <= 254 else { return nil }
    return i
  }
}
