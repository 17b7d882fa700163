import Bytes
import Glibc
import ICalendar

/// Reads a calendar and says how fast: `winnow-icsbench FILE [times] [zones]`.
@main
struct CalendarBench {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else {
      print("usage: winnow-icsbench FILE [times] [zones]")
      exit(64)
    }
    let times = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
    let zones = arguments.count > 3
    for _ in 0..<times { measure(arguments[1], zones ? .timeZones : .all) }
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

  static func now() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
  }
}
