package import Bytes
package import CivilTime
package import JSONText

/// An instant of a mail or a lead: RFC 3339 in UTC, null where nothing tells it.
package struct Instant: FieldValue {
  /// Seconds since 1970.
  package var seconds: Int64

  /// An instant.
  package init(_ seconds: Int64) { self.seconds = seconds }

  package static var schema: String { ##"{"$ref":"#/$defs/instant"}"## }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) {
    w.raw { out in
      out.append(34)
      appendCell(to: out)
      out.append(34)
    }
  }
  package func appendCell(to out: ByteBuffer) { CivilDate.append(utcSeconds: seconds, to: out) }
  package init?(json: JSONValue) { self.init(cell: json.bytes) }
  package init?(cell: ByteView) {
    guard case .instant(let seconds)? = RecordTime(cell: cell) else { return nil }
    self.seconds = seconds
  }
  package mutating func withhold() { seconds = 0 }
}

/// When a meeting is: an instant, or a day of one that lasts whole days.
package enum RecordTime: FieldValue {
  /// Seconds since 1970.
  case instant(Int64)
  /// A day.
  case date(CivilDate)
  /// As it stands in a ledger or a file.
  case written([UInt8])

  /// What a ledger or a file has; nil for nothing, which is what a single event has for its
  /// original start.
  package init?(written text: [UInt8]) {
    if text.isEmpty { return nil }
    self = .written(text)
  }

  /// Appends it as RFC 3339 or `YYYY-MM-DD`.
  package func append(to out: ByteBuffer) {
    switch self {
    case .instant(let s): CivilDate.append(utcSeconds: s, to: out)
    case .date(let d): d.append(to: out)
    case .written(let text): text.withByteView { out.append($0) }
    }
  }

  /// True for a day.
  package var isDate: Bool {
    if case .date = self { true } else { false }
  }

  package static var schema: String { ##"{"$ref":"#/$defs/instantOrDate"}"## }
  package static var isPlain: Bool { true }
  package func write(to w: JSONWriter) {
    w.raw { out in
      out.append(34)
      append(to: out)
      out.append(34)
    }
  }
  package func appendCell(to out: ByteBuffer) { append(to: out) }
  package init?(json: JSONValue) { self.init(cell: json.bytes) }

  /// A day, or an instant with `T` and `Z` and whole seconds, of the years 0 to 9999.
  package init?(cell: ByteView) {
    func number(_ from: Int, _ to: Int) -> Int { ASCII.decimal(cell.slice(from, to)) ?? -1 }
    let date = CivilDate(year: number(0, 4), month: number(5, 7), day: number(8, 10))
    guard cell.count == 10 || cell.count == 20, cell[4] == 45, cell[7] == 45, date.year >= 0,
      (1...12).contains(date.month), date.day >= 1,
      date.day <= CivilDate.days(inMonth: date.month, of: date.year)
    else { return nil }
    if cell.count == 10 {
      self = .date(date)
      return
    }
    let hour = number(11, 13)
    let minute = number(14, 16)
    let second = number(17, 19)
    guard cell[10] == 84, cell[13] == 58, cell[16] == 58, cell[19] == 90, (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self = .instant(Int64(date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second))
  }

  package mutating func withhold() { self = .written([]) }
}
