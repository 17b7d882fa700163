public import Bytes
import Glibc
import JSONText
import Text

/// A component with all its properties and the components inside it, flat: one text and three rows
/// of plain values. Filled anew for each component of a file, so nothing is allocated per property.
///
/// Text is valid UTF-8 without NUL. Values are unfolded and otherwise as written; ``TextValue``
/// undoes escapes. Owned by one thread at a time. Views into it hold until it is filled again.
public final class CalendarComponent: @unchecked Sendable {
  // One owner, no re-entry: checks at run time would cost more than the work.
  @exclusivity(unchecked) var bytes = Flat<UInt8>(capacity: 4096)
  @exclusivity(unchecked) var lines = Flat<ContentLine>(capacity: 64)
  @exclusivity(unchecked) var params = Flat<CalendarParameter>(capacity: 64)
  @exclusivity(unchecked) var nodeRow = Flat<ComponentNode>(capacity: 8)
  // Where a builder adds to.
  @exclusivity(unchecked) var current: UInt32 = 0
  let table = NameBytes.shared
  let names = PropertyNames.shared
  /// What was not as it should be.
  @exclusivity(unchecked) public internal(set) var defects: CalendarDefects = []
  /// The line of the first defect, from 1; 0 without one.
  @exclusivity(unchecked) public internal(set) var firstDefectLine = 0

  /// An empty component.
  public init() {}

  deinit {
    bytes.deallocate()
    lines.deallocate()
    params.deallocate()
    nodeRow.deallocate()
  }

  /// Forgets everything and gives back what a very large component has taken.
  public func removeAll() {
    bytes.removeAll(keepingUpTo: 4 << 20)
    lines.removeAll(keepingUpTo: 1 << 14)
    params.removeAll(keepingUpTo: 1 << 14)
    nodeRow.removeAll(keepingUpTo: 1 << 12)
    defects = []
    firstDefectLine = 0
    current = 0
  }

  /// The text that all ranges point into.
  public var text: ByteView { ByteView(base: UnsafePointer(bytes.base), count: bytes.count) }

  // MARK: Components

  /// What it is.
  public var kind: ComponentKind { nodeRow.count > 0 ? nodeRow[0].kind : .other }
  /// The number of components, itself and all inside it.
  public var nodeCount: Int { nodeRow.count }
  /// The component of that number; 0 is itself. Components stand in text order, each before what
  /// is inside it. An empty one where there is none.
  public func node(_ i: Int) -> ComponentNode {
    i >= 0 && i < nodeRow.count
      ? nodeRow[i] : ComponentNode(kind: .other, name: .empty, parent: 0, end: 0)
  }
  /// The name of a component as written.
  public func name(ofNode i: Int) -> ByteView { text[node(i).name] }

  // MARK: Properties

  /// The number of properties, those of components inside included.
  public var lineCount: Int { lines.count }
  /// The properties in text order, those of components inside among them (see
  /// ``ContentLine/node``). Holds until the component is filled again.
  public var properties: UnsafeBufferPointer<ContentLine> {
    UnsafeBufferPointer(start: lines.base, count: lines.count)
  }
  /// The first property of that name that is the component's own, or that of the component
  /// `node` inside it.
  public func first(_ name: PropertyName, node: Int = 0) -> ContentLine? {
    var i = 0
    while i < lines.count {
      if lines[i].name == name, lines[i].node == node { return lines[i] }
      i &+= 1
    }
    return nil
  }
  /// The first property of a name in any case, also one without a number.
  public func first(named name: StaticString, node: Int = 0) -> ContentLine? {
    for l in properties where l.node == node && self.name(l).equalsIgnoringCase(name) { return l }
    return nil
  }
  /// The value of the first property of that name, empty without one; escapes are still in it.
  public func value(_ name: PropertyName, node: Int = 0) -> ByteView {
    first(name, node: node).map { text[$0.value] } ?? .empty
  }
  /// A property's name as written.
  public func name(_ line: ContentLine) -> ByteView { text[line.nameRange] }
  /// A property's value as written, unfolded.
  public func value(_ line: ContentLine) -> ByteView { text[line.value] }

  // MARK: Parameters

  /// The parameters of a property in order.
  public func parameters(_ line: ContentLine) -> UnsafeBufferPointer<CalendarParameter> {
    let first = Int(line.firstParameter)
    guard first >= 0, first + Int(line.parameterCount) <= params.count else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: params.base + first, count: Int(line.parameterCount))
  }
  /// The first parameter of a name in any case.
  public func parameter(_ name: StaticString, of line: ContentLine) -> CalendarParameter? {
    for p in parameters(line) where text[p.name].equalsIgnoringCase(name) { return p }
    return nil
  }
  /// The value of the first parameter of a name as written, without its quotes; empty without one.
  public func parameterValue(_ name: StaticString, of line: ContentLine) -> ByteView {
    parameter(name, of: line).map { text[$0.value] } ?? .empty
  }
  /// The type of a property's value: its VALUE parameter, else what is usual for the name.
  public func valueType(_ line: ContentLine) -> ValueType {
    if line.parameterCount > 0, let p = parameter("VALUE", of: line) {
      return ValueType(named: text[p.value].trimmed()) ?? .unknown
    }
    return line.name.valueType
  }

  /// A copy of its own size.
  public func copy() -> CalendarComponent {
    let c = CalendarComponent()
    memcpy(c.bytes.reserve(bytes.count &+ 16), bytes.base, bytes.count)
    c.bytes.advance(by: bytes.count)
    c.lines.reserve(lines.count).update(from: lines.base, count: lines.count)
    c.lines.advance(by: lines.count)
    c.params.reserve(params.count).update(from: params.base, count: params.count)
    c.params.advance(by: params.count)
    c.nodeRow.reserve(nodeRow.count).update(from: nodeRow.base, count: nodeRow.count)
    c.nodeRow.advance(by: nodeRow.count)
    c.defects = defects
    c.firstDefectLine = firstDefectLine
    return c
  }

  /// Notes a defect and, for the first one, its line.
  func note(_ defect: CalendarDefects, line: Int) {
    if defects.isEmpty { firstDefectLine = line }
    defects.insert(defect)
  }
}

extension CalendarComponent {
  /// A copy whose values have at most `limit` bytes each, whole characters, so that one huge text
  /// costs a bounded amount of memory.
  public func copy(valuesUpTo limit: Int) -> CalendarComponent {
    guard bytes.count > limit, lines.count > 0 else { return copy() }
    let c = CalendarComponent()
    for n in 0..<nodeRow.count {
      var row = nodeRow[n]
      row.name = c.add(text[row.name])
      c.nodeRow.append(row)
    }
    for i in 0..<lines.count {
      var line = lines[i]
      line.nameRange = c.add(text[line.nameRange])
      let first = c.params.count
      for p in parameters(line) {
        var copy = p
        copy.name = c.add(text[p.name])
        copy.value = c.add(text[p.value].wholeCharacters(upTo: limit))
        c.params.append(copy)
      }
      line.firstParameter = UInt32(truncatingIfNeeded: first)
      line.value = c.add(text[line.value].wholeCharacters(upTo: limit))
      c.lines.append(line)
    }
    c.defects = defects
    c.firstDefectLine = firstDefectLine
    return c
  }

  private func add(_ v: ByteView) -> ByteRange {
    let start = bytes.count
    memcpy(bytes.reserve(v.count &+ 16), v.base, v.count)
    bytes.advance(by: v.count)
    return ByteRange(start: start, count: v.count)
  }
}

extension ByteView {
  /// The first `limit` bytes or fewer, not ending inside of a UTF-8 character.
  fileprivate func wholeCharacters(upTo limit: Int) -> ByteView {
    guard count > limit else { return self }
    var n = max(limit, 0)
    while n > 0, self[n] & 0xC0 == 0x80 { n -= 1 }
    return prefix(n)
  }
}
