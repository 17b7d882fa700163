import Bytes
import JSONText

/// The JSON Schemas (2020-12) of the files that winnow reads and writes (contract sections 3, 5, 7).
///
/// Kept as short JSON fragments joined to one indented text when asked; nothing here is on a hot
/// path.
public enum Schemas {
  static let dialect: StaticString = "https://json-schema.org/draft/2020-12/schema"

  /// Definitions that several schemas share.
  static let definitions = #"""
    "key":{"type":"string","pattern":"^[0-9a-f]{32}$"},
    "sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},
    "count":{"type":"integer","minimum":0},
    "instant":{"type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$"},
    "date":{"type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}$"},
    "instantOrDate":{"anyOf":[{"$ref":"#/$defs/instant"},{"$ref":"#/$defs/date"}]},
    "when":{"type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z?)?$"},
    "texts":{"type":"array","items":{"type":"string"}},
    "mailbox":{"type":"object","additionalProperties":false,"required":["email"],"properties":{
    "name":{"type":"string"},"email":{"type":"string"}}},
    "mailboxes":{"type":"array","items":{"$ref":"#/$defs/mailbox"}},
    "direction":{"enum":["inbound","outbound"]}
    """#

  /// One schema as an indented text.
  static func schema(_ name: String, _ title: String, _ body: String) -> String {
    let text =
      "{\"$schema\":\"\(dialect)\",\"$id\":\"urn:winnow:\(name):1\",\"title\":\"\(title)\","
      + body + ",\"$defs\":{" + definitions + "}}"
    // The fragments are wrapped lines: what stands between tokens is not part of the JSON.
    let compact = String(text.unicodeScalars.filter { $0 != "\n" }.map(Character.init))
    let out = ByteBuffer(capacity: 16 << 10)
    compact.withByteView { JSONWriter.appendPretty($0, to: out) }
    return out.string
  }

  /// An object schema's members; those in `optional` may be absent.
  static func object(_ properties: String, required: [String]) -> String {
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":["
      + required.map { "\"\($0)\"" }.joined(separator: ",") + "],\"properties\":{" + properties
      + "}"
  }

  /// The names of all schemas, as `winnow schema` takes them.
  public static let names = [
    "config", "activity", "task", "lead", "block", "decision", "run", "inspect",
  ]

  /// The schema of that name, or nil. `defects` are the codes that `inspect` may show: of mail
  /// and of events.
  public static func schema(named name: String, defects: [String]) -> String? {
    switch name {
    case "config": config()
    case "activity": activity()
    case "task": task()
    case "lead": lead()
    case "block": block()
    case "decision": decision()
    case "run": run()
    case "inspect": inspect(defects: defects)
    default: nil
    }
  }

  /// A string or, when the CRM or the export gave none, null.
  static let textOrNull = #"{"type":["string","null"]}"#
}
