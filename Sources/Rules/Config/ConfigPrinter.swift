import Bytes
import JSONText

/// Prints settings as JSON with every default filled in.
struct ConfigPrinter: ConfigVisitor {
  let w: JSONWriter

  mutating func flag(_ key: StaticString, _ value: inout Bool, _ about: StaticString) {
    w.key(key)
    w.bool(value)
  }

  mutating func whole(
    _ key: StaticString, _ value: inout Int?, _ range: ClosedRange<Int>, _ about: StaticString
  ) {
    w.key(key)
    w.number(orNull: value)
  }

  mutating func text(
    _ key: StaticString, _ value: inout String, _ kind: TextKind, _ about: StaticString
  ) {
    w.key(key)
    w.string(value)
  }

  mutating func text(
    _ key: StaticString, _ value: inout String?, _ kind: TextKind, _ about: StaticString
  ) {
    w.key(key)
    w.string(orNull: value)
  }

  mutating func texts(
    _ key: StaticString, _ value: inout [String], _ kind: TextKind, _ about: StaticString
  ) {
    w.key(key)
    list(value)
  }

  private func list(_ values: [String]) {
    w.beginArray()
    for s in values { w.string(s) }
    w.endArray()
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E, _ about: StaticString
  ) {
    w.key(key)
    w.string(value.rawValue)
  }

  mutating func choice<E: ConfigChoice>(
    _ key: StaticString, _ value: inout E?, _ about: StaticString
  ) {
    w.key(key)
    w.string(orNull: value?.rawValue)
  }

  mutating func choices<E: ConfigChoice>(
    _ key: StaticString, _ value: inout [E], of allowed: [E], minimum: Int, _ about: StaticString
  ) {
    w.key(key)
    list(value.map(\.rawValue))
  }

  mutating func time(_ key: StaticString, _ value: inout ConfigTime?, _ about: StaticString) {
    w.key(key)
    w.string(orNull: value?.text)
  }

  mutating func section<S: ConfigSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    w.key(key)
    object(&value)
  }

  private mutating func object<S: ConfigSection>(_ value: inout S) {
    w.beginObject()
    value.visit(&self)
    w.endObject()
  }

  mutating func optional<S: ConfigSection>(
    _ key: StaticString, _ value: inout S?, fresh: S, _ about: StaticString
  ) {
    guard var s = value else { return }
    section(key, &s, about)
  }

  mutating func sections<S: ConfigSection>(
    _ key: StaticString, _ value: inout [S], fresh: S, _ about: StaticString
  ) {
    w.key(key)
    w.beginArray()
    for i in value.indices { object(&value[i]) }
    w.endArray()
  }

  mutating func list<S: ConfigListSection>(
    _ key: StaticString, _ value: inout S, _ about: StaticString
  ) {
    // Records stand in an array; all other settings of such a list are the defaults.
    if value.source.records.isEmpty { return section(key, &value, about) }
    w.key(key)
    w.beginArray()
    for f in value.source.files { w.string(f) }
    for r in value.source.records { r.write(to: w) }
    w.endArray()
  }

  mutating func special<V: ConfigSpecial>(
    _ key: StaticString, _ value: inout V, _ about: StaticString
  ) {
    w.key(key)
    value.write(to: w)
  }

  mutating func alias<V>(
    _ key: StaticString, of other: StaticString, _ value: inout V, schema: StaticString,
    allowed: [String], _ read: (JSONValue) -> V?
  ) {}
}

extension Config {
  /// Appends the configuration as indented JSON with every default filled in; it can be read again.
  public func writeEffective(to out: ByteBuffer) {
    var c = self
    c.email.outbound.captureLeads.source = email.outbound.leadSource
    c.email.inbound.captureLeads.source = email.inbound.leadSource
    c.calendar.unknownAttendees = calendar.unknownAttendeesDecided
    let compact = ByteBuffer(capacity: 8192)
    var p = ConfigPrinter(w: JSONWriter(compact))
    p.w.beginObject()
    c.visit(&p)
    p.w.endObject()
    JSONWriter.appendPretty(compact.view, to: out)
  }
}
