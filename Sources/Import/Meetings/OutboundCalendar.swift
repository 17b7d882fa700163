import Bytes
import CivilTime
import ICalendar

/// One CRM task as an event on its way out.
package struct OutboundEvent {
  /// A time as the CRM has it.
  enum Time: Equatable {
    case instant(Int64)
    case date(CivilDate)
  }

  /// The CRM's id.
  var taskID: String
  var start: Time
  /// Exclusive; of dates the day after the last.
  var end: Time
  var subject = ""
  var description = ""
  var location = ""
  /// The owner, named only where attendees are.
  var organizer: (name: String, email: String)?
  /// Whom the event names, as addresses.
  var attendees: [String] = []
  /// True asks their calendars for an answer.
  var asksForAnswer = false
  var isCancelled = false
  var created: Int64?
  var modified: Int64?
  /// True where a link is to be made by whoever imports it; none is ever invented here.
  var needsLink = false

  /// The stable UID of a CRM task: the same in every run and on every machine.
  package static func uid(taskID: String) -> String {
    let out = ByteBuffer(capacity: 64)
    out.append("crm-task-")
    taskID.withByteView { v in
      for i in 0..<v.count {
        let c = v[i]
        if ASCII.isAlphanumeric(c) || c == 45 || c == 46 || c == 95 {
          out.append(c)
        } else {
          // As in URIs: no two ids may give one UID.
          out.append(37)
          for digit in [c >> 4, c & 15] { out.append(digit < 10 ? 48 + digit : 55 + digit) }
        }
      }
    }
    out.append(uidSuffix)
    return out.string
  }

  /// The CRM task's id in a UID that ``uid(taskID:)`` made, or nil.
  package static func taskID(inUID uid: String) -> String? {
    uid.withByteView { v -> String? in
      let prefix = ByteView("crm-task-")
      let suffix = ByteView(uidSuffix)
      guard v.count > prefix.count + suffix.count, v.hasPrefix("crm-task-"),
        v.from(v.count - suffix.count).equals(suffix)
      else { return nil }
      let coded = v.slice(prefix.count, v.count - suffix.count)
      let out = ByteBuffer(capacity: coded.count)
      var i = 0
      while i < coded.count {
        if coded[i] == 37, let high = ASCII.hexValue(coded[i + 1]),
          let low = ASCII.hexValue(coded[i + 2])
        {
          out.append(high << 4 | low)
          i += 3
        } else {
          out.append(coded[i])
          i += 1
        }
      }
      return out.string
    }
  }

  private static let uidSuffix: StaticString = "@winnow.invalid"
  /// The property that names the CRM's task.
  static let markName: StaticString = "X-WINNOW-TASK-ID"

  /// SEQUENCE (RFC 5545 3.8.7.4) without a memory: minutes from making to the last change, so it
  /// grows with each.
  var sequence: Int {
    guard let modified else { return 0 }
    // Without a time of making, since 2020.
    let origin = created ?? 1_577_836_800
    return max(0, min(Int((modified - origin) / 60), Int(Int32.max)))
  }
}

/// Writes one owner's events as a calendar that Google, Outlook and Apple import.
enum OutboundCalendar {
  /// Appends the calendar. `now` is DTSTAMP where a task has no time of its own.
  static func append(
    _ events: [OutboundEvent], name: String, now: Int64, to out: ByteBuffer
  ) {
    let w = ICalendarWriter(out)
    w.begin("VCALENDAR")
    w.property("VERSION", "2.0")
    w.property("PRODID", "-//winnow//CRM tasks//EN")
    w.property("CALSCALE", "GREGORIAN")
    w.property("METHOD", "PUBLISH")
    name.withByteView { w.property("X-WR-CALNAME", text: $0) }
    let scratch = ByteBuffer(capacity: 64)
    for e in events { append(e, now, w, scratch) }
    w.end("VCALENDAR")
  }

  private static func append(
    _ e: OutboundEvent, _ now: Int64, _ w: ICalendarWriter, _ scratch: ByteBuffer
  ) {
    func stamp(_ name: StaticString, _ seconds: Int64) {
      scratch.removeAll()
      CivilDateTime(nominalSeconds: seconds).appendBasic(to: scratch)
      scratch.append(90)
      w.property(name, scratch.view)
    }
    func time(_ name: StaticString, _ time: OutboundEvent.Time) {
      switch time {
      case .instant(let s): stamp(name, s)
      case .date(let d):
        scratch.removeAll()
        d.appendBasic(to: scratch)
        w.startLine(name)
        w.parameter("VALUE", "DATE")
        w.value(scratch.view)
      }
    }
    func text(_ name: StaticString, _ value: String) {
      if !value.isEmpty { value.withByteView { w.property(name, text: $0) } }
    }
    w.begin("VEVENT")
    OutboundEvent.uid(taskID: e.taskID).withByteView { w.property("UID", $0) }
    stamp("DTSTAMP", e.modified ?? e.created ?? now)
    time("DTSTART", e.start)
    time("DTEND", e.end)
    "\(e.sequence)".withByteView { w.property("SEQUENCE", $0) }
    if let created = e.created { stamp("CREATED", created) }
    if let modified = e.modified { stamp("LAST-MODIFIED", modified) }
    text("SUMMARY", e.subject)
    text("DESCRIPTION", e.description)
    text("LOCATION", e.location)
    w.property("STATUS", e.isCancelled ? "CANCELLED" : "CONFIRMED")
    w.property("TRANSP", e.isCancelled ? "TRANSPARENT" : "OPAQUE")
    if !e.attendees.isEmpty {
      if let o = e.organizer { user("ORGANIZER", o.name, o.email, nil, w, scratch) }
      for a in e.attendees { user("ATTENDEE", "", a, e.asksForAnswer, w, scratch) }
    }
    if e.needsLink { w.property("X-CRM-ONLINE-MEETING", "REQUESTED") }
    text(OutboundEvent.markName, e.taskID)
    w.end("VEVENT")
  }

  private static func user(
    _ property: StaticString, _ name: String, _ email: String, _ asks: Bool?, _ w: ICalendarWriter,
    _ scratch: ByteBuffer
  ) {
    w.startLine(property)
    if !name.isEmpty { name.withByteView { w.parameter("CN", $0) } }
    if let asks {
      w.parameter("ROLE", "REQ-PARTICIPANT")
      w.parameter("PARTSTAT", "NEEDS-ACTION")
      w.parameter("RSVP", asks ? "TRUE" : "FALSE")
    }
    scratch.removeAll()
    scratch.append("mailto:")
    // A line end would begin a property of the address's own.
    email.withByteView { v in
      for i in 0..<v.count where v[i] > 32 && v[i] != 127 { scratch.append(v[i]) }
    }
    w.value(scratch.view)
  }
}
