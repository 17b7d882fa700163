/// A person's name taken apart as far as it says itself; nothing is invented.
package struct PersonName {
  /// The first name, or the only one.
  package var first = ""
  /// The last name.
  package var last = ""
  /// All of it, first name first.
  package var full = ""

  /// `First Last`, `Last, First`, quotes and `via …` taken off; an address is no name.
  package init(displayName: String) {
    var name = displayName.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\u{A0}" })
      .joined(separator: " ")
    while let c = name.first, "\"'".contains(c) { name.removeFirst() }
    while let c = name.last, "\"'".contains(c) { name.removeLast() }
    let words = name.split(separator: " ")
    if let via = words.firstIndex(where: { $0.lowercased() == "via" }), via > 0 {
      name = words[..<via].joined(separator: " ")
    }
    if name.utf8.contains(64) { return }
    let parts = name.split(separator: ",", maxSplits: 1).map { trim(String($0)) }
    if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
      last = parts[0]
      first = parts[1]
      full = "\(first) \(last)"
      return
    }
    full = name
    let split = name.split(separator: " ")
    if split.count > 1, let tail = split.last {
      first = split.dropLast().joined(separator: " ")
      last = String(tail)
    } else {
      first = name
    }
  }

  private func trim(_ s: String) -> String {
    s.split(separator: " ").joined(separator: " ")
  }
}
