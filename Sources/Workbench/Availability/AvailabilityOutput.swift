import Bytes
import CivilTime
import ICalendar
import Import
import JSONText

/// Availability as programs read it.
enum AvailabilityOutput {
  // MARK: JSON

  /// One JSON document; times are RFC 3339 in UTC.
  static func json(_ report: AvailabilityReport) -> ByteBuffer {
    let out = ByteBuffer(capacity: 4096)
    let w = JSONWriter(out)
    w.beginObject()
    span(report.span, ("from", "to"), w)
    w.key("timeZone")
    w.string(report.zoneName)
    w.key("asOf")
    w.string(orNull: report.asOf.map(TimePoint.rfc3339))
    w.key("users")
    w.beginArray()
    for user in report.users { write(user, w) }
    w.endArray()
    w.key("leftOut")
    w.beginArray()
    for u in report.leftOut {
      w.beginObject()
      w.key("user")
      w.string(u.user)
      w.key("reason")
      w.string(u.reason)
      w.endObject()
    }
    w.endArray()
    w.endObject()
    out.append(ASCII.lf)
    return out
  }

  private static func write(_ user: AvailabilityReport.User, _ w: JSONWriter) {
    w.beginObject()
    w.key("user")
    w.string(user.id)
    w.key("busy")
    w.beginArray()
    for (s, kind) in ordered(user, joinsUnavailable: true) {
      w.beginObject()
      span(s, ("start", "end"), w)
      if kind == .tentative {
        w.key("tentative")
        w.bool(true)
      }
      w.endObject()
    }
    w.endArray()
    w.key("free")
    w.beginArray()
    for s in user.free.list {
      w.beginObject()
      span(s, ("start", "end"), w)
      w.endObject()
    }
    w.endArray()
    w.key("conflicts")
    w.beginArray()
    for c in user.conflicts {
      w.beginObject()
      span(c.span, ("start", "end"), w)
      w.key("count")
      w.number(c.count)
      w.endObject()
    }
    w.endArray()
    w.endObject()
  }

  private static func span(
    _ s: TimeSpan, _ names: (StaticString, StaticString), _ w: JSONWriter
  ) {
    w.key(names.0)
    w.string(TimePoint.rfc3339(s.start))
    w.key(names.1)
    w.string(TimePoint.rfc3339(s.end))
  }

  /// The taken spans in order, none in two kinds.
  private static func ordered(
    _ user: AvailabilityReport.User, joinsUnavailable: Bool
  ) -> [(TimeSpan, BusyKind)] {
    var list = user.tentative.list.map { ($0, BusyKind.tentative) }
    if joinsUnavailable {
      list += TimeSpans(user.busy.list + user.unavailable.list).list.map { ($0, .busy) }
    } else {
      list += user.busy.list.map { ($0, .busy) }
      list += user.unavailable.list.map { ($0, .unavailable) }
    }
    return list.sorted { $0.0.start < $1.0.start }
  }

  // MARK: iCalendar

  /// One VCALENDAR with a VFREEBUSY for each user (RFC 5545 3.6.4, RFC 5546 3.3.1).
  static func freeBusy(_ report: AvailabilityReport) -> ByteBuffer {
    let out = ByteBuffer(capacity: 4096)
    let w = ICalendarWriter(out)
    w.begin("VCALENDAR")
    w.property("VERSION", "2.0")
    w.property("PRODID", "-//winnow//availability//EN")
    w.property("METHOD", "PUBLISH")
    for user in report.users { write(user, report, w) }
    w.end("VCALENDAR")
    return out
  }

  /// The property that names a user by id, because a user need not have an address.
  static let userName: StaticString = "X-WINNOW-USER"

  private static func write(
    _ user: AvailabilityReport.User, _ report: AvailabilityReport, _ w: ICalendarWriter
  ) {
    let scratch = ByteBuffer(capacity: 64)
    func stamp(_ name: StaticString, _ seconds: Int64) {
      scratch.removeAll()
      appendTime(seconds, to: scratch)
      w.property(name, scratch.view)
    }
    w.begin("VFREEBUSY")
    // The same question about the same user has the same UID: a new answer takes the old one's
    // place.
    scratch.removeAll()
    scratch.append(string: "freebusy\0\(user.id)\0\(report.span.start)\0\(report.span.end)")
    let digest = SHA256.digest(scratch.view).hex(bytes: 16)
    "freebusy-\(digest)@winnow.invalid".withByteView { w.property("UID", $0) }
    stamp("DTSTAMP", report.now)
    if !user.email.isEmpty {
      w.startLine("ORGANIZER")
      if !user.name.isEmpty { user.name.withByteView { w.parameter("CN", $0) } }
      scratch.removeAll()
      scratch.append("mailto:")
      user.email.withByteView { v in
        for i in 0..<v.count where v[i] > 32 && v[i] != 127 { scratch.append(v[i]) }
      }
      w.value(scratch.view)
    }
    stamp("DTSTART", report.span.start)
    stamp("DTEND", report.span.end)
    for (s, kind) in ordered(user, joinsUnavailable: false) {
      w.startLine("FREEBUSY")
      switch kind {
      case .tentative: w.parameter("FBTYPE", "BUSY-TENTATIVE")
      case .busy: w.parameter("FBTYPE", "BUSY")
      case .unavailable: w.parameter("FBTYPE", "BUSY-UNAVAILABLE")
      }
      scratch.removeAll()
      appendTime(s.start, to: scratch)
      scratch.append(47)
      appendTime(s.end, to: scratch)
      w.value(scratch.view)
    }
    user.id.withByteView { w.property(userName, text: $0) }
    w.end("VFREEBUSY")
  }

  private static func appendTime(_ seconds: Int64, to out: ByteBuffer) {
    CivilDateTime(nominalSeconds: seconds).appendBasic(to: out)
    out.append(90)
  }
}
