import Bytes
import Events
import Glibc
import ICalendar
import Mailboxes
import Rules
import Text

/// What a calendar file says about itself: its name, its provider, and who is in its events.
///
/// Tells whose it is and whether it is that owner's primary calendar, where the configuration does
/// not (CS-F-primary).
struct CalendarProbe {
  /// X-WR-CALNAME (or RFC 7986 NAME), or empty.
  private(set) var name = ""
  /// The provider that PRODID names, or nil.
  private(set) var provider: Config.Provider?
  /// The reason why it is no calendar that can be read, or nil.
  private(set) var fault: String?
  // In how many events an address stands.
  private var counts: [[UInt8]: Int] = [:]
  private var events = 0

  /// How many components are looked at.
  static let limit = 1000

  /// Looks into a file.
  init(_ found: FoundSource) {
    guard let file = SourceInput.open(found) else {
      fault = EventFileFault.cannotOpen(errno).message
      return
    }
    let (format, opened) = CalendarFormat.reader(file)
    guard let reader = opened else {
      fault =
        file.errorNumber != 0
        ? EventFileFault.cannotRead(file.errorNumber).message
        : EventFileFault.notACalendar(format).message
      return
    }
    let scratch = ByteBuffer(capacity: 256)
    let key = ByteBuffer(capacity: 128)
    var isFirst = true
    while events < Self.limit {
      switch reader.next() {
      case .end: return
      case .broken: continue
      case .component: break
      }
      if isFirst {
        isFirst = false
        readCalendar(reader.calendar)
      }
      let c = reader.component
      guard c.kind == .event else { continue }
      events += 1
      count(c, scratch, key)
    }
  }

  private mutating func readCalendar(_ c: CalendarComponent) {
    let out = ByteBuffer(capacity: 128)
    for line in c.properties where line.node == 0 {
      let name = c.name(line)
      if name.equalsIgnoringCase("X-WR-CALNAME")
        || (self.name.isEmpty && name.equalsIgnoringCase("NAME"))
      {
        out.removeAll()
        TextValue.append(line, in: c, to: out)
        self.name = out.view.trimmed().string
      } else if name.equalsIgnoringCase("PRODID") {
        let id = c.value(line)
        if id.firstRangeIgnoringCase(of: ByteView("Google Calendar")) != nil {
          provider = .gmail
        } else if id.firstRangeIgnoringCase(of: ByteView("Microsoft")) != nil {
          provider = .outlook
        }
      }
    }
  }

  private mutating func count(_ c: CalendarComponent, _ scratch: ByteBuffer, _ key: ByteBuffer) {
    var addresses: Set<[UInt8]> = []
    for line in c.properties
    where line.node == 0 && (line.name == .organizer || line.name == .attendee) {
      scratch.removeAll()
      let address = CalendarAddress(line, in: c, scratch: scratch)
      guard !address.isResource, !address.isCalendar else { continue }
      key.removeAll()
      if AddressKey.append(address.email, to: key) { addresses.insert(key.array) }
    }
    for a in addresses { counts[a, default: 0] += 1 }
  }

  /// The key of the calendar's name where that is an address, or nil.
  var nameKey: [UInt8]? { AddressEntry.key(of: name) }

  /// The user whose address stands in most events, in at least 80 % of them; nil when there is
  /// no such user.
  func owner(among keys: [[[UInt8]]]) -> (user: Int, percent: Int)? {
    guard events > 0 else { return nil }
    var best: (user: Int, count: Int)?
    for (i, own) in keys.enumerated() {
      let n = own.map { counts[$0] ?? 0 }.max() ?? 0
      if n > best?.count ?? 0 { best = (i, n) }
    }
    guard let best, best.count * 5 >= events * 4 else { return nil }
    return (best.user, best.count * 100 / events)
  }

  /// The address that stands in most events, at least in 80 % of them; the first by bytes among
  /// equals.
  var mostFrequent: [UInt8]? {
    let best = counts.max {
      $0.value != $1.value ? $0.value < $1.value : $1.key.lexicographicallyPrecedes($0.key)
    }
    return best.flatMap { $0.value * 5 >= events * 4 ? $0.key : nil }
  }
}
