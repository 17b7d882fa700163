import Bytes

/// Bytes that hold no whole fact.
struct FactError: Error {}

/// Walks over the fields of a fact, to write them or to read them: a layout stands in one place,
/// and what is written in one form is what every other form reads.
///
/// A coder that writes leaves the values as they are. One that reads is total: what is missing
/// keeps the value that it had, what is wrong makes the whole fact damaged.
protocol FactCoder {
  /// True for one that reads.
  static var reads: Bool { get }

  /// A text in UTF-8. Views that were read hold as long as what they were read from.
  mutating func text(_ name: StaticString, _ value: inout ByteView)
  /// A text, or none.
  mutating func text(_ name: StaticString, _ value: inout ByteView?)
  /// A text.
  mutating func text(_ name: StaticString, _ value: inout String)
  /// A text, or none.
  mutating func text(_ name: StaticString, _ value: inout String?)
  /// Bytes that are a text in what is written as text.
  mutating func text(_ name: StaticString, _ value: inout [UInt8])
  /// Any bytes, or none.
  mutating func data(_ name: StaticString, _ value: inout ByteView?)
  /// A whole number.
  mutating func number(_ name: StaticString, _ value: inout Int)
  /// A whole number, or none.
  mutating func number(_ name: StaticString, _ value: inout Int64?)
  /// True or false.
  mutating func flag(_ name: StaticString, _ value: inout Bool)
  /// A SHA-256, or the first half of one.
  mutating func digest(_ name: StaticString, _ value: inout Digest?)
  /// A list: `body` is called for each element with its number, to write or to read it under the
  /// name ``element``, or as a ``group(_:_:_:)`` of that name.
  mutating func list(_ name: StaticString, _ count: Int, _ body: (inout Self, Int) -> Void)
  /// Fields of its own, or none: `isThere` says which.
  mutating func group(_ name: StaticString, _ isThere: inout Bool, _ body: (inout Self) -> Void)
  /// What was read cannot be.
  mutating func damage()
}

extension FactCoder {
  /// The name of what is an element of a list.
  static var element: StaticString { "" }

  /// A whole number of 64 bits.
  mutating func number(_ name: StaticString, _ value: inout Int64) {
    var number = Int(value)
    self.number(name, &number)
    if Self.reads { value = Int64(number) }
  }

  /// A position, -1 for none.
  mutating func position(_ name: StaticString, _ value: inout Int) {
    var number = value &+ 1
    self.number(name, &number)
    if Self.reads { value = max(-1, number &- 1) }
  }

  /// Any bytes, or none.
  mutating func data(_ name: StaticString, _ value: inout [UInt8]?) {
    func walk(_ view: ByteView?, _ c: inout Self) -> ByteView? {
      var view = view
      c.data(name, &view)
      return view
    }
    if Self.reads {
      value = walk(nil, &self)?.array
    } else if let bytes = value {
      bytes.withByteView { _ = walk($0, &self) }
    } else {
      _ = walk(nil, &self)
    }
  }

  /// A list of values.
  mutating func list<T: FactFields>(_ name: StaticString, _ values: inout [T]) {
    let old = Self.reads ? [] : values
    if Self.reads { values = [] }
    list(name, old.count) { c, i in
      var value = Self.reads ? T() : old[i]
      var isThere = true
      c.group(Self.element, &isThere) { value.walk(&$0) }
      if Self.reads { values.append(value) }
    }
  }

  /// A list of texts.
  mutating func list(_ name: StaticString, _ values: inout [String]) {
    let old = Self.reads ? [] : values
    if Self.reads { values = [] }
    list(name, old.count) { c, i in
      var value = Self.reads ? "" : old[i]
      c.text(Self.element, &value)
      if Self.reads { values.append(value) }
    }
  }

  /// A list of whole numbers.
  mutating func list(_ name: StaticString, _ values: inout [Int]) {
    let old = Self.reads ? [] : values
    if Self.reads { values = [] }
    list(name, old.count) { c, i in
      var value = Self.reads ? 0 : old[i]
      c.number(Self.element, &value)
      if Self.reads { values.append(value) }
    }
  }

  /// A value, or none.
  mutating func optional<T: FactFields>(_ name: StaticString, _ value: inout T?) {
    var isThere = value != nil
    var inner = value ?? T()
    group(name, &isThere) { inner.walk(&$0) }
    if Self.reads { value = isThere ? inner : nil }
  }

  /// A value in a group of its own; one that is not there is as new.
  mutating func fields<T: FactFields>(_ name: StaticString, _ value: inout T) {
    var isThere = true
    if Self.reads { value = T() }
    group(name, &isThere) { value.walk(&$0) }
  }

  /// One of a few values, by its word.
  mutating func word<T: RawRepresentable<String>>(_ name: StaticString, _ value: inout T) {
    var word = value.rawValue
    text(name, &word)
    guard Self.reads else { return }
    if let known = T(rawValue: word) { value = known } else { damage() }
  }

  /// One of a few values, by its number.
  mutating func choice<T: RawRepresentable<UInt8>>(_ name: StaticString, _ value: inout T) {
    var number = Int(value.rawValue)
    self.number(name, &number)
    guard Self.reads else { return }
    if let known = UInt8(exactly: number).flatMap(T.init(rawValue:)) {
      value = known
    } else {
      damage()
    }
  }
}

/// What a coder can walk over.
protocol FactFields {
  /// Nothing yet.
  init()
  /// Gives each field to the coder, in an order that stays.
  mutating func walk(_ c: inout some FactCoder)
}
