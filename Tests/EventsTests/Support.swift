import Bytes
import CivilTime
import Events
import ICalendar
import JSONText
import TestSupport
import TimeZones

/// A file's items, read.
struct Reading {
  var items: [Item] = []
  var fault: EventFileFault?
  var warnings: [String] = []

  enum Item {
    case event(CalendarEvent)
    case broken(EventFault, raw: String)
  }

  init(_ reader: EventReader) {
    loop: while true {
      switch reader.next() {
      case .event(let e): items.append(.event(e))
      case .broken(let f): items.append(.broken(f, raw: reader.raw.string))
      case .end: break loop
      }
    }
    fault = reader.fault
    warnings = reader.warnings
  }

  var events: [CalendarEvent] {
    items.compactMap { if case .event(let e) = $0 { e } else { nil } }
  }
  var broken: [EventFault] {
    items.compactMap { if case .broken(let f, _) = $0 { f } else { nil } }
  }

  /// All occurrences of all components, `start/end` each, in order.
  func occurrences(_ from: String, _ to: String) -> [String] {
    events.flatMap { $0.occurrences(from: instant(from), through: instant(to)).list }
      .map(described).sorted()
  }
}

func described(_ o: EventOccurrence) -> String { utc(o.start) + "/" + utc(o.end) }

/// Reads the text of a file.
func read(_ text: String, local: String = "UTC", limits: EventLimits = EventLimits()) -> Reading {
  Array(text.utf8).withByteView {
    Reading(EventReader($0, localZone: zone(local), limits: limits))
  }
}

/// VEVENTs, each of lines separated by blanks or line ends, in one calendar.
func calendar(_ events: String..., head: String = "", kind: String = "VEVENT") -> String {
  "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n" + head
    + events.map { "BEGIN:\(kind)\n\($0)\nEND:\(kind)\n" }.joined() + "END:VCALENDAR\n"
}

func zone(_ name: String) -> Zone { ZoneDatabase.system.zone(named: name) ?? .utc }

/// UTC seconds of `20260303T091500Z`; midnight of a date.
func instant(_ text: String) -> Int64 {
  var unused: ValueDefects = []
  return text.withByteView { DateTimeValue($0, defects: &unused) }?.nominal.nominalSeconds ?? 0
}

func basic(_ t: CivilDateTime) -> String {
  let out = ByteBuffer()
  t.appendBasic(to: out)
  return out.string
}

func utc(_ s: Int64) -> String { basic(CivilDateTime(nominalSeconds: s)) + "Z" }

extension CalendarEvent {
  /// Starts in a window.
  func starts(_ from: String = "20000101", _ to: String = "20400101") -> [String] {
    occurrences(from: instant(from), through: instant(to)).list.map { utc($0.start) }
  }
  /// Original starts in a window.
  func originals(_ from: String = "20000101", _ to: String = "20400101") -> [String?] {
    occurrences(from: instant(from), through: instant(to)).list.map { $0.recurrenceID.map(utc) }
  }
  var codes: [String] {
    var out: [String] = []
    forEachDefectCode { out.append($0) }
    return out
  }
}
