internal import Bytes
internal import JSONText

/// The JSON Schemas (2020-12) of the files that winnow writes; the records' come from their tables.
///
/// Kept as short JSON fragments joined to one indented text when asked; nothing here is on a hot
/// path.
package enum Schemas {
  /// The dialect.
  package static let dialect: StaticString = "https://json-schema.org/draft/2020-12/schema"

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

  /// The members of a closed object schema.
  static func object(_ properties: String, required: [String]) -> String {
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":["
      + required.map { "\"\($0)\"" }.joined(separator: ",") + "],\"properties\":{" + properties
      + "}"
  }

  private static func record<Record>(_ name: String, _ table: RecordTable<Record>) -> String {
    schema(name, "winnow \(name)", object(table.properties, required: table.required))
  }

  /// The names of the schemas, as `winnow schema` takes them.
  package static let names = ["activity", "task", "lead", "block", "decision", "run", "inspect"]

  /// The schema of that name, or nil.
  ///
  /// - Parameters:
  ///   - reasons: The codes that decisions may give.
  ///   - defects: The codes that `inspect` may show, of mail and of events.
  package static func schema(
    named name: String, reasons: [String], defects: [String]
  ) -> String? {
    switch name {
    case "activity": record(name, ActivityRecord.table)
    case "task": record(name, TaskRecord.table)
    case "lead": record(name, LeadRecord.table)
    case "block": record(name, BlockRecord.table)
    case "decision": decision(reasons: reasons)
    case "run": run()
    case "inspect": inspect(defects: defects)
    default: nil
    }
  }

  /// The fields of the records of that name as a Markdown table, or nil.
  package static func fields(named name: String) -> String? {
    switch name {
    case "activity": ActivityRecord.table.markdown
    case "task": TaskRecord.table.markdown
    case "lead": LeadRecord.table.markdown
    case "block": BlockRecord.table.markdown
    case "decision": DecisionRecord.table.markdown
    default: nil
    }
  }

  // The reasons belong to the rules, which the writers do not know.
  private static func decision(reasons: [String]) -> String {
    let table = DecisionRecord.table
    let codes = reasons.map { "\"\($0)\"" }.joined(separator: ",")
    let properties = table.fields.map { field in
      let schema = "\(field.name)" == "reason" ? "{\"enum\":[\(codes)]}" : field.schema
      return "\"\(field.name)\":\(schema)"
    }
    return schema(
      "decision", "winnow decision",
      object(properties.joined(separator: ","), required: table.required))
  }
}
