public import Bytes

/// Reads a text that is one array element by element, so that a long list needs the memory of one.
/// Strict dialect.
public struct JSONArrayReader {
  /// The element read last, and every fault so far.
  public let document = JSONDocument()
  private let source: ByteView
  private var position = 0
  private var state = State.start
  private var kept: [JSONFault] = []

  private enum State {
    case start, first, next, done
  }

  /// A reader; the source must outlive it.
  public init(_ source: ByteView) { self.source = source }

  /// Everything found wrong up to here; not empty means that the text must be refused.
  public var faults: [JSONFault] { kept }

  /// The next element, valid until the next call; nil at the end or at a syntax fault.
  public mutating func next() -> JSONValue? {
    document.removeAll()
    var parser = JSONParser(source: source, document: document, dialect: .strict)
    defer { kept.append(contentsOf: document.faults.prefix(max(0, 1000 - kept.count))) }
    if state == .start {
      guard parser.begin() else { return end() }
      guard source[parser.position] == 91 else {
        parser.stop("expected an array of records: the text must begin with [")
        return end()
      }
      position = parser.position + 1
      state = .first
    }
    guard state != .done else { return nil }
    parser.position = position
    _ = parser.skipSpace()
    let c = source[parser.position]
    if c == 93, parser.position < source.count {
      parser.position += 1
      _ = parser.skipSpace()
      if parser.position < source.count { parser.stop("expected the end of the text after ]") }
      return end()
    }
    if state == .next {
      guard c == 44 else {
        parser.stop("expected , or ] after an element")
        return end()
      }
      parser.position += 1
    }
    state = .next
    guard parser.parseValue(baseDepth: 1) else { return end() }
    position = parser.position
    return document.root
  }

  private mutating func end() -> JSONValue? {
    state = .done
    return nil
  }
}
