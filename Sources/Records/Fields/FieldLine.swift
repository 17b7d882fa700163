/// A field as the manual shows it.
package struct FieldLine: Sendable, Equatable {
  /// Its path in JSON, with dots.
  package var path: String
  /// Its columns.
  package var columns: [String]
  /// False where a record may be without it.
  package var isRequired: Bool
  /// What it holds of a private event, under `headers` and under `pseudonymous`, a word each.
  package var holds: (underPrivate: String, underHeaders: String, underPseudonyms: String)
  /// What it says.
  package var about: String

  package static func == (a: FieldLine, b: FieldLine) -> Bool {
    a.path == b.path && a.columns == b.columns && a.isRequired == b.isRequired
      && a.holds == b.holds && a.about == b.about
  }
}

extension Holding {
  /// The word for the manual.
  package var word: String {
    switch self {
    case .kept: "kept"
    case .withheld: "left out"
    case .pseudonym: "pseudonym"
    }
  }
}

extension RecordTable {
  /// The fields, those of objects after them.
  package var lines: [FieldLine] {
    fields.flatMap { field in
      let name = "\(field.name)"
      let own = FieldLine(
        path: name, columns: field.columns.map { "\($0)" }, isRequired: field.isRequired,
        holds: (
          field.holds.underPrivate.word, field.holds.underHeaders.word,
          field.holds.underPseudonyms.word
        ),
        about: "\(field.about)")
      let parts = field.parts.map { part in
        var part = part
        part.path = "\(name).\(part.path)"
        part.columns.removeAll { !own.columns.contains($0) || own.columns == [name] }
        return part
      }
      return [own] + parts
    }
  }

  /// The fields as a Markdown table.
  package var markdown: String {
    var text = """
      | field | CSV | required | private events | `headers` | `pseudonymous` | |
      |---|---|---|---|---|---|---|

      """
    for l in lines {
      let columns = l.columns.map { "`\($0)`" }.joined(separator: ", ")
      text += "| `\(l.path)` | \(columns) | \(l.isRequired ? "yes" : "") | \(l.holds.underPrivate) "
      text += "| \(l.holds.underHeaders) | \(l.holds.underPseudonyms) | \(l.about) |\n"
    }
    return text
  }

  // MARK: Schema

  /// The members of an object schema.
  package var properties: String {
    fields.map { "\"\($0.name)\":\($0.schema)" }.joined(separator: ",")
  }

  /// The names of the fields that every record has.
  package var required: [String] { fields.filter(\.isRequired).map { "\($0.name)" } }

  /// The schema of an object with these fields.
  ///
  /// - Parameters:
  ///   - isClosed: True refuses members that are no field.
  ///   - requires: True refuses an object without a required field.
  package func schema(isClosed: Bool = true, requires: Bool = true) -> String {
    var text = #"{"type":"object""#
    if isClosed { text += #","additionalProperties":false"# }
    if requires, !required.isEmpty {
      text += ",\"required\":[\(required.map { "\"\($0)\"" }.joined(separator: ","))]"
    }
    return text + ",\"properties\":{\(properties)}}"
  }
}
