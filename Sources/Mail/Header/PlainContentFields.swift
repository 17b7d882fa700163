import Bytes

// The fast path beside the correct one: nearly every Content-Type and Content-Disposition is made
// of tokens and plain quoted strings. Whatever is not goes to ``ParameterParser``, which gives the
// same for these (a test holds both against each other).
extension Message {
  /// Reads a usual Content-Type into the part; false, and nothing changed, when it is not usual.
  func readPlainType(_ raw: ByteView, into part: inout Part) -> Bool {
    var scanner = PlainParameters(raw)
    guard let type = scanner.mediaType() else { return false }
    var found = PlainContentType()
    while scanner.hasMore {
      guard let (name, value) = scanner.next(), found.take(name, value) else { return false }
    }
    part.mediaType = text.place { text.appendLowercased(type) }
    part.charset = place(found.charset)
    if found.boundary.count <= Limits.boundary { part.boundary = place(found.boundary) }
    part.fileName = place(found.fileName)
    part.method = place(found.method)
    part.reportType = place(found.reportType)
    part.isFlowed = found.format.isWord("flowed")
    part.deletesSpace = found.delsp.isWord("yes")
    return true
  }

  /// Reads a usual Content-Disposition into the part; false, and nothing changed, when it is not.
  func readPlainDisposition(_ raw: ByteView, into part: inout Part) -> Bool {
    var scanner = PlainParameters(raw)
    guard let kind = scanner.token() else { return false }
    var fileName = ByteView.empty
    while scanner.hasMore {
      guard let (name, value) = scanner.next(), name.isWord("filename"),
        fileName.isEmpty, PlainContentType.isPlainText(value)
      else { return false }
      fileName = value
    }
    part.disposition = kind.isWord("inline") ? .inline : .attachment
    if !fileName.isEmpty { part.fileName = place(fileName) }
    return true
  }

  private func place(_ v: ByteView) -> ByteRange {
    v.isEmpty ? .empty : text.place { text.append(v) }
  }
}

/// The parameters of a Content-Type that mean something here; empty when missing.
private struct PlainContentType {
  var charset = ByteView.empty
  var boundary = ByteView.empty
  var fileName = ByteView.empty
  var method = ByteView.empty
  var reportType = ByteView.empty
  var format = ByteView.empty
  var delsp = ByteView.empty
  private var rootType = ByteView.empty

  init() {}

  /// Takes a parameter; false when the full parser must look at it: an unknown one, one that
  /// stands twice, one that may hold an encoded word.
  mutating func take(_ name: ByteView, _ value: ByteView) -> Bool {
    if name.isWord("boundary") { return Self.set(&boundary, value) }
    guard Self.isPlainText(value) else { return false }
    switch name.count {
    case 4:
      if name.isWord("name") { return Self.set(&fileName, value) }
      if name.isWord("type") { return Self.set(&rootType, value) }
    case 5: if name.isWord("delsp") { return Self.set(&delsp, value) }
    case 6:
      if name.isWord("format") { return Self.set(&format, value) }
      if name.isWord("method") { return Self.set(&method, value) }
    case 7: if name.isWord("charset") { return Self.set(&charset, value) }
    case 11: if name.isWord("report-type") { return Self.set(&reportType, value) }
    default: break
    }
    return false
  }

  private static func set(_ place: inout ByteView, _ value: ByteView) -> Bool {
    guard place.isEmpty else { return false }
    place = value
    return true
  }

  /// False where an encoded word may stand.
  static func isPlainText(_ v: ByteView) -> Bool { v.firstIndex(of: UInt8(ascii: "?")) == nil }
}

/// Cuts a value of tokens and plain quoted strings, without comments and without white space
/// beside that after semicolons, into its type and parameters.
private struct PlainParameters {
  // Longer values go to the full parser, which also knows what is too long.
  private static let longest = 1024

  private let v: ByteView
  private let classes = ByteClass.table
  private var i = 0

  init(_ raw: ByteView) { v = raw.count <= Self.longest ? raw.trimmed() : .empty }

  /// True before the end of the value, once the type has been read.
  var hasMore: Bool { i < v.count }

  private mutating func run(_ kind: UInt8) -> ByteView {
    let start = i
    i = ByteClass.end(of: kind, v, from: i, classes)
    return v.slice(start, i)
  }

  // Whether a semicolon or the end stands here.
  private var isAtEnd: Bool { i >= v.count || v[i] == UInt8(ascii: ";") }

  /// One token; nil when it is not one, or when anything but a parameter follows.
  mutating func token() -> ByteView? {
    let token = run(ByteClass.label)
    return !token.isEmpty && isAtEnd ? token : nil
  }

  /// `type/subtype`; nil when it is not that, or when anything but a parameter follows.
  mutating func mediaType() -> ByteView? {
    guard !run(ByteClass.label).isEmpty, v[i] == UInt8(ascii: "/") else { return nil }
    i += 1
    return !run(ByteClass.subtype).isEmpty && isAtEnd ? v.prefix(i) : nil
  }

  /// The next parameter, neither name nor value empty; nil when it is not plain.
  mutating func next() -> (name: ByteView, value: ByteView)? {
    guard v[i] == UInt8(ascii: ";") else { return nil }
    i += 1
    while ASCII.isSpace(v[i]) { i += 1 }
    let name = run(ByteClass.label)
    guard !name.isEmpty, v[i] == UInt8(ascii: "=") else { return nil }
    i += 1
    let value: ByteView
    if v[i] == UInt8(ascii: "\"") {
      i += 1
      value = run(ByteClass.quotedValue)
      guard v[i] == UInt8(ascii: "\"") else { return nil }
      i += 1
    } else {
      value = run(ByteClass.value)
    }
    // White space at the end of a boundary does not belong to it: one more thing not to know here.
    guard !value.isEmpty, value[value.count - 1] != ASCII.space, isAtEnd else { return nil }
    return (name, value)
  }
}
