public import Bytes

/// How much of JSON's relatives a reader takes.
public enum JSONDialect: Sendable {
  /// RFC 8259, nothing else; a byte order mark is refused.
  case strict
  /// Also `//` and `/* */` comments, commas before `}` and `]`, and a byte order mark.
  case config
}

/// What is wrong in a JSON text, and where.
public struct JSONFault: Hashable, Sendable {
  /// Byte offset in the text.
  public var offset: Int
  /// What is wrong and what was expected; never a string or number from the text.
  public var message: String
}

/// A parsed JSON text: nodes in one flat array in text order, each knowing where its subtree ends.
///
/// Nothing nests in memory, so neither reading nor releasing a document can overflow the stack.
/// Owned by one thread while it is parsed, only read after.
public final class JSONDocument: @unchecked Sendable {
  struct Node {
    var kind: JSONKind
    /// A number without fraction and exponent; a string with a NUL in it.
    var flag: Bool
    /// Offset of the first byte in the source.
    var offset: UInt32
    /// One past the last node of the subtree.
    var end: UInt32
    /// Strings: decoded text in `text`. Numbers: the literal in `text`. Containers: count =
    /// members.
    var place: ByteRange
  }

  @exclusivity(unchecked) var nodes: [Node] = []
  let text = ByteBuffer(capacity: 1024)
  /// What is wrong. A syntax fault ends the reading, so it stands last; the others are all there.
  public internal(set) var faults: [JSONFault] = []
  /// True when the text could not be read to its end.
  public internal(set) var isBroken = false

  /// An empty document.
  public init() {}

  /// The deepest nesting that is read.
  public static let maximumDepth = 64
  /// The longest text that is read, in bytes.
  public static let maximumBytes = 256 << 20

  /// Reads a text that is one JSON value. There is always a document; see ``faults``.
  public static func parse(_ source: ByteView, dialect: JSONDialect = .strict) -> JSONDocument {
    let d = JSONDocument()
    var p = JSONParser(source: source, document: d, dialect: dialect)
    p.parseDocument()
    return d
  }

  /// Reads a text that is one JSON value in place of what it holds: what was taken out of it before
  /// is not valid any more.
  public func read(_ source: ByteView, dialect: JSONDialect = .strict) {
    removeAll()
    var p = JSONParser(source: source, document: self, dialect: dialect)
    p.parseDocument()
  }

  /// The top value, or nil when the text was broken before there was one.
  public var root: JSONValue? {
    unsafe isBroken || nodes.isEmpty ? nil : JSONValue(document: self, index: 0)
  }

  func removeAll() {
    unsafe nodes.removeAll(keepingCapacity: true)
    text.removeAll()
    faults.removeAll(keepingCapacity: true)
    isBroken = false
  }

  func node(_ i: Int) -> Node {
    unsafe i >= 0 && i < nodes.count
      ? nodes[i]
      : Node(kind: .null, flag: false, offset: 0, end: UInt32(clamping: i + 1), place: .empty)
  }
}

/// The kinds of JSON values.
public enum JSONKind: UInt8, Sendable {
  case null, `true`, `false`, number, string, array, object

  /// The kind in words, for messages.
  public var words: String {
    switch self {
    case .null: "null"
    case .true: "true"
    case .false: "false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One value of a document.
public struct JSONValue: Sendable {
  /// The document that it stands in.
  public let document: JSONDocument
  let index: Int

  /// What it is.
  public var kind: JSONKind { document.node(index).kind }
  /// Byte offset of its first byte in the source.
  public var offset: Int { Int(document.node(index).offset) }
  /// The number of members or elements; 0 for other kinds.
  public var count: Int {
    let n = document.node(index)
    return n.kind == .array || n.kind == .object ? Int(n.place.count) : 0
  }

  /// The text of a string in valid UTF-8, valid while the document is; empty for other kinds.
  public var bytes: ByteView {
    let n = document.node(index)
    return n.kind == .string ? document.text[n.place] : .empty
  }
  /// The text of a string, or nil.
  public var string: String? { kind == .string ? bytes.string : nil }
  /// The literal of a number as written, empty for other kinds.
  public var literal: ByteView {
    let n = document.node(index)
    return n.kind == .number ? document.text[n.place] : .empty
  }
  /// True for a string with U+0000 in it.
  public var hasNUL: Bool {
    let n = document.node(index)
    return n.kind == .string && n.flag
  }
  /// A whole number of at most 18 digits written without fraction and exponent, or nil.
  public var int: Int? {
    let n = document.node(index)
    guard n.kind == .number, n.flag else { return nil }
    let l = literal
    if l[0] == 45 { return ASCII.decimal(l.from(1)).map { 0 - $0 } }
    return ASCII.decimal(l)
  }
  /// A number that a Double can hold, or nil.
  public var double: Double? {
    guard kind == .number, literal.count <= 400, let d = Double(literal.string), d.isFinite else {
      return nil
    }
    return d
  }
  /// `true` or `false`, or nil.
  public var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The elements of an array; none for other kinds.
  public var elements: Elements {
    let n = document.node(index)
    return Elements(document: document, place: index + 1, end: n.kind == .array ? Int(n.end) : 0)
  }
  /// The members of an object in text order; none for other kinds.
  public var members: Members {
    let n = document.node(index)
    return Members(document: document, place: index + 1, end: n.kind == .object ? Int(n.end) : 0)
  }
  /// The member of that name, or nil.
  public func member(_ name: StaticString) -> JSONValue? {
    for (key, value) in members where key.bytes.equals(name) { return value }
    return nil
  }

  /// The elements of an array.
  public struct Elements: Sequence, IteratorProtocol {
    let document: JSONDocument
    var place: Int
    let end: Int
    /// The next element.
    public mutating func next() -> JSONValue? {
      guard place < end else { return nil }
      let v = JSONValue(document: document, index: place)
      place = Swift.max(place + 1, Int(document.node(place).end))
      return v
    }
  }

  /// The members of an object: key (a string value with its place) and value.
  public struct Members: Sequence, IteratorProtocol {
    let document: JSONDocument
    var place: Int
    let end: Int
    /// The next member.
    public mutating func next() -> (key: JSONValue, value: JSONValue)? {
      guard place + 1 < end else { return nil }
      let k = JSONValue(document: document, index: place)
      let v = JSONValue(document: document, index: place + 1)
      place = Swift.max(place + 2, Int(document.node(place + 1).end))
      return (k, v)
    }
  }

  /// Writes the value as compact JSON.
  public func write(to writer: JSONWriter) {
    // Walks the flat array; open containers wait on a stack bounded by the depth cap.
    var open: [(end: Int, isObject: Bool)] = []
    let last = max(index + 1, Int(document.node(index).end))
    var i = index
    var isKey = false
    while i < last {
      while let o = open.last, i >= o.end {
        o.isObject ? writer.endObject() : writer.endArray()
        open.removeLast()
        isKey = open.last?.isObject ?? false
      }
      let v = JSONValue(document: document, index: i)
      if isKey {
        writer.key(text: v.bytes.string)
        isKey = false
        i += 1
        continue
      }
      isKey = open.last?.isObject ?? false
      switch v.kind {
      case .null: writer.null()
      case .true: writer.bool(true)
      case .false: writer.bool(false)
      case .number: writer.raw(v.literal)
      case .string: writer.string(v.bytes)
      case .array, .object:
        let isObject = v.kind == .object
        isObject ? writer.beginObject() : writer.beginArray()
        open.append((Int(document.node(i).end), isObject))
        isKey = isObject
      }
      i += 1
    }
    for o in open.reversed() { o.isObject ? writer.endObject() : writer.endArray() }
  }
}
