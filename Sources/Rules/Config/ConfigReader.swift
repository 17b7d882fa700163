import Bytes
import JSONText

/// Reads settings from JSON and collects every fault with its place.
struct ConfigReader: ConfigVisitor {
  let file: String
  let source: ByteView
  private(set) var diagnostics: [Diagnostic] = []
  /// Byte offset of each key that was given, by its path.
  private(set) var places: [String: Int] = [:]

  /// The section being read.
  var path = ""
  private var members: [String: (key: JSONValue, value: JSONValue)] = [:]
  private var asked: [String] = []
  /// In a section of this path, unknown keys are no fault but gathered in `extras`.
  var extrasPath: String?
  private(set) var extras: [(key: JSONValue, value: JSONValue)] = []

  init(file: String, source: ByteView) {
    self.file = file
    self.source = source
  }

  // MARK: telling

  mutating func tell(
    _ severity: Diagnostic.Severity = .error, at offset: Int?, _ keyPath: String, _ message: String,
    allowed: [String] = [], suggestion: String? = nil
  ) {
    guard diagnostics.count < 1000 else { return }
    var d = Diagnostic(
      severity, file: file, keyPath: keyPath, message: message, allowed: allowed,
      suggestion: suggestion)
    // Lines are counted once for all, in finish().
    d.line = offset == nil ? 0 : -1
    d.byteOffset = offset ?? 0
    diagnostics.append(d)
  }

  /// Everything reported so far, in the order of the file, with lines and columns; forgets it.
  mutating func finish() -> [Diagnostic] {
    // Stable: what has no place comes first.
    var sorted = diagnostics.enumerated().sorted {
      ($0.element.byteOffset, $0.offset) < ($1.element.byteOffset, $1.offset)
    }.map(\.element)
    diagnostics = []
    var counter = LineCounter(source)
    for i in sorted.indices where sorted[i].line < 0 {
      let place = counter.position(of: sorted[i].byteOffset)
      sorted[i].line = place.line
      sorted[i].column = place.column
    }
    return sorted
  }

  /// Forgets where keys stood.
  mutating func forgetPlaces() { places.removeAll(keepingCapacity: true) }

  /// Tells of a setting by its path, at the place where it stands if it was given.
  mutating func tell(
    _ severity: Diagnostic.Severity = .error, about keyPath: String, _ message: String,
    allowed: [String] = [], suggestion: String? = nil
  ) {
    var p = keyPath
    var offset = places[p]
    // Not given: the section that it would stand in.
    while offset == nil, let dot = p.lastIndex(of: ".") {
      p = String(p[..<dot])
      offset = places[p]
    }
    tell(severity, at: offset, keyPath, message, allowed: allowed, suggestion: suggestion)
  }

  func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private mutating func wrongType(_ value: JSONValue, _ keyPath: String, _ expected: String) {
    tell(at: value.offset, keyPath, "expected \(expected), found \(value.kind.words)")
  }

  // MARK: sections

  /// Reads an object into a section; unknown keys are reported.
  mutating func read<S: ConfigSection>(
    _ section: inout S, from value: JSONValue, path newPath: String
  ) {
    guard value.kind == .object else {
      if !section.read(short: value) { wrongType(value, newPath, "an object") }
      return
    }
    let outer = (path, members, asked)
    path = newPath
    members = [:]
    asked = []
    for (key, value) in value.members {
      let name = key.bytes.string
      // The duplicate has been reported; the first one is read.
      if members[name] == nil { members[name] = (key, value) }
      places[full(name)] = key.offset
    }
    section.visit(&self)
    tellUnknown(value)
    (path, members, asked) = outer
  }

  private mutating func tellUnknown(_ object: JSONValue) {
    if path == extrasPath { extras.removeAll() }
    for (key, value) in object.members {
      let name = key.bytes.string
      guard !asked.contains(name) else { continue }
      if path == extrasPath {
        extras.append((key, value))
        continue
      }
      guard diagnostics.count < 1000 else { return }
      let suggestion = Nearest.name(to: name, in: asked)
      // The value is never shown: it may be a secret.
      tell(
        at: key.offset, full(String(name.prefix(80))), "unknown key",
        allowed: suggestion == nil ? asked : [], suggestion: suggestion)
    }
  }

  /// The value given for a key, or nil; remembers that the key is known.
  mutating func take(_ key: StaticString) -> JSONValue? {
    let name = "\(key)"
    asked.append(name)
    return members[name]?.value
  }

  // MARK: visiting

  mutating func flag(_ key: StaticString, _ value: inout Bool, _ about: StaticString) {
    guard let v = take(key) else { return }
    if let b = v.bool { value = b } else { wrongType(v, full("\(key)"), "true or false") }
  }

  mutating func whole(
    _ key: StaticString, _ value: inout Int?, _ range: ClosedRange<Int>, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    let isVersion = path.isEmpty && "\(key)" == "version"
    if v.kind == .null, !isVersion {
      value = nil
      return
    }
    let keyPath = full("\(key)")
    guard let n = v.int else {
      guard v.kind == .number else { return wrongType(v, keyPath, "a whole number") }
      return tell(at: v.offset, keyPath, "expected a whole number written with digits alone")
    }
    if isVersion, n > range.upperBound {
      return tell(
        at: v.offset, keyPath,
        "version \(n) needs a newer winnow: this one reads version \(range.upperBound)")
    }
    guard range.contains(n) else {
      return tell(
        at: v.offset, keyPath, "\(n) is out of range",
        allowed: ["\(range.lowerBound) to \(range.upperBound)"])
    }
    value = n
  }

  mutating func text(
    _ key: StaticString, _ value: inout String, _ kind: TextKind, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    if let s = checked(v, kind, full("\(key)")) { value = s }
  }

  mutating func text(
    _ key: StaticString, _ value: inout String?, _ kind: TextKind, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    if v.kind == .null {
      value = nil
    } else if let s = checked(v, kind, full("\(key)")) {
      value = s
    }
  }

  mutating func texts(
    _ key: StaticString, _ value: inout [String], _ kind: TextKind, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    let keyPath = full("\(key)")
    guard v.kind == .array else { return wrongType(v, keyPath, "an array of strings") }
    value = texts(in: v, kind, keyPath)
  }

  mutating func texts(in array: JSONValue, _ kind: TextKind, _ keyPath: String) -> [String] {
    var list: [String] = []
    for (i, e) in array.elements.enumerated() {
      places["\(keyPath)[\(i)]"] = e.offset
      if let s = checked(e, kind, "\(keyPath)[\(i)]") { list.append(s) }
    }
    return list
  }

  /// A string of a kind, or nil after telling why not.
  mutating func checked(_ v: JSONValue, _ kind: TextKind, _ keyPath: String) -> String? {
    guard v.kind == .string else {
      wrongType(v, keyPath, "a string")
      return nil
    }
    if v.hasNUL {
      tell(at: v.offset, keyPath, "the character U+0000 may not stand in a setting")
      return nil
    }
    let trimmed = v.bytes.trimmed()
    if trimmed.isEmpty {
      guard kind == .keyword else {
        tell(at: v.offset, keyPath, "may not be empty")
        return nil
      }
      tell(.warning, at: v.offset, keyPath, "an empty keyword is ignored")
      return nil
    }
    if let fault = kind.fault(trimmed) {
      tell(at: v.offset, keyPath, fault)
      return nil
    }
    return kind == .path ? v.bytes.string : trimmed.string
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    if let e: E = chosen(v, full("\(key)"), E.names) { value = e }
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E?, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    if v.kind == .null {
      value = nil
    } else if let e: E = chosen(v, full("\(key)"), E.names) {
      value = e
    }
  }

  mutating func choices<E: ConfigChoice>(
    _ key: StaticString, _ value: inout [E], of allowed: [E], minimum: Int, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    let keyPath = full("\(key)")
    let names = allowed.map(\.rawValue)
    guard v.kind == .array else {
      return tell(
        at: v.offset, keyPath, "expected an array, found \(v.kind.words)", allowed: names)
    }
    if v.count < minimum {
      return tell(at: v.offset, keyPath, "needs at least one entry", allowed: names)
    }
    var list: [E] = []
    for (i, e) in v.elements.enumerated() {
      places["\(keyPath)[\(i)]"] = e.offset
      if let c: E = chosen(e, "\(keyPath)[\(i)]", names), !list.contains(c) { list.append(c) }
    }
    value = list
  }

  private mutating func chosen<E: ConfigChoice>(
    _ v: JSONValue, _ keyPath: String, _ names: [String]
  ) -> E? {
    guard let s = v.string else {
      tell(at: v.offset, keyPath, "expected a string, found \(v.kind.words)", allowed: names)
      return nil
    }
    if names.contains(s), let e = E(rawValue: s) { return e }
    tell(
      at: v.offset, keyPath, "not one of the values", allowed: names,
      suggestion: Nearest.name(to: s, in: names))
    return nil
  }

  mutating func time(_ key: StaticString, _ value: inout ConfigTime?, _ about: StaticString) {
    guard let v = take(key) else { return }
    let keyPath = full("\(key)")
    if v.kind == .null {
      value = nil
    } else if let s = v.string {
      guard let t = ConfigTime(s) else {
        return tell(
          at: v.offset, keyPath, "no time between 1970 and 2200",
          allowed: ["2024-03-31", "2024-03-31T08:00:00Z"])
      }
      value = t
    } else {
      wrongType(v, keyPath, "a date, a time or null")
    }
  }

  mutating func section<S: ConfigSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    if let v = take(key) { read(&value, from: v, path: full("\(key)")) }
  }

  mutating func optional<S: ConfigSection>(
    _ key: StaticString, _ value: inout S?, fresh: S, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    guard v.kind == .object else { return wrongType(v, full("\(key)"), "an object") }
    var s = fresh
    read(&s, from: v, path: full("\(key)"))
    value = s
  }

  mutating func sections<S: ConfigSection>(
    _ key: StaticString, _ value: inout [S], fresh: S, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    let keyPath = full("\(key)")
    guard v.kind == .array else { return wrongType(v, keyPath, "an array of objects") }
    value = []
    for (i, e) in v.elements.enumerated() {
      places["\(keyPath)[\(i)]"] = e.offset
      var s = fresh
      read(&s, from: e, path: "\(keyPath)[\(i)]")
      value.append(s)
    }
  }

  mutating func list<S: ConfigListSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    let keyPath = full("\(key)")
    switch v.kind {
    case .string:
      value.source.files = checked(v, .path, keyPath).map { [$0] } ?? []
    case .array:
      for (i, e) in v.elements.enumerated() {
        let at = "\(keyPath)[\(i)]"
        places[at] = e.offset
        switch e.kind {
        case .object: value.source.records.append(e)
        case .string: if let s = checked(e, .path, at) { value.source.files.append(s) }
        default: wrongType(e, at, "a path or a record")
        }
      }
    case .object: read(&value, from: v, path: keyPath)
    default: wrongType(v, keyPath, "a path, an array or an object with files")
    }
  }

  mutating func special<V: ConfigSpecial>(
    _ key: StaticString, _ value: inout V, _ about: StaticString
  ) {
    guard let v = take(key) else { return }
    if let fault = value.read(v) {
      tell(at: v.offset, full("\(key)"), fault.message, allowed: fault.allowed)
    }
  }

  mutating func alias<V>(
    _ key: StaticString, of other: StaticString, _ value: inout V, schema: StaticString,
    allowed: [String], _ read: (JSONValue) -> V?
  ) {
    guard let v = take(key) else { return }
    if members["\(other)"] != nil {
      return tell(
        at: members["\(key)"]?.key.offset, full("\(key)"),
        "is another name of \"\(other)\", which is given too: keep one of them")
    }
    if let read = read(v) {
      value = read
    } else {
      tell(
        at: v.offset, full("\(key)"), "not one of the values", allowed: allowed,
        suggestion: v.string.flatMap { Nearest.name(to: $0, in: allowed) })
    }
  }
}
