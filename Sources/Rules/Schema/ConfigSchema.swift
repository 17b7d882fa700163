import Bytes
import JSONText

/// Prints the JSON Schema of the configuration, from the declarations that read it.
struct ConfigSchemaPrinter: ConfigVisitor {
  let w: JSONWriter

  private func head(_ key: StaticString, _ about: StaticString) {
    w.key(key)
    w.beginObject()
    w.key("description")
    w.string(about)
  }

  private func type(_ name: StaticString, orNull: Bool = false) {
    w.key("type")
    guard orNull else { return w.string(name) }
    w.beginArray()
    w.string(name)
    w.string("null" as StaticString)
    w.endArray()
  }

  private func list(_ values: [String]) {
    w.beginArray()
    for v in values { w.string(v) }
    w.endArray()
  }

  private func kind(_ kind: TextKind) {
    // Blanks alone are no text; U+0000 is refused everywhere.
    w.key("pattern")
    switch kind {
    case .plain, .path, .folder: w.string(#"^[^\u0000]*[^\s\u0000][^\u0000]*$"#)
    case .keyword: w.string(#"^[^\u0000]*$"#)
    case .domain: w.string(#"^(\*\.|@)?[^@\s*]+$"#)
    case .entry: w.string(#"^((\*\.|@)?[^@\s*]+|[^\s*]+@[^@\s*]+)$"#)
    case .timeZone: w.string(#"^[A-Za-z0-9_+-][A-Za-z0-9_+/-]{0,63}$"#)
    }
    if kind == .folder {
      w.key("not")
      w.beginObject()
      w.key("enum")
      list(["drafts", "spam", "trash", "chats"])
      w.endObject()
    }
  }

  mutating func flag(_ key: StaticString, _ value: inout Bool, _ about: StaticString) {
    head(key, about)
    type("boolean")
    w.key("default")
    w.bool(value)
    w.endObject()
  }

  mutating func whole(
    _ key: StaticString, _ value: inout Int?, _ range: ClosedRange<Int>, _ about: StaticString
  ) {
    head(key, about)
    type("integer", orNull: value == nil)
    w.key("minimum")
    w.number(range.lowerBound)
    w.key("maximum")
    w.number(range.upperBound)
    w.key("default")
    w.number(orNull: value)
    w.endObject()
  }

  mutating func text(
    _ key: StaticString, _ value: inout String, _ kind: TextKind, _ about: StaticString
  ) {
    head(key, about)
    type("string")
    self.kind(kind)
    if !value.isEmpty {
      w.key("default")
      w.string(value)
    }
    w.endObject()
  }

  mutating func text(
    _ key: StaticString, _ value: inout String?, _ kind: TextKind, _ about: StaticString
  ) {
    head(key, about)
    type("string", orNull: true)
    self.kind(kind)
    w.endObject()
  }

  mutating func texts(
    _ key: StaticString, _ value: inout [String], _ kind: TextKind, _ about: StaticString
  ) {
    head(key, about)
    type("array")
    w.key("items")
    w.beginObject()
    type("string")
    self.kind(kind)
    w.endObject()
    w.key("default")
    list(value)
    w.endObject()
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E, _ about: StaticString
  ) {
    head(key, about)
    w.key("enum")
    list(E.names)
    w.key("default")
    w.string(value.rawValue)
    w.endObject()
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E?, _ about: StaticString
  ) {
    head(key, about)
    w.key("enum")
    w.beginArray()
    for n in E.names { w.string(n) }
    w.null()
    w.endArray()
    w.endObject()
  }

  mutating func choices<E: ConfigChoice>(
    _ key: StaticString, _ value: inout [E], of allowed: [E], minimum: Int, _ about: StaticString
  ) {
    head(key, about)
    type("array")
    w.key("items")
    w.beginObject()
    w.key("enum")
    list(allowed.map(\.rawValue))
    w.endObject()
    w.key("minItems")
    w.number(minimum)
    w.key("default")
    list(value.map(\.rawValue))
    w.endObject()
  }

  mutating func time(_ key: StaticString, _ value: inout ConfigTime?, _ about: StaticString) {
    head(key, about)
    type("string", orNull: true)
    w.key("pattern")
    w.string(
      #"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?)?$"#)
    w.endObject()
  }

  /// The members of an object schema.
  mutating func body<S: ConfigSection>(_ section: inout S) {
    type("object")
    w.key("additionalProperties")
    w.bool(false)
    w.key("properties")
    w.beginObject()
    section.visit(&self)
    w.endObject()
  }

  mutating func section<S: ConfigSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    head(key, about)
    body(&value)
    w.endObject()
  }

  mutating func optional<S: ConfigSection>(
    _ key: StaticString, _ value: inout S?, fresh: S, _ about: StaticString
  ) {
    var s = fresh
    section(key, &s, about)
  }

  mutating func sections<S: ConfigSection>(
    _ key: StaticString, _ value: inout [S], fresh: S, _ about: StaticString
  ) {
    head(key, about)
    type("array")
    w.key("items")
    w.beginObject()
    var s = fresh
    body(&s)
    w.endObject()
    w.endObject()
  }

  mutating func list<S: ConfigListSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    func path() {
      w.beginObject()
      type("string")
      kind(.path)
      w.endObject()
    }
    head(key, about)
    w.key("anyOf")
    w.beginArray()
    path()
    w.beginObject()
    type("array")
    w.key("items")
    w.beginObject()
    w.key("anyOf")
    w.beginArray()
    path()
    w.beginObject()
    if var record = S.record { body(&record) } else { type("object") }
    w.endObject()
    w.endArray()
    w.endObject()
    w.endObject()
    w.beginObject()
    body(&value)
    w.endObject()
    w.endArray()
    w.endObject()
  }

  mutating func special<V: ConfigSpecial>(
    _ key: StaticString, _ value: inout V, _ about: StaticString
  ) {
    head(key, about)
    w.key("allOf")
    w.beginArray()
    w.raw(ByteView(V.schema))
    w.endArray()
    w.endObject()
  }

  mutating func alias<V>(
    _ key: StaticString, of other: StaticString, _ value: inout V, schema: StaticString,
    allowed: [String], _ read: (JSONValue) -> V?
  ) {
    w.key(key)
    w.beginObject()
    w.key("description")
    w.string("Another name of \(other).")
    w.key("deprecated")
    w.bool(true)
    w.key("allOf")
    w.beginArray()
    w.raw(ByteView(schema))
    w.endArray()
    w.endObject()
  }
}

extension Config {
  /// The JSON Schema (2020-12) of the configuration, with the generic profile's defaults.
  public static func schema() -> String {
    let out = ByteBuffer(capacity: 64 << 10)
    var p = ConfigSchemaPrinter(w: JSONWriter(out))
    var config = Config()
    p.w.beginObject()
    p.w.key("$schema")
    p.w.string("https://json-schema.org/draft/2020-12/schema" as StaticString)
    p.w.key("$id")
    p.w.string("urn:winnow:config:1" as StaticString)
    p.w.key("title")
    p.w.string("winnow configuration" as StaticString)
    p.body(&config)
    p.w.endObject()
    let pretty = ByteBuffer(capacity: 64 << 10)
    JSONWriter.appendPretty(out.view, to: pretty)
    return pretty.string
  }
}
