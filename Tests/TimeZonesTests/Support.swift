import Bytes
import CivilTime
import Glibc
import JSONText
import Recurrence
import TestSupport
import TimeZones

func rule(_ text: String) throws -> RecurrenceRule {
  var defects: RecurrenceDefects = []
  return try text.withByteView { try RecurrenceRule(parsing: $0, defects: &defects) }
}

func value(_ text: String) -> DateTimeValue {
  var defects: ValueDefects = []
  return text.withByteView { DateTimeValue($0, defects: &defects) } ?? .utc(.first)
}

func local(_ text: String) -> CivilDateTime { value(text).nominal }
/// UTC seconds of `20260303T091500Z`.
func instant(_ text: String) -> Int64 { local(text).nominalSeconds }

func text(_ t: CivilDateTime) -> String {
  let out = ByteBuffer()
  t.appendBasic(to: out)
  return out.string
}

func utc(_ s: Int64) -> String { text(CivilDateTime(nominalSeconds: s)) + "Z" }

/// A zone of the system's database; UTC where that is missing, so that the test fails.
func zone(_ name: String) -> Zone { ZoneDatabase.system.zone(named: name) ?? .utc }

/// `20260303T091500` in `zone`, with `Z` UTC, eight digits a date.
func time(_ text: String, _ z: Zone? = nil) -> TimeValue { TimeValue(value(text), zone: z) }

/// The lines of a file of the shared corpus as JSON, or nil where it is missing.
func jsonLines(_ name: String) -> [JSONDocument]? {
  guard let folder = SharedFolder.path, let file = fopen(folder + "/corpus/calendar/" + name, "r")
  else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8]()
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while case let n = fread(&block, 1, block.count, file), n > 0 { bytes += block[..<n] }
  return bytes.split(separator: 10).map { Array($0).withByteView { JSONDocument.parse($0) } }
}

extension JSONDocument {
  func string(_ name: StaticString) -> String? { root?.member(name)?.string }
  func list(_ name: StaticString) -> [String] {
    var out: [String] = []
    if let m = root?.member(name) { for e in m.elements { out.append(e.string ?? "") } }
    return out
  }
}
