public import Bytes

/// What all readers of calendars have in common, whatever the format.
public protocol CalendarReading: AnyObject {
  /// The component read last; holds until the next call of ``next()``.
  var component: CalendarComponent { get }
  /// The properties of the calendar that it stands in, as far as they are read.
  var calendar: CalendarComponent { get }
  /// Where the item read last stands.
  var place: CalendarPlace { get }
  /// The bytes of the item read last as they stand in the file, where they are at hand.
  var raw: ByteView { get }
  /// The errno(3) of a failed read, or 0.
  var errorNumber: Int32 { get }
  /// Reads the next component.
  func next() -> CalendarItem
}
