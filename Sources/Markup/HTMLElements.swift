/// The rules by which elements end whose end tags are missing or misplaced.
///
/// Which start tag ends which elements, and over which elements an end tag may reach, is what
/// libxml2's HTML parser does with the same markup (htmlStartClose and htmlEndPriority there):
/// rules for the markup of the real world, simpler than HTML's tree construction.
extension HTMLTag {
  /// A set of tags, one bit each.
  struct Set {
    private let bits: UInt32

    init(_ tags: HTMLTag...) {
      bits = tags.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }

    @inline(__always) func contains(_ tag: HTMLTag) -> Bool {
      bits >> UInt32(tag.rawValue) & 1 == 1
    }
  }

  /// The tag whose place in the structure this one takes.
  var kind: HTMLTag {
    switch self {
    case .textArea: .block
    case .verbatim, .plaintext: .pre
    default: self
    }
  }

  /// The elements that end when this one begins right inside them.
  var endsBefore: Set {
    switch self {
    case .block, .heading, .quote, .rule: Self.onlyParagraph
    case .paragraph: Self.beforeParagraph
    case .pre: Self.beforePre
    case .bulletList: Self.beforeBulletList
    case .numberedList: Self.beforePre
    case .item: Self.beforeItem
    case .definition: Self.beforeDefinition
    case .table: Self.beforeTable
    case .row: Self.beforeRow
    case .cell: Self.beforeCell
    default: Self.nothing
    }
  }

  private static let nothing = Set()
  private static let onlyParagraph = Set(.paragraph)
  private static let beforeParagraph = Set(.paragraph, .heading)
  private static let beforePre = Set(.paragraph, .bulletList)
  private static let beforeBulletList = Set(.paragraph, .pre, .numberedList)
  private static let beforeItem = Set(.paragraph, .heading, .pre, .item)
  private static let beforeDefinition = Set(.paragraph, .pre)
  private static let beforeTable = Set(.paragraph, .heading, .pre)
  private static let beforeRow = Set(.paragraph, .row, .cell)
  private static let beforeCell = Set(.paragraph, .cell)
}

/// The elements that are open, outermost first.
struct HTMLOpenElements {
  private struct Entry {
    var tag: HTMLTag
    // Where the next one out of the same tag stands, or -1.
    var outer: Int
  }

  private var entries: [Entry] = []
  // By tag: where the innermost one stands, or -1. So no end tag costs a search.
  private var innermost = [Int](repeating: -1, count: 32)

  /// How many there are.
  var count: Int { entries.count }

  /// The innermost one.
  var top: HTMLTag? { entries.last?.tag }

  /// Closes all.
  mutating func reset() { while pop() {} }

  /// Opens one.
  mutating func push(_ tag: HTMLTag) {
    let place = Int(tag.rawValue)
    entries.append(Entry(tag: tag, outer: innermost[place]))
    innermost[place] = entries.count - 1
  }

  /// Closes the innermost one; false when there is none.
  mutating func pop() -> Bool {
    guard let last = entries.popLast() else { return false }
    innermost[Int(last.tag.rawValue)] = last.outer
    return true
  }

  /// The outermost element that an end tag ends, or nil when it ends none: it never reaches over an
  /// open table, row, cell or `div`, unless it is of one of these itself, the former ending the
  /// latter. So the `</p>` in a cell does not end a `p` around the table.
  func ended(by tag: HTMLTag) -> Int? {
    let place = innermost[Int(tag.rawValue)]
    guard place >= 0 else { return nil }
    if tag == .table { return place }
    if isInside(.table, place) { return nil }
    if tag == .row { return place }
    if isInside(.row, place) { return nil }
    if tag == .cell { return place }
    if isInside(.cell, place) { return nil }
    return tag != .block && isInside(.block, place) ? nil : place
  }

  private func isInside(_ tag: HTMLTag, _ place: Int) -> Bool {
    innermost[Int(tag.rawValue)] > place
  }
}

/// How many inline elements of each name are open that must be told to the layout.
///
/// An inline element matters only when its own style hides its text or keeps its white space; then
/// those of the same name inside it matter too, since their end tags must not end it.
struct InlineCounts {
  // By a hash of the name: two names that share a place only cost a few tags more.
  private var counts = [Int32](repeating: 0, count: 256)
  private var isUsed = false

  /// Forgets everything.
  mutating func reset() {
    guard isUsed else { return }
    for i in counts.indices { counts[i] = 0 }
    isUsed = false
  }

  /// True when a start tag must be told.
  mutating func opens(_ name: UInt8, styled: Bool) -> Bool {
    guard styled || isUsed && counts[Int(name)] > 0 else { return false }
    counts[Int(name)] &+= 1
    isUsed = true
    return true
  }

  /// True when an end tag must be told.
  mutating func closes(_ name: UInt8) -> Bool {
    guard isUsed, counts[Int(name)] > 0 else { return false }
    counts[Int(name)] &-= 1
    return true
  }
}
