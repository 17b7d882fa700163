import JSONText

/// One key of the configuration, as the manual shows it.
public struct ConfigKey: Hashable, Sendable {
  /// Its path with dots; `[]` behind a list's name stands for each of its elements.
  public var path: String
  /// What may stand there, in words or as the values that are allowed.
  public var form: String
  /// What holds where it is missing; empty where nothing does.
  public var standard: String
  /// What it says, in a sentence.
  public var about: String
}

extension Config {
  /// Every key, in the order of the configuration's sections, with the generic profile's defaults;
  /// older names of keys are left out.
  public static func keys() -> [ConfigKey] {
    var config = Config()
    // Twice: a section that is declared in several places is listed where its path is shortest.
    var first = ConfigKeyList(places: nil)
    config.visit(&first)
    var list = ConfigKeyList(places: first.found)
    config.visit(&list)
    return list.keys
  }
}

/// Lists the keys from the declarations that read them.
private struct ConfigKeyList: ConfigVisitor {
  var keys: [ConfigKey] = []
  /// The shortest path of each optional section's type.
  private(set) var found: [ObjectIdentifier: String] = [:]
  private let places: [ObjectIdentifier: String]?
  private var prefix = ""

  init(places: [ObjectIdentifier: String]?) { self.places = places }

  private mutating func add(
    _ key: StaticString, _ form: String, _ standard: String, _ about: StaticString
  ) {
    keys.append(
      ConfigKey(path: prefix + "\(key)", form: form, standard: standard, about: "\(about)"))
  }

  private mutating func inside<S: ConfigSection>(_ name: String, _ section: inout S) {
    let outer = prefix
    prefix += name + "."
    section.visit(&self)
    prefix = outer
  }

  // Where the keys of a section are listed that is declared here, too; nil for here.
  private mutating func home<S: ConfigSection>(of type: S.Type, at path: String) -> String? {
    let id = ObjectIdentifier(type)
    if let other = found[id], other.split(separator: ".").count <= path.split(separator: ".").count
    {
    } else {
      found[id] = path
    }
    guard let place = places?[id], place != path else { return nil }
    return place
  }

  private func list(_ values: [String]) -> String {
    values.isEmpty ? "none" : values.joined(separator: ", ")
  }

  mutating func flag(_ key: StaticString, _ value: inout Bool, _ about: StaticString) {
    add(key, "true, false", "\(value)", about)
  }

  mutating func whole(
    _ key: StaticString, _ value: inout Int?, _ range: ClosedRange<Int>, _ about: StaticString
  ) {
    add(
      key, range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)",
      value.map { "\($0)" } ?? "null", about)
  }

  mutating func text(
    _ key: StaticString, _ value: inout String, _ kind: TextKind, _ about: StaticString
  ) { add(key, kind.form, value, about) }

  mutating func text(
    _ key: StaticString, _ value: inout String?, _ kind: TextKind, _ about: StaticString
  ) { add(key, kind.form, value ?? "null", about) }

  mutating func texts(
    _ key: StaticString, _ value: inout [String], _ kind: TextKind, _ about: StaticString
  ) { add(key, "list: \(kind.form)", list(value), about) }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E, _ about: StaticString
  ) { add(key, E.names.joined(separator: ", "), value.rawValue, about) }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E?, _ about: StaticString
  ) { add(key, E.names.joined(separator: ", "), value?.rawValue ?? "null", about) }

  mutating func choices<E: ConfigChoice>(
    _ key: StaticString, _ value: inout [E], of allowed: [E], minimum: Int, _ about: StaticString
  ) {
    add(
      key, "list: " + allowed.map(\.rawValue).joined(separator: ", "),
      list(value.map(\.rawValue)), about)
  }

  mutating func time(_ key: StaticString, _ value: inout ConfigTime?, _ about: StaticString) {
    add(key, "a day, or a time of RFC 3339", "null", about)
  }

  mutating func section<S: ConfigSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    _ = home(of: S.self, at: prefix + "\(key)")
    add(key, "section", "", about)
    inside("\(key)", &value)
  }

  mutating func optional<S: ConfigSection>(
    _ key: StaticString, _ value: inout S?, fresh: S, _ about: StaticString
  ) {
    var section = fresh
    let home = home(of: S.self, at: prefix + "\(key)")
    add(key, home.map { "section, as \($0)" } ?? "section", value == nil ? "absent" : "", about)
    if home == nil { inside("\(key)", &section) }
  }

  mutating func sections<S: ConfigSection>(
    _ key: StaticString, _ value: inout [S], fresh: S, _ about: StaticString
  ) {
    var section = fresh
    add(key, "list of sections", "none", about)
    inside("\(key)[]", &section)
  }

  mutating func list<S: ConfigListSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    add(key, "a path, a list of paths and records, or a section", "", about)
    inside("\(key)", &value)
    if var record = S.record { inside("\(key)[]", &record) }
  }

  mutating func special<V: ConfigSpecial>(
    _ key: StaticString, _ value: inout V, _ about: StaticString
  ) {
    add(key, V.form, "", about)
  }

  // The key that it stands for is listed.
  mutating func alias<V>(
    _ key: StaticString, of other: StaticString, _ value: inout V, schema: StaticString,
    allowed: [String], _ read: (JSONValue) -> V?
  ) {}
}

extension TextKind {
  /// What such a text is, in words.
  fileprivate var form: String {
    switch self {
    case .plain: "text"
    case .path: "path"
    case .domain: "domain"
    case .entry: "address or domain"
    case .keyword: "keyword"
    case .timeZone: "time zone (IANA)"
    case .folder: "folder"
    }
  }
}
