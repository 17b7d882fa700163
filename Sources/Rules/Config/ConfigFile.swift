public import Bytes
import JSONText

/// A configuration that was read, with everything found wrong in it.
public struct ConfigFile: Sendable {
  /// The settings; only to be used when there is no error among the ``diagnostics``.
  public let config: Config
  /// Everything found, in the order of the file.
  public let diagnostics: [Diagnostic]
  /// The file as the user named it.
  public let file: String
  /// Byte offset of each key that was given, by its path.
  public let places: [String: Int]
  /// Lines and columns of ``places`` for what is only found later, when the lists are read.
  let positions: [String: TextPosition]
  /// The paths of records in the configuration by their byte offset.
  let recordPaths: [Int: String]

  /// Reads a configuration. Never fails: see ``diagnostics``. `isTimeZone` tells whether a time
  /// zone of that name is known (all are, when it is not given).
  public static func read(
    _ source: ByteView, file: String, isTimeZone: (String) -> Bool = { _ in true }
  ) -> ConfigFile {
    var reader = ConfigReader(file: file, source: source)
    var config = Config()
    let document = JSONDocument.parse(source, dialect: .config)
    for f in document.faults { reader.tell(at: f.offset, "", f.message) }
    if let root = document.root {
      if let v = root.member("profile"), let p = Config.Profile(rawValue: v.bytes.string) {
        config = Config.defaults(p)
      }
      reader.read(&config, from: root, path: "")
      ConfigChecks.run(config, &reader)
      if !isTimeZone(config.organization.timeZone) {
        reader.tell(about: "organization.timeZone", "no time zone of this name is known")
      }
    }
    var positions: [String: TextPosition] = [:]
    var counter = LineCounter(source)
    let wanted = reader.places.filter { $0.key.hasPrefix("sources") || !$0.key.contains(".") }
    for (key, offset) in wanted.sorted(by: { $0.value < $1.value }) {
      positions[key] = counter.position(of: offset)
    }
    var recordPaths: [Int: String] = [:]
    for (key, offset) in wanted where key.hasSuffix("]") { recordPaths[offset] = key }
    return ConfigFile(
      config: config, diagnostics: reader.finish(), file: file, places: reader.places,
      positions: positions, recordPaths: recordPaths)
  }

  /// A finding about a key, at its place if it was given.
  func diagnostic(
    _ severity: Diagnostic.Severity, _ keyPath: String, _ message: String,
    allowed: [String] = [], suggestion: String? = nil
  ) -> Diagnostic {
    let place = positions[keyPath]
    return Diagnostic(
      severity, file: file, line: place?.line ?? 0, column: place?.column ?? 0,
      byteOffset: places[keyPath] ?? 0, keyPath: keyPath, message: message, allowed: allowed,
      suggestion: suggestion)
  }
}
