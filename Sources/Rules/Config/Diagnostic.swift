import Bytes
import Text

/// One thing found wrong or doubtful in a configuration or a list.
public struct Diagnostic: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// The configuration cannot be used.
    case error
    /// It can be used, but probably does not say what was meant, or part of it is ignored.
    case warning
    /// Worth telling.
    case note
  }

  /// See ``Severity``.
  public var severity: Severity
  /// The file as the user named it.
  public var file: String
  /// Line from 1, or 0 when the fault has no place in the file.
  public var line: Int
  /// Column in Unicode scalars from 1, or 0.
  public var column: Int
  /// Offset in bytes from 0.
  public var byteOffset: Int
  /// Where in the configuration, like `email.outbound.keywords.checkIn[1]`; may be empty.
  public var keyPath: String
  /// What is wrong.
  public var message: String
  /// The values or keys that would be right; may be empty.
  public var allowed: [String]
  /// What was probably meant.
  public var suggestion: String?

  /// A finding.
  public init(
    _ severity: Severity, file: String, line: Int = 0, column: Int = 0, byteOffset: Int = 0,
    keyPath: String = "", message: String, allowed: [String] = [], suggestion: String? = nil
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.byteOffset = byteOffset
    self.keyPath = keyPath
    self.message = message
    self.allowed = allowed
    self.suggestion = suggestion
  }

  /// One line: `winnow.json:42:17: email.outbond: unknown key; did you mean "outbound"?`
  /// Warnings and notes say so after the place. A terminal only shows it: see
  /// ``OneLine/appendEscaped(_:to:)``.
  public var text: String {
    var s = file
    if line > 0 { s += ":\(line)" }
    if column > 0 { s += ":\(column)" }
    s += ": "
    if severity != .error { s += "\(severity.rawValue): " }
    if !keyPath.isEmpty { s += "\(keyPath): " }
    s += message
    if let suggestion { s += "; did you mean \"\(suggestion)\"?" }
    if !allowed.isEmpty {
      s += "\(suggestion == nil ? ";" : "") allowed: \(allowed.joined(separator: ", "))"
    }
    let out = ByteBuffer(capacity: 128)
    s.withByteView { OneLine.appendEscaped($0, to: out) }
    return out.string
  }
}

extension Array where Element == Diagnostic {
  /// True when one of them is an error.
  public var hasErrors: Bool { contains { $0.severity == .error } }
}
