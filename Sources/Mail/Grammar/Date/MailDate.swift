public import Bytes

/// An instant from a date field (RFC 5322 sections 3.3 and 4.3, and what is written instead).
public struct MailDate: Hashable, Sendable {
  /// What was missing or unusual.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// From bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// No zone is written; read as UTC.
    public static let zoneMissing = Flags(rawValue: 1)
    /// The zone says nothing (`-0000`, military letters), is unknown or out of range; read as UTC.
    public static let zoneUnknown = Flags(rawValue: 2)
    /// No time of day is written; read as 00:00:00.
    public static let timeMissing = Flags(rawValue: 4)
    /// The year has two or three digits (RFC 5322 obs-year).
    public static let shortYear = Flags(rawValue: 8)
    /// Day and month are both numbers up to 12; read as day, month, year.
    public static let guessed = Flags(rawValue: 16)
    /// Second 60; read as 59.
    public static let leapSecond = Flags(rawValue: 32)
    /// A form that RFC 5322 does not know: other order, other language, asctime, ISO 8601.
    public static let foreignForm = Flags(rawValue: 64)

    /// The defects to report; short years, leap seconds and foreign forms are none.
    public var defects: HeaderDefects {
      var d: HeaderDefects = []
      if contains(.zoneMissing) { d.insert(.dateZoneMissing) }
      if contains(.zoneUnknown) { d.insert(.dateZoneUnknown) }
      if contains(.timeMissing) { d.insert(.dateTimeMissing) }
      if contains(.guessed) { d.insert(.dateGuessed) }
      return d
    }
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// Minutes east of Greenwich that the field names, within ±1439; 0 when it names none.
  public var zoneMinutes: Int16
  /// See ``Flags``.
  public var flags: Flags

  /// Years that are read (RFC 5322 section 3.3: 1900 or later); later ones are no dates of mail.
  public static let years = 1900...2199

  /// Reads a raw header value, or nil when it holds no date that exists, in ``years``.
  ///
  /// Comments are skipped; only ASCII digits count. Linear; looks at the first 48 tokens.
  public static func parse(_ value: ByteView) -> MailDate? {
    parsePlain(value) ?? parseFully(value)
  }

  /// The same without the fast path.
  static func parseFully(_ value: ByteView) -> MailDate? {
    var reader = DateReader(value)
    return reader.read()
  }
}

/// The date of a `Received` field (RFC 5321 section 4.4).
public enum ReceivedDate {
  /// Reads the date after the last `;`, or one of the three before it, or nil.
  public static func parse(_ value: ByteView) -> MailDate? {
    var end = value.count
    for _ in 0..<4 {
      guard let semicolon = value.prefix(end).lastIndex(of: UInt8(ascii: ";")) else { return nil }
      if let date = MailDate.parse(value.from(semicolon + 1)) { return date }
      end = semicolon
    }
    return nil
  }
}

/// The date in the `From ` line of an mbox.
public enum FromLineDate {
  /// Reads the date of a whole line (with or without `From ` and line end), or nil. It begins with
  /// the name of a weekday; before it stands the sender, who may be quoted, missing or `-`.
  public static func parse(_ line: ByteView) -> MailDate? {
    let v = line.trimmed().prefix(4096)
    var i = v.count
    var left = 8
    // From the end: the sender may hold anything.
    while i > 3, left > 0 {
      i -= 1
      guard i == 0 || ASCII.isBlank(v[i - 1]), isWeekday(v.from(i)) else { continue }
      left -= 1
      if let date = MailDate.parse(v.from(i)), !date.flags.contains(.timeMissing) { return date }
    }
    return nil
  }

  private static func isWeekday(_ v: ByteView) -> Bool {
    guard ASCII.isBlank(v[3]) || v[3] == UInt8(ascii: ",") else { return false }
    let days = ByteView("sunmontuewedthufrisat")
    let day = v.prefix(3)
    var i = 0
    while i < days.count {
      if days.slice(i, i + 3).equalsIgnoringCase(day) { return true }
      i += 3
    }
    return false
  }
}
