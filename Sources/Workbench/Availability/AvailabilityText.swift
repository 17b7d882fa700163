import CivilTime
import Import
import TimeZones

/// Availability as a person reads it: for each user a bar a day, then free spans and double
/// bookings.
struct AvailabilityText {
  private let report: AvailabilityReport
  private let bars: Bars
  private var lines: [String] = []

  /// The characters of the bars.
  struct Bars {
    let free, tentative, busy, double: String

    static let unicode = Bars(free: "·", tentative: "░", busy: "█", double: "▓")
    static let ascii = Bars(free: ".", tentative: "?", busy: "#", double: "X")
  }

  /// The text, with a line end after each line.
  static func render(_ report: AvailabilityReport, _ bars: Bars) -> String {
    var text = AvailabilityText(report: report, bars: bars)
    text.write()
    return text.lines.map(Plain.line).joined(separator: "\n") + "\n"
  }

  private init(report: AvailabilityReport, bars: Bars) {
    self.report = report
    self.bars = bars
  }

  private mutating func write() {
    let first = report.days.first.map { Self.date($0.date) } ?? ""
    let last = report.days.last.map { Self.date($0.date) } ?? first
    lines.append(
      "\(first)\(first == last ? "" : " to \(last)"), \(report.zoneName), \(report.hours.text) in slots of \(report.slot.text)"
    )
    if let asOf = report.asOf {
      let t = report.zone.localTime(at: asOf)
      lines.append("as of \(Self.date(t.date)) \(DayHours.clock(t.secondOfDay)), the newest export")
    }
    lines.append(
      "\(bars.free) free  \(bars.busy) busy  \(bars.double) double-booked  \(bars.tentative) tentative"
    )
    for user in report.users { write(user) }
    if !report.leftOut.isEmpty { lines.append("") }
    for u in report.leftOut { lines.append("\(u.user): left out") }
    if report.users.isEmpty, report.leftOut.isEmpty { lines += ["", "Nobody's time is known."] }
  }

  private mutating func write(_ user: AvailabilityReport.User) {
    lines += ["", user.name.isEmpty ? user.id : "\(user.id), \(user.name)"]
    if let ruler { lines.append(Self.indent + ruler) }
    let double = TimeSpans(user.conflicts.map(\.span))
    for day in report.days {
      lines.append("  \(Self.label(day))  \(bar(day, user, double))\(Self.note(day))")
    }
    list("free", report.days.map { day in (day, free(day, user)) })
    list("double-booked", report.days.map { day in (day, conflicts(day, user)) })
    let outside = user.taken.seconds - user.takenInHours
    lines.append(
      "  busy \(Self.length(user.takenInHours)), free \(Self.length(user.notTakenInHours))"
        + ", double-booked \(Self.length(double.seconds))"
        + (outside > 0 ? ", busy outside these hours \(Self.length(outside))" : ""))
  }

  private mutating func list(
    _ title: String, _ days: [(day: AvailabilityReport.Day, spans: [String])]
  ) {
    let filled = days.filter { !$0.spans.isEmpty }
    if filled.isEmpty { return lines.append("  \(title): none") }
    lines.append("  \(title):")
    for d in filled {
      // Five of `09:00-10:30` beside the date are as wide as a terminal.
      var rest = d.spans[...]
      var label = Self.label(d.day)
      while !rest.isEmpty {
        lines.append("    \(label)  \(rest.prefix(5).joined(separator: ", "))")
        rest = rest.dropFirst(5)
        label = String(repeating: " ", count: label.count)
      }
    }
  }

  // MARK: Bars

  private static let indent = String(repeating: " ", count: 18)

  // The bars' hours, where they divide into slots so that labels do not touch.
  private var ruler: String? {
    let slot = Int(report.slot.seconds)
    let whole = report.hours.start % 3600 == 0
    guard let step = (3...24).first(where: { $0 * slot % 3600 == 0 && $0 >= (whole ? 3 : 6) })
    else {
      return nil
    }
    var text = ""
    var at = report.hours.start
    while at < report.hours.end {
      let clock = DayHours.clock(at)
      let mark = whole ? String(clock.prefix(2)) : clock
      text += mark + String(repeating: " ", count: step - mark.count)
      at += step * slot
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private func bar(
    _ day: AvailabilityReport.Day, _ user: AvailabilityReport.User, _ double: TimeSpans
  ) -> String {
    var text = ""
    var at = day.hours.start
    while at < day.hours.end {
      let slot = TimeSpan(start: at, end: min(at + report.slot.seconds, day.hours.end))
      let inside = slot.clipped(to: report.span)
      if inside.isEmpty {
        text += " "
      } else if double.meets(inside) {
        text += bars.double
      } else if user.busy.meets(inside) || user.unavailable.meets(inside) {
        text += bars.busy
      } else {
        text += user.tentative.meets(inside) ? bars.tentative : bars.free
      }
      at += report.slot.seconds
    }
    return text
  }

  // A bar counts the hours that pass, so that on such a day it is shorter or longer.
  private static func note(_ day: AvailabilityReport.Day) -> String {
    let hours = day.whole.seconds
    if hours == 86_400 { return "" }
    let minutes = hours % 3600 / 60
    return "  a day of \(hours / 3600) h\(minutes == 0 ? "" : " \(minutes) min"): the clock changes"
  }

  // MARK: Spans

  private func free(_ day: AvailabilityReport.Day, _ user: AvailabilityReport.User) -> [String] {
    user.free.intersecting(TimeSpans([day.whole])).list.map { clock($0, day) }
  }

  private func conflicts(
    _ day: AvailabilityReport.Day, _ user: AvailabilityReport.User
  ) -> [String] {
    user.conflicts.compactMap { c in
      let part = c.span.clipped(to: day.whole)
      return part.isEmpty ? nil : "\(clock(part, day)) (\(c.count) appointments)"
    }
  }

  private func clock(_ span: TimeSpan, _ day: AvailabilityReport.Day) -> String {
    func text(_ t: Int64) -> String {
      t >= day.whole.end ? "24:00" : DayHours.clock(report.zone.localTime(at: t).secondOfDay)
    }
    return "\(text(span.start))-\(text(span.end))"
  }

  private static func label(_ day: AvailabilityReport.Day) -> String {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let i = day.date.weekday.number
    return "\(i < names.count ? names[i] : "") \(date(day.date))"
  }

  private static func date(_ d: CivilDate) -> String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(d.year)-\(two(d.month))-\(two(d.day))"
  }

  private static func length(_ seconds: Int64) -> String {
    let minutes = seconds / 60
    return "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
  }
}
