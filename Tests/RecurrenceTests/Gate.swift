import Bytes
import CivilTime
import Glibc
import JSONText
import Recurrence
import TestSupport

/// A published case of the shared corpus.
struct GateCase {
  var id = ""
  var tier = ""
  var rules: [String] = []
  var hasOtherParts = false
  var exdates: [String] = []
  var start = ""
  var isDate = false
  var expected: [String] = []
  var isExhaustive = false
  var windowEnd: String?
  var startAt: String?
  var expectedCount: Int?
  var expectedAt: [(Int, String)] = []

  init(_ v: JSONValue) {
    func list(_ name: StaticString) -> [String] {
      guard let m = v.member(name) else { return [] }
      if let s = m.string { return [s] }
      var out: [String] = []
      for e in m.elements { out.append(e.string ?? "") }
      return out
    }
    id = v.member("id")?.string ?? ""
    tier = v.member("tier")?.string ?? ""
    rules = list("rrule")
    exdates = list("exdate")
    hasOtherParts = !list("exrule").isEmpty || !list("rdate").isEmpty
    start = v.member("dtstart")?.string ?? ""
    isDate = start.utf8.count == 8
    expected = list("expected")
    isExhaustive = v.member("exhaustive")?.bool ?? false
    windowEnd = v.member("window_end")?.string
    startAt = v.member("start_at")?.string
    expectedCount = v.member("expected_count")?.int
    if let m = v.member("expected_at") {
      for (k, e) in m.members { expectedAt.append((Int(k.string ?? "") ?? 0, e.string ?? "")) }
    }
  }

  /// Every line of a file of the shared corpus, or nil where that is missing.
  static func read(_ name: String) -> [GateCase]? {
    guard let folder = SharedFolder.path, let file = fopen(folder + "/corpus/calendar/" + name, "r")
    else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8]()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let n = fread(&block, 1, block.count, file), n > 0 { bytes += block[..<n] }
    return bytes.split(separator: 10).map { line in
      Array(line).withByteView { v in
        let d = JSONDocument.parse(v)
        return d.root.map(GateCase.init) ?? GateCase(empty: ())
      }
    }
  }

  private init(empty: Void) {}

  /// Nil where the engine agrees, else what it gives.
  func disagreement() -> String? {
    var parsed: [RecurrenceRule] = []
    for r in rules {
      do throws(RecurrenceError) { parsed.append(try rule(r)) } catch { return "\(error)" }
    }
    guard parsed.count == 1, !hasOtherParts else { return "needs a set" }
    let begin = moment(start)
    let amount = max(expected.count + 3, (expectedCount ?? 0) + 3)
    // What other engines list are the rule's own instances; the DTSTART that we put before them
    // is looked at apart.
    var (own, stop) = instances(
      parsed[0], begin, isDate: isDate, limit: amount, startAlwaysCounts: false,
      through: windowEnd.map(moment))
    if let from = startAt.map(moment) {
      let later = instances(parsed[0], begin, isDate: isDate, startAlwaysCounts: false, from: from)
      let filtered = instances(parsed[0], begin, isDate: isDate, startAlwaysCounts: false)
        .times.filter { $0 >= from }
      guard later.times == filtered else { return "the iterator from a window differs" }
      // Some list the whole set, some what is left.
      if expected.first != start { (own, stop) = (later.times, later.stop) }
    }
    own.removeAll { t in exdates.contains(text(t, isDate: isDate)) }
    var listed = own.map { text($0, isDate: isDate) }
    if let end = windowEnd, expected.last != end, listed.last == end { listed.removeLast() }
    let shown = "\(listed.prefix(8)) \(stop.map { "\($0)" } ?? "more")"
    if let n = expectedCount, n != listed.count { return shown + " count \(listed.count)" }
    for (i, e) in expectedAt where i >= listed.count || listed[i] != e { return shown }
    if expectedCount == nil {
      guard listed.starts(with: expected) else { return shown }
      if isExhaustive, listed.count != expected.count || stop == .tooManySteps { return shown }
    }
    return startDisagreement(parsed[0], begin)
  }

  private func startDisagreement(_ r: RecurrenceRule, _ begin: CivilDateTime) -> String? {
    let limit = expected.count + 3
    let own = instances(r, begin, isDate: isDate, limit: limit, startAlwaysCounts: false).times
    let all = instances(r, begin, isDate: isDate, limit: limit).times
    let day = isDate ? begin.startOfDay : begin
    if own.first == day { return own == all ? nil : "DTSTART changes the set" }
    if all.isEmpty { return r.until != nil ? nil : "no DTSTART" }
    let counted = r.count.map { Array(own.prefix(max($0 - 1, 0))) } ?? own
    return all.first == day && Array(all.dropFirst()) == Array(counted.prefix(all.count - 1))
      && all.count >= min(counted.count + 1, limit) ? nil : "DTSTART is not first and counted"
  }
}
