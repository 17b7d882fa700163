import Bytes
import Events
import Mail
import Records
import Rules

/// The files whose schema `winnow schema` prints.
public enum SchemaName: String, CaseIterable, Sendable {
  case config, activity, task, lead, block, decision, run, inspect

  /// The JSON Schema (2020-12).
  public var text: String {
    self == .config
      ? Config.schema()
      : Schemas.schema(named: rawValue, reasons: ReasonNames.all, defects: Self.defects) ?? ""
  }

  /// The fields of the record as a Markdown table; nil for what is no record.
  public var fields: String? { Schemas.fields(named: rawValue) }

  /// Every code that `defects` may show.
  static var defects: [String] {
    MailDefects.codes.map(\.code) + HeaderDefects.codes.map { "\($0.name)" }
      + CalendarEvent.defectCodes
  }
}

/// The reason codes, for checking `--fail-on`.
public enum ReasonNames {
  /// All of them, in rule order.
  public static let all = Reason.allCases.map(\.rawValue)
}
