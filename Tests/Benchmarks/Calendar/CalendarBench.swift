import Bytes
import Events
import Glibc
import ICalendar
import TimeZones

/// Reads a calendar and says how fast: `winnow-icsbench FILE [times] [zones | expand]`. `expand`
/// reads it as events, those of all versions and overrides told apart, and expands the recurring
/// ones over 2026.
@main
struct CalendarBench {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else {
      print("usage: winnow-icsbench FILE [times] [zones | expand]")
      exit(64)
    }
    let times = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
    let mode = arguments.count > 3 ? arguments[3] : ""
    for _ in 0..<times {
      if mode == "expand" {
        expand(arguments[1])
      } else {
        measure(arguments[1], mode == "zones" ? .timeZones : .all)
      }
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print("peak memory \(usage.ru_maxrss / 1024) MiB")
  }

  static func measure(_ path: String, _ selection: ICalendarReader.Selection) {
    guard let file = CalendarFile(path: path) else {
      print("cannot open \(path)")
      exit(65)
    }
    let start = now()
    let reader = ICalendarReader(file, selection: selection)
    var components = 0
    var broken = 0
    var properties = 0
    var bytes = 0
    reading: while true {
      switch reader.next() {
      case .component: components += 1
      case .broken(let fault):
        broken += 1
        if broken < 10 { print(fault.message) }
      case .end: break reading
      }
      properties += reader.component.lineCount
      bytes = reader.place.offset + reader.place.length
    }
    let seconds = now() - start
    let rate = Double(bytes) / 1e6 / seconds
    print(
      "\(components) components, \(broken) broken, \(properties) properties, "
        + "\(Int(seconds * 1e6)) us, \(Int(rate)) MB/s")
  }

  static func expand(_ path: String) {
    let start = now()
    let reader = EventReader(path: path, localZone: .utc)
    var budget = EventBudget()
    var events = 0
    var series = 0
    var instances = 0
    var expanding = 0.0
    // 2026, both ends included.
    let (first, last): (Int64, Int64) = (1_767_225_600, 1_798_761_599)
    reading: while true {
      switch reader.next() {
      case .end: break reading
      case .broken: continue
      case .event(let e):
        events += 1
        guard e.isRecurring else { continue }
        series += 1
        let begin = now()
        instances += budget.occurrences(of: e, from: first, through: last).list.count
        expanding += now() - begin
      }
    }
    let seconds = now() - start
    print(
      "\(events) events, \(series) series, \(instances) instances, \(Int(expanding * 1e6)) us "
        + "expanding, \(Int(seconds * 1e6)) us in all")
  }

  static func now() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
  }
}
