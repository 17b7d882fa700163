import Bytes
import Glibc
import Ledger
import Records
import Rules

/// What the commands over the ledger are all asked for.
public struct LedgerOptions: Sendable {
  /// The configuration's path, or nil for `winnow.json` here.
  public var config: String?
  /// `--ledger`; nil for `winnow.sqlite` below `output.directory`.
  public var ledger: String?
  /// `--now`; nil for the clock.
  public var now: TimePoint?
  /// `--json`
  public var isJSON = false
  /// `--quiet`
  public var isQuiet = false

  /// The defaults.
  public init() {}

  /// What an import was asked for, of these.
  init(_ options: ImportOptions) {
    config = options.config
    ledger = options.ledger
    now = options.now
    isJSON = options.isJSON
    isQuiet = options.isQuiet
  }
}

/// Configuration, users and ledger of a command that reads no mail.
///
/// The lists of leads and tasks are left alone: a log must not wait for a million leads.
final class LedgerPlace {
  let options: LedgerOptions
  let config: Config
  /// The folder that relative paths start from.
  let folder: String
  /// The CRM's users.
  let users: UserIndex
  /// The ledger's path.
  let path: String
  /// `--now`, or the clock; seconds since 1970.
  let now: Int64

  /// Reads the configuration; with `--ledger` and no configuration here the defaults hold.
  ///
  /// - Throws: ``RunError`` 78 with every fault of configuration and users list at once.
  init(_ options: LedgerOptions) throws {
    self.options = options
    let name = options.config ?? "winnow.json"
    var bytes = Array("{\"version\":1}".utf8)
    var folder = "."
    if options.config != nil || options.ledger == nil || access(name, F_OK) == 0 {
      guard let read = Paths.readSmallFile(name, limit: 64 << 20) else {
        throw RunError(
          .configuration,
          "\(Plain.line(name)): cannot be read: \(String(cString: strerror(errno))); name the configuration with --config, or the ledger with --ledger"
        )
      }
      bytes = read
      folder = Paths.parent(of: name)
    }
    let file = bytes.withByteView {
      ConfigFile.read($0, file: name, isTimeZone: RunSetup.isTimeZone)
    }
    var found = file.diagnostics
    var users = UserIndex([], organizationDomains: [])
    if !found.hasErrors {
      let paths = RunSetup.paths(file.config.users.source.files, folder, "users", &found)
      let (list, report) = ListLoader.users(file, paths: paths)
      users = list
      found += report.diagnostics
    }
    let errors = found.filter { $0.severity == .error }
    if let first = errors.first {
      throw RunError(
        .configuration,
        errors.count == 1
          ? first.text : "\(errors.count) faults in the configuration; nothing was done",
        details: errors.count == 1 ? [] : errors.map(\.text))
    }
    config = file.config
    self.folder = folder
    self.users = users
    path = options.ledger ?? LedgerBook.defaultPath(config, folder)
    now = options.now?.start(zone: config.organization.timeZone) ?? Int64(time(nil))
  }

  /// Where runs are published unless `--out` says otherwise.
  var outputFolder: String { LedgerBook.outputFolder(config, folder) }

  /// True when the ledger is there.
  var exists: Bool { access(path, F_OK) == 0 }

  /// Opens the ledger for reading; nil, and a line to standard error, when there is none yet. One
  /// that was named and is not there is an error: a slip of the pen, most likely.
  func openForReading() throws -> LedgerFile? {
    if options.ledger == nil, !exists {
      tell("\(path): there is no ledger yet; the first `winnow import` without --out makes it")
      return nil
    }
    if let ledger = try Self.openCurrent(path) { return ledger }
    // Opening it for writing is what brings it up to date.
    return try LedgerFile.open(path, mode: .readWrite)
  }

  // nil for a ledger that an older program wrote.
  private static func openCurrent(_ path: String) throws(LedgerError) -> LedgerFile? {
    do {
      return try LedgerFile.open(path, mode: .readOnly)
    } catch {
      if error.kind.isOlder { return nil }
      throw error
    }
  }

  /// Says something to the person, on standard error, unless `--quiet`.
  func tell(_ line: String) {
    if !options.isQuiet { Console.error("winnow: \(Plain.line(line))") }
  }

  /// Runs `body` with the failures of ledger and files in the words of the command line.
  static func execute(
    _ options: LedgerOptions, _ body: (LedgerPlace) throws -> ExitStatus
  ) throws -> ExitStatus {
    do {
      return try body(LedgerPlace(options))
    } catch let error as LedgerError {
      throw RunError(error)
    } catch let error as OutputError {
      throw RunError(.ioError, "\(error.path): \(error.call) failed: \(error.explanation)")
    }
  }
}

extension LedgerError.Kind {
  /// True for a ledger that an older program wrote.
  fileprivate var isOlder: Bool {
    if case .older = self { return true }
    return false
  }
}

/// A table for people: columns as wide as their cells, the last ones cut to fit a terminal.
struct TextTable {
  private var rows: [[String]]
  private let flexible: Int

  /// - Parameters:
  ///   - head: The names of the columns.
  ///   - flexible: From this column on cells are cut where the terminal is too narrow.
  init(_ head: [String], flexible: Int) {
    rows = [head]
    self.flexible = flexible
  }

  /// Adds a row; what would move a cursor is shown as `\u{…}`.
  mutating func add(_ cells: [String]) { rows.append(cells.map(Plain.line)) }

  /// Columns of the terminal on standard output; nil when it is none.
  static var terminalWidth: Int? {
    var size = winsize()
    guard isatty(1) == 1, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// The table, a line a row; no line is wider than `width` where that leaves 8 columns a cell.
  func text(width: Int?) -> String {
    let count = rows.first?.count ?? 0
    var widths = [Int](repeating: 0, count: count)
    for row in rows {
      for (c, cell) in row.enumerated() where c < count {
        widths[c] = max(widths[c], Self.width(cell))
      }
    }
    if let width { shrink(&widths, by: widths.reduce(0, +) + 2 * max(0, count - 1) - width) }
    var out = ""
    for row in rows {
      var line = ""
      for (c, cell) in row.enumerated() where c < count {
        let (text, used) = Self.fitted(cell, widths[c])
        line += text
        if c < count - 1 { line += String(repeating: " ", count: widths[c] - used + 2) }
      }
      while line.utf8.last == 32 { line.removeLast() }
      out += line + "\n"
    }
    return out
  }

  // The widest of the flexible columns gives way until all fit.
  private func shrink(_ widths: inout [Int], by columns: Int) {
    for _ in 0..<max(0, columns) {
      var widest = flexible
      for c in widths.indices where c > widest && widths[c] > widths[widest] { widest = c }
      guard widest < widths.count, widths[widest] > 8 else { return }
      widths[widest] -= 1
    }
  }

  // The text, cut with an ellipsis where it is wider, and its width.
  private static func fitted(_ s: String, _ width: Int) -> (String, Int) {
    let whole = Self.width(s)
    if whole <= width { return (s, whole) }
    var out = String.UnicodeScalarView()
    var used = 0
    for u in s.unicodeScalars {
      let w = columns(u)
      if used + w > width - 1 { break }
      out.append(u)
      used += w
    }
    out.append("\u{2026}")
    return (String(out), used + 1)
  }

  private static func width(_ s: String) -> Int { s.unicodeScalars.reduce(0) { $0 + columns($1) } }

  /// Columns of a scalar on a terminal: none for marks, two for East Asian wide ones.
  private static func columns(_ u: Unicode.Scalar) -> Int {
    if u.value < 0x300 { return 1 }
    switch u.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch u.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
