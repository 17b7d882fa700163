import Bytes

/// The VTIMEZONE components of a text, collected before its events are read, since zones may stand
/// after what uses them.
public struct CalendarZones {
  /// One VTIMEZONE and where it stands.
  public struct Block {
    /// The component, a copy of its own.
    public let component: CalendarComponent
    /// Where it stands; ``CalendarPlace/calendar`` says in which VCALENDAR.
    public let place: CalendarPlace
  }

  /// The distinct blocks in file order: of those that are the same byte for byte, which exports
  /// with a calendar for each event repeat, the first.
  public private(set) var blocks: [Block] = []
  /// More were there than are kept.
  public private(set) var isCut = false
  /// The most blocks that are kept.
  public static let maximumCount = 4096
  /// The most bytes of their text that are kept.
  public static let maximumBytes = 16 << 20

  /// Reads a text to its end. For iCalendar, give a reader with
  /// ``ICalendarReader/Selection/timeZones``, which passes over everything else.
  public init(_ reader: any CalendarReading) {
    var seen = ByteTable()
    var bytes = 0
    while true {
      switch reader.next() {
      case .end: return
      case .broken: continue
      case .component: break
      }
      let c = reader.component
      guard c.kind == .timeZone, seen.find(c.text) == nil else { continue }
      bytes += c.text.count
      guard blocks.count < Self.maximumCount, bytes <= Self.maximumBytes else {
        isCut = true
        return
      }
      seen.insert(c.text, 1)
      blocks.append(Block(component: c.copy(), place: reader.place))
    }
  }
}
