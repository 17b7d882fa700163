public import Bytes
import CivilTime

/// What told which zone a TZID means.
public enum ZoneOrigin: Hashable, Sendable, CaseIterable {
  /// The TZID is an IANA name (or UTC).
  case ianaName
  /// It is a Windows name: `W. Europe Standard Time`.
  case windowsName
  /// It holds an IANA name after a prefix, or in other letters:
  /// `/citadel.org/20190914_1/Europe/Berlin`.
  case alias
  /// It is what Windows shows its users: `(UTC+01:00) Amsterdam, Berlin, …`.
  case displayName
  /// The VTIMEZONE of the file.
  case definition
  /// It is an offset: `GMT+0100`.
  case offset
  /// Nothing told; the calendar's default zone was taken. Worth a warning.
  case fallback
}

/// A zone and how it was found.
public struct ResolvedZone: Sendable {
  /// The zone to use.
  public var zone: Zone
  /// How it was found.
  public var origin: ZoneOrigin
  /// Why the file's VTIMEZONE was of no use, where it was tried.
  public var definitionError: ZoneError?
}

/// Finds the zone a TZID means: IANA names, then names of Windows, aliases and display names, then
/// the file's own VTIMEZONE, then offsets, at last the default zone. Never nothing: a time with a
/// TZID does not silently float.
///
/// One for each file, owned by one thread; what was found is remembered.
public struct ZoneResolver {
  /// Where IANA names are looked up.
  public let database: ZoneDatabase
  /// Taken where nothing else is found.
  public let fallback: Zone
  private var definitions: [String: VTimeZone] = [:]
  private var found: [String: ResolvedZone] = [:]
  // A file that names more zones than exist is not worth remembering.
  private static let maximumFound = 4096

  /// A resolver without definitions.
  public init(database: ZoneDatabase = .system, fallback: Zone) {
    self.database = database
    self.fallback = fallback
  }

  /// Makes a VTIMEZONE of the file known; the first with a TZID stays.
  public mutating func define(_ tzid: ByteView, _ definition: VTimeZone) {
    let key = Self.key(tzid)
    guard definitions[key] == nil else { return }
    definitions[key] = definition
    found[key] = nil
  }

  /// The zone a TZID means.
  public mutating func resolve(_ tzid: ByteView) -> ResolvedZone {
    let key = Self.key(tzid)
    if let z = found[key] { return z }
    let z = key.withByteView { find($0, key) }
    if found.count < Self.maximumFound { found[key] = z }
    return z
  }

  /// Without blanks, quotes around it and backslashes.
  private static func key(_ tzid: ByteView) -> String {
    var v = tzid.trimmed()
    let quote = UInt8(ascii: "\"")
    if v.count >= 2, v[0] == quote, v[v.count - 1] == quote {
      v = v.slice(1, v.count - 1).trimmed()
    }
    let backslash = UInt8(ascii: "\\")
    guard v.firstIndex(of: backslash) != nil else { return v.string }
    return v.array.filter { $0 != backslash }.withByteView { $0.string }
  }

  private func find(_ name: ByteView, _ key: String) -> ResolvedZone {
    if let z = database.zone(named: name) { return ResolvedZone(zone: z, origin: .ianaName) }
    if let z = mapped(ZoneNames.windows, name) {
      return ResolvedZone(zone: z, origin: .windowsName)
    }
    if let z = alias(name) { return ResolvedZone(zone: z, origin: .alias) }
    if let z = displayed(name) { return ResolvedZone(zone: z, origin: .displayName) }
    var failure: ZoneError?
    if let definition = definitions[key] {
      do throws(ZoneError) {
        return ResolvedZone(zone: try Zone(id: key, definition: definition), origin: .definition)
      } catch { failure = error }
    }
    if let z = ZoneOffsetName.zone(name) {
      return ResolvedZone(zone: z, origin: .offset, definitionError: failure)
    }
    return ResolvedZone(zone: fallback, origin: .fallback, definitionError: failure)
  }

  private func mapped(_ table: StaticString, _ name: ByteView) -> Zone? {
    guard let names = ZoneNames.find(name, in: table) else { return nil }
    // Where IANA has renamed the zone both names stand there, for old and new databases.
    var start = 0
    while start < names.count {
      let end = names.firstIndex(of: ASCII.space, from: start) ?? names.count
      if let z = database.zone(named: names.slice(start, end)) { return z }
      start = end + 1
    }
    return nil
  }

  /// `/mozilla.org/20050126_1/Europe/Berlin`, `tzone://Microsoft/Utc`, `EUROPE/BERLIN`,
  /// `America/New York`.
  private func alias(_ name: ByteView) -> Zone? {
    if name.equalsIgnoringCase("Z") || name.equalsIgnoringCase("tzone://Microsoft/Utc") {
      return .utc
    }
    guard name.count <= 256 else { return nil }
    if let z = recased(name) { return z }
    // The longest name first: America/Argentina/Salta, not Salta.
    guard name[0] == UInt8(ascii: "/") || name.firstRange(of: ByteView("://")) != nil else {
      return nil
    }
    var slash = name.firstIndex(of: UInt8(ascii: "/"))
    while let s = slash {
      let rest = name.from(s + 1)
      if let z = database.zone(named: rest) ?? recased(rest) { return z }
      slash = name.firstIndex(of: UInt8(ascii: "/"), from: s + 1)
    }
    return nil
  }

  /// The name with capitals as the database mostly writes them and without blanks.
  private func recased(_ name: ByteView) -> Zone? {
    var out = name.array
    var isFirst = true
    for i in out.indices {
      if out[i] == ASCII.space { out[i] = UInt8(ascii: "_") }
      let lower = ASCII.lower(out[i])
      out[i] = isFirst && ASCII.isLetter(lower) ? lower & 0xDF : lower
      isFirst = !ASCII.isLetter(lower)
    }
    let capitals = out.withByteView { database.zone(named: $0) }
    if capitals != nil { return capitals }
    // UTC, CET, EST5EDT.
    guard name.count <= 8 else { return nil }
    for i in out.indices where ASCII.isLetter(out[i]) { out[i] &= 0xDF }
    return out.withByteView { database.zone(named: $0) }
  }

  /// By the places named: the offset in front is that of the time of writing at best.
  private func displayed(_ name: ByteView) -> Zone? {
    var places = name
    if name.hasPrefixIgnoringCase("(UTC") || name.hasPrefixIgnoringCase("(GMT") {
      guard let close = name.firstIndex(of: UInt8(ascii: ")")) else { return nil }
      places = name.from(close + 1).trimmed()
    }
    return mapped(ZoneNames.displayed, places)
  }
}

/// Names that are an offset: `GMT+0100`, `UTC-05:30`, `+01:00`. Unlike `Etc/GMT-1` of IANA they
/// count eastward, as everybody else does.
enum ZoneOffsetName {
  static func zone(_ name: ByteView) -> Zone? {
    var rest = name
    if name.hasPrefixIgnoringCase("UTC") || name.hasPrefixIgnoringCase("GMT") {
      rest = name.from(3).trimmed()
    }
    guard rest[0] == UInt8(ascii: "+") || rest[0] == UInt8(ascii: "-") else { return nil }
    var defects: ValueDefects = []
    guard let offset = UTCOffset.parse(rest, defects: &defects) else { return nil }
    return Zone(id: name.string, fixedOffset: offset)
  }
}
