import JSONText

/// What a text setting holds, and so what it may look like.
enum TextKind {
  /// Any text that is not empty.
  case plain
  /// A path or a pattern of paths.
  case path
  /// A domain, `*.` in front allowed.
  case domain
  /// An address, a domain or `*.` domain.
  case entry
  /// A keyword; white space around it is taken off.
  case keyword
  /// An IANA time zone's name.
  case timeZone
  /// A mail folder that may be read.
  case folder
}

/// Walks over the settings of a section. Every setting is declared once, in `visit`; reading,
/// printing with defaults and the JSON Schema are three visitors over that one declaration.
protocol ConfigVisitor {
  mutating func flag(_ key: StaticString, _ value: inout Bool, _ about: StaticString)
  mutating func whole(
    _ key: StaticString, _ value: inout Int?, _ range: ClosedRange<Int>, _ about: StaticString)
  mutating func text(
    _ key: StaticString, _ value: inout String, _ kind: TextKind, _ about: StaticString)
  mutating func text(
    _ key: StaticString, _ value: inout String?, _ kind: TextKind, _ about: StaticString)
  mutating func texts(
    _ key: StaticString, _ value: inout [String], _ kind: TextKind, _ about: StaticString)
  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E, _ about: StaticString)
  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E?, _ about: StaticString)
  mutating func choices<E: ConfigChoice>(
    _ key: StaticString, _ value: inout [E], of allowed: [E], minimum: Int, _ about: StaticString)
  mutating func time(_ key: StaticString, _ value: inout ConfigTime?, _ about: StaticString)
  mutating func section<S: ConfigSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString)
  /// A section whose absence means something of its own; given, it starts from `fresh`.
  mutating func optional<S: ConfigSection>(
    _ key: StaticString, _ value: inout S?, fresh: S, _ about: StaticString)
  mutating func sections<S: ConfigSection>(
    _ key: StaticString, _ value: inout [S], fresh: S, _ about: StaticString)
  /// A list that is a path, an array of paths and records, or the section.
  mutating func list<S: ConfigListSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString)
  /// A value with a form of its own.
  mutating func special<V: ConfigSpecial>(
    _ key: StaticString, _ value: inout V, _ about: StaticString)
  /// An older or friendlier name of another key of the same section.
  mutating func alias<V>(
    _ key: StaticString, of other: StaticString, _ value: inout V, schema: StaticString,
    allowed: [String], _ read: (JSONValue) -> V?)
}

/// A part of the configuration that is an object.
protocol ConfigSection: Sendable {
  mutating func visit<V: ConfigVisitor>(_ v: inout V)
  /// Reads the section from something that is no object; false when that is not possible.
  mutating func read(short value: JSONValue) -> Bool
}

extension ConfigSection {
  mutating func read(short value: JSONValue) -> Bool { false }
}

/// A list of users, leads or tasks.
protocol ConfigListSection: ConfigSection {
  var source: Config.ListSource { get set }
  /// What a record written into the configuration looks like; nil when any object will do.
  static var record: (any ConfigSection)? { get }
}

/// A value that is neither text, number, choice nor section.
protocol ConfigSpecial: Sendable {
  mutating func read(_ value: JSONValue) -> (message: String, allowed: [String])?
  func write(to w: JSONWriter)
  static var schema: StaticString { get }
  /// What it may be, in words.
  static var form: String { get }
}
