import Bytes
import ICalendar
import TestSupport

/// A component as text that can be compared: names, parameters, values, nesting.
func dump(_ c: CalendarComponent, meaning: Bool = false) -> String {
  var out = ""
  for n in 0..<c.nodeCount {
    let node = c.node(n)
    let name = c.name(ofNode: n).string
    out += "[\(n) in \(node.parent)] \(meaning ? name.uppercased() : name)\n"
    for l in c.properties where l.node == n && (!meaning || isPlain(c.name(l).string)) {
      out += "  " + (meaning ? describeMeaning(l, c) : describe(l, c)) + "\n"
    }
  }
  return out
}

private func describe(_ l: ContentLine, _ c: CalendarComponent) -> String {
  var out = c.name(l).string
  let scratch = ByteBuffer()
  for p in c.parameters(l) {
    out += ";" + c.text[p.name].string
    scratch.removeAll()
    if !p.form.contains(.bare) { out += "=<" + c.text(p, scratch: scratch).string + ">" }
  }
  return out + ":" + c.value(l).string
}

/// What xCal and jCal can carry: names without case, parameters in any order, text decoded.
private func describeMeaning(_ l: ContentLine, _ c: CalendarComponent) -> String {
  let scratch = ByteBuffer()
  var parameters: [String: String] = [:]
  let type = c.valueType(l)
  for p in c.parameters(l) {
    let name = c.text[p.name].string.uppercased()
    let usual = name == "VALUE" && (type == l.name.valueType || type == .unknown)
    if usual || (name == "ENCODING" && type == .binary) { continue }
    if p.form.contains(.bare) || !isPlain(name) { continue }
    scratch.removeAll()
    var value = ""
    if ["MEMBER", "DELEGATED-TO", "DELEGATED-FROM", "FEATURE", "DISPLAY"].contains(name) {
      c.forEachValue(of: p, scratch: scratch) { value += "<" + $0.string + ">" }
    } else {
      value = "<" + c.text(p, scratch: scratch).string + ">"
    }
    parameters[name, default: ""] += name == "VALUE" ? value.uppercased() : value
  }
  var value = c.value(l).string
  if type == .text {
    value = ""
    let separator: UInt8? = l.name == .requestStatus ? 59 : l.name.isList ? 44 : nil
    for piece in separator.map({ Array(TextValue.pieces(c.value(l), separator: $0)) })
      ?? [c.value(l)]
    {
      scratch.removeAll()
      TextValue.append(piece, to: scratch)
      value += "<" + scratch.string + ">"
    }
  } else if type == .recur {
    value = value.split(separator: ";").joined(separator: ";").uppercased()
      .filter { $0 != " " }
  } else {
    value = Substring(value).trimmingBlanks()
  }
  let list = parameters.map { $0.key + "=" + $0.value }.sorted()
  // Neither format can hold control characters.
  let all = c.name(l).string.uppercased() + list.joined(separator: ";") + ":" + value
  return String(
    String.UnicodeScalarView(
      all.unicodeScalars.filter {
        $0.value >= 32 && $0.value != 127 && $0 != "\u{FFFD}" || $0 == "\n" || $0 == "\t"
      }))
}

private func isPlain(_ name: String) -> Bool {
  guard let first = name.utf8.first, first | 0x20 >= 97, first | 0x20 <= 122 else { return false }
  return name.utf8.allSatisfy {
    ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 95
  }
}

/// Everything that a reader gives, as text.
struct Reading {
  var components: [String] = []
  var meanings: [String] = []
  var broken: [CalendarFault] = []
  var places: [CalendarPlace] = []
  var raw: [[UInt8]] = []
  var calendar = ""
  var defects: CalendarDefects = []
  var calendarDefects: CalendarDefects = []
  var copies: [CalendarComponent] = []
  /// The components of every kind by name, those inside included, broken ones too.
  var counts: [String: Int] = [:]

  init(_ reader: any CalendarReading, limit: Int = 1_000_000) {
    loop: while places.count < limit {
      switch reader.next() {
      case .component:
        components.append(dump(reader.component))
        meanings.append(dump(reader.component, meaning: true))
      case .broken(let fault): broken.append(fault)
      case .end: break loop
      }
      places.append(reader.place)
      raw.append(reader.raw.array)
      copies.append(reader.component.copy())
      defects.formUnion(reader.component.defects)
      for n in 0..<reader.component.nodeCount {
        counts[reader.component.name(ofNode: n).string.uppercased(), default: 0] += 1
      }
    }
    calendar = dump(reader.calendar)
    calendarDefects = reader.calendar.defects
  }
}

extension Reading {
  /// The value of a component's first property of a name.
  func value(_ name: PropertyName, of i: Int = 0) -> String? {
    guard i < copies.count else { return nil }
    return withExtendedLifetime(copies[i]) { copies[i].value(name).string }
  }
}

func read(_ text: String) -> Reading { read(Array(text.utf8)) }
func read(_ bytes: [UInt8]) -> Reading {
  bytes.withByteView { Reading(ICalendarReader($0)) }
}

/// Bytes given in pieces of a size, as a pipe may.
final class Pieces: CalendarInput {
  private let bytes: [UInt8]
  private let step: Int
  private var at = 0
  var errorNumber: Int32 { 0 }
  init(_ bytes: [UInt8], step: Int) {
    self.bytes = bytes
    self.step = step
  }
  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    let n = min(capacity, step, bytes.count - at)
    bytes.withUnsafeBufferPointer { b in
      if n > 0, let p = b.baseAddress { destination.update(from: p + at, count: n) }
    }
    at += n
    return n
  }
}

/// Wraps lines into a VEVENT in a VCALENDAR.
func event(_ lines: String...) -> String {
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + lines.map { $0 + "\r\n" }.joined()
    + "END:VEVENT\r\nEND:VCALENDAR\r\n"
}
