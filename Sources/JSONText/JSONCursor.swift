public import Bytes

/// Looks up the members of an object by name, fastest in the order of the text, without counting
/// references: for those who read many small objects of one document.
///
/// Values are the numbers of their nodes. The document must outlive the cursor, and must not be
/// read anew while there is one.
public struct JSONCursor {
  @unsafe private unowned(unsafe) let document: JSONDocument
  private let first: Int
  private let end: Int
  private var next: Int

  /// A cursor over the members of an object; over nothing for other kinds.
  public init(_ value: JSONValue) {
    self.init(value.document, value.index)
  }

  private init(_ document: JSONDocument, _ index: Int) {
    unsafe self.document = document
    let node = document.node(index)
    first = index + 1
    next = index + 1
    end = node.kind == .object ? Int(node.end) : first
  }

  /// The value of the member with this name; nil where there is none, or null.
  public mutating func find(_ name: StaticString) -> Int? {
    let name = ByteView(name)
    if next + 1 < end, unsafe document.text[document.node(next).place].equals(name) {
      let value = next + 1
      next = after(value)
      return kind(value) == .null ? nil : value
    }
    var i = first
    while i + 1 < end {
      if unsafe document.text[document.node(i).place].equals(name) {
        return kind(i + 1) == .null ? nil : i + 1
      }
      i = after(i + 1)
    }
    return nil
  }

  /// What a value is.
  public func kind(_ value: Int) -> JSONKind { unsafe document.node(value).kind }

  /// The text of a string, the literal of a number; empty for other kinds.
  public func bytes(_ value: Int) -> ByteView {
    let node = unsafe document.node(value)
    return node.kind == .string || node.kind == .number ? unsafe document.text[node.place] : .empty
  }

  /// A cursor over the members of a value.
  public func members(of value: Int) -> JSONCursor { unsafe JSONCursor(document, value) }

  /// The first element of an array; nil where there is none.
  public func firstElement(of value: Int) -> Int? {
    let node = unsafe document.node(value)
    return node.kind == .array && Int(node.end) > value + 1 ? value + 1 : nil
  }

  /// The element behind another one of an array; nil behind the last.
  public func element(after value: Int, of array: Int) -> Int? {
    let next = after(value)
    return unsafe next < Int(document.node(array).end) ? next : nil
  }

  private func after(_ value: Int) -> Int {
    max(value + 1, unsafe Int(document.node(value).end))
  }
}
