@_exported public import struct CivilTime.Timestamp
internal import Bytes
internal import Events
internal import ICalendar
internal import TimeZones

/// The events of a calendar file: iCalendar (`.ics`), xCal (`.xml`) or jCal (`.json`), each also as
/// `.gz`.
///
/// ```swift
/// let calendar = try CalendarFile("holidays.ics")
/// let (start, end) = (Timestamp(year: 2026, month: 1, day: 1), Timestamp(year: 2027, month: 1, day: 1))
/// for event in calendar.events {
///   for o in event.occurrences(from: start, to: end) { print(o, event.title ?? "") }
/// }
/// ```
///
/// The whole calendar is held; `EventReader` in the product `ICalendar` gives one component after the
/// other instead.
public struct CalendarFile: Sendable {
  /// The calendar's name (X-WR-CALNAME, NAME); empty without.
  public let name: String
  /// VEVENTs in the order of the file: single events, series, and changed instances of series. Older
  /// versions of one and the same event are left out.
  public let events: [Event]
  /// Components that cannot be used: what is wrong and where, in a sentence each.
  public let faults: [String]

  /// Why a file could not be read.
  public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// What is wrong.
    public var reason: String

    /// `a.ics: is no calendar that can be read (iCalendar, xCal or jCal)`.
    public var description: String { "\(path) \(reason)" }
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - timeZone: The IANA name of the zone in which all-day events, and times without a zone, lie.
  /// - Throws: ``Failure`` where it cannot be opened, is no calendar, or ends in damage, or where
  ///   nobody knows the zone.
  public init(_ path: String, timeZone: String = "UTC") throws {
    guard let zone = ZoneDatabase.system.zone(named: timeZone) else {
      throw Failure(path: path, reason: "cannot be read in the time zone \(timeZone): unknown")
    }
    let reader = EventReader(path: path, localZone: zone)
    var events: [Event] = []
    var faults: [String] = []
    loop: while true {
      switch reader.next() {
      case .event(let event):
        if event.kind == .event, !event.isSuperseded { events.append(Event(event)) }
      case .broken(let fault): faults.append(fault.message)
      case .end: break loop
      }
    }
    if let fault = reader.fault { throw Failure(path: path, reason: fault.message) }
    name = reader.calendar.name
    self.events = events
    self.faults = faults
  }
}
