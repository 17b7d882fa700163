public import Bytes

/// One property of a component: where its name, parameters and value stand in the component's
/// text (RFC 5545 3.1). Made by the readers; plain numbers, nothing to release.
public struct ContentLine: Sendable {
  /// The property, ``PropertyName/other`` for those without a number.
  public internal(set) var name: PropertyName
  /// What the reader had to mend in this line.
  public internal(set) var defects: LineDefects
  /// The component that it belongs to: 0 is the component itself, others are inside it.
  public internal(set) var node: UInt32
  /// The name as written.
  public internal(set) var nameRange: ByteRange
  /// The value as written, unfolded: escapes are still in it.
  public internal(set) var value: ByteRange
  /// The first parameter's number.
  public internal(set) var firstParameter: UInt32
  /// The number of parameters.
  public internal(set) var parameterCount: UInt32
  /// The line of the file where it begins, from 1; 0 where lines are not known.
  public internal(set) var line: UInt32
}

/// What was mended in a content line.
public struct LineDefects: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// From bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A quoted parameter value had no closing quote; the quote was taken as a character.
  public static let unterminatedQuote = LineDefects(rawValue: 1)
  /// A colon in an unquoted parameter value was found not to be the one before the value.
  public static let colonInParameter = LineDefects(rawValue: 2)
  /// Line ends stood in the value or a parameter value without being folded.
  public static let rawLineEnd = LineDefects(rawValue: 4)
  /// White space around the name or an empty parameter.
  public static let looseSyntax = LineDefects(rawValue: 8)
}

/// One parameter of a property (RFC 5545 3.2).
public struct CalendarParameter: Sendable {
  /// The name as written.
  public internal(set) var name: ByteRange
  /// The value as written; without its quotes where it is one quoted string.
  public internal(set) var value: ByteRange
  /// How the value is written.
  public internal(set) var form: Form

  /// How a parameter's value is written.
  public struct Form: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// From bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// One quoted string, whose quotes are not part of the value.
    public static let quoted = Form(rawValue: 1)
    /// A comma outside quotes: a list, or a text that should have been quoted.
    public static let list = Form(rawValue: 2)
    /// A `^` stands in it (RFC 6868).
    public static let caret = Form(rawValue: 4)
    /// A `\` stands before a delimiter, which it protects. Not in the RFC, but written.
    public static let backslash = Form(rawValue: 8)
    /// Quotes stand in it.
    public static let innerQuotes = Form(rawValue: 16)
    /// A name alone, without `=` (vCalendar 1.0).
    public static let bare = Form(rawValue: 32)
  }
}

/// A component inside a component, or the component itself.
public struct ComponentNode: Sendable {
  /// What it is.
  public internal(set) var kind: ComponentKind
  /// The name as written.
  public internal(set) var name: ByteRange
  /// The component that it stands in; itself for the outermost one.
  public internal(set) var parent: UInt32
  /// One past the last component inside it.
  public internal(set) var end: UInt32
}
