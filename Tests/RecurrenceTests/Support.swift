import Bytes
import CivilTime
import JSONText
import Recurrence
import TestSupport

func rule(_ text: String) throws(RecurrenceError) -> RecurrenceRule {
  var defects: RecurrenceDefects = []
  // withByteView rethrows untyped errors, so the error is carried out by hand.
  let result = text.withByteView { v -> Result<RecurrenceRule, RecurrenceError> in
    do throws(RecurrenceError) {
      return .success(try RecurrenceRule(parsing: v, defects: &defects))
    } catch { return .failure(error) }
  }
  return try result.get()
}

func value(_ text: String) -> DateTimeValue? {
  var defects: ValueDefects = []
  return text.withByteView { DateTimeValue($0, defects: &defects) }
}

func moment(_ text: String) -> CivilDateTime { value(text)?.nominal ?? .first }

func text(_ t: CivilDateTime, isDate: Bool) -> String {
  let out = ByteBuffer()
  if isDate { t.date.appendBasic(to: out) } else { t.appendBasic(to: out) }
  return out.string
}

/// The first instances of a rule, at most `limit`, and why there are no more.
func instances(
  _ rule: RecurrenceRule, _ start: CivilDateTime, isDate: Bool = false, limit: Int = 10_000,
  startAlwaysCounts: Bool = true, from: CivilDateTime? = nil, through: CivilDateTime? = nil,
  steps: Int = RecurrenceIterator.defaultSteps
) -> (times: [CivilDateTime], stop: RecurrenceStop?) {
  var options = RecurrenceIterator.Options()
  options.startAlwaysCounts = startAlwaysCounts
  options.from = from
  options.through = through
  options.steps = steps
  var iterator = RecurrenceIterator(rule, start: start, isDate: isDate, options: options)
  var out: [CivilDateTime] = []
  while out.count < limit, let t = iterator.next() { out.append(t) }
  return (out, iterator.stop)
}

extension SeededNumbers {
  /// Some numbers of a range in order, `most` at most.
  mutating func some(_ range: ClosedRange<Int>, _ most: Int) -> [Int] {
    let n = Int.random(in: 1...most, using: &self)
    return Array(Set((0..<n).map { _ in Int.random(in: range, using: &self) })).sorted()
  }
}
