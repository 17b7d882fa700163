import Bytes
import CSVText
import Glibc
import Import
import JSONText
import Records

/// Takes bodies and attachments out of one result folder. Each file is written anew beside itself
/// and renamed, so that it is whole whenever the program is stopped; doing it twice does no harm.
struct ResultPruning {
  private let result: ResultFolder
  private let isDryRun: Bool
  private var tally = Prune.Tally()

  init(_ result: ResultFolder, isDryRun: Bool) {
    self.result = result
    self.isDryRun = isDryRun
  }

  /// The ending that files have while they are written.
  static let suffix = ".pruning"

  /// Prunes; gives what was taken out.
  func prune() throws -> Prune.Tally {
    var copy = self
    for (i, ending) in ["jsonl", "json", "csv"].enumerated() {
      let path = result.file("activities.\(ending)")
      // What a prune that was stopped left.
      if !isDryRun { unlink(path + Self.suffix) }
      guard ResultFolder.isFile(path) else { continue }
      let before = copy.tally.bodies
      try copy.rewrite(path, isCSV: ending == "csv")
      // The forms hold the same bodies.
      if i > 0, before > 0 { copy.tally.bodies = before }
    }
    copy.remove(result.file("attachments"), keepsNotes: false)
    copy.remove(result.file("quarantine"), keepsNotes: true)
    // Made of the records, bodies included, for one import.
    copy.remove(result.file("crm"), keepsNotes: false)
    if !isDryRun { try Staging.syncFolder(result.path) }
    return copy.tally
  }

  // MARK: Files

  private mutating func remove(_ folder: String, keepsNotes: Bool) {
    guard ResultFolder.isFolder(folder) else { return }
    count(folder, keepsNotes: keepsNotes, depth: 0)
    if isDryRun { return }
    guard keepsNotes else { return Paths.removeTree(folder) }
    for name in Paths.entries(of: folder) where !name.hasSuffix(".json") {
      let path = Paths.join(folder, name)
      if ResultFolder.isFile(path) { unlink(path) }
    }
  }

  private mutating func count(_ folder: String, keepsNotes: Bool, depth: Int) {
    for name in Paths.entries(of: folder) where !keepsNotes || !name.hasSuffix(".json") {
      let path = Paths.join(folder, name)
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      if info.st_mode & S_IFMT == S_IFDIR {
        if depth < 16 { count(path, keepsNotes: keepsNotes, depth: depth + 1) }
      } else {
        tally.files += 1
        tally.bytes += Int64(info.st_size)
      }
    }
  }

  private mutating func rewrite(_ path: String, isCSV: Bool) throws {
    let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    var info = stat()
    guard fd >= 0, fstat(fd, &info) == 0 else { throw OutputError(path: path, call: "open") }
    defer { close(fd) }
    let temporary = path + Self.suffix
    let file = isDryRun ? nil : try OutputFile(creating: temporary)
    do {
      // Who may not read the old one may not read the new one, either.
      if file != nil, chmod(temporary, info.st_mode & 0o777) != 0 {
        throw OutputError(path: temporary, call: "chmod")
      }
      let size: Int64
      let isChanged: Bool
      (isChanged, size) =
        try isCSV
        ? rewriteCSV(ResultCSV.reader(fd), file, path)
        : rewriteJSON(LineReader(descriptor: fd, path: path), file, path)
      try file?.close(sync: isChanged)
      if isChanged { tally.bytes += max(0, Int64(info.st_size) - size) }
      if file == nil { return }
      guard isChanged else {
        unlink(temporary)
        return
      }
      guard rename(temporary, path) == 0 else { throw OutputError(path: path, call: "rename") }
    } catch {
      if file != nil { unlink(temporary) }
      throw error
    }
  }

  private mutating func rewriteJSON(
    _ reader: LineReader, _ file: OutputFile?, _ path: String
  ) throws -> (isChanged: Bool, size: Int64) {
    var lines = reader
    let pruned = ByteBuffer(capacity: 64 << 10)
    var size: Int64 = 0
    var isChanged = false
    while let line = try lines.next() {
      let change = try RecordPruning.prune(line, of: path, to: pruned)
      if change.body { tally.bodies += 1 }
      if change.body || change.attachments { isChanged = true }
      pruned.append(ASCII.lf)
      size += Int64(pruned.count)
      try file?.write(pruned.view)
      pruned.removeAll()
    }
    return (isChanged, size)
  }

  private mutating func rewriteCSV(
    _ reader: CSVReader, _ file: OutputFile?, _ path: String
  ) throws -> (isChanged: Bool, size: Int64) {
    var table = CSVPruning()
    let pruned = ByteBuffer(capacity: 64 << 10)
    if reader.hasMark { pruned.append("\u{FEFF}") }
    var size: Int64 = 0
    while reader.next() {
      table.take(reader, to: pruned)
      size += Int64(pruned.count)
      try file?.write(pruned.view)
      pruned.removeAll()
    }
    if let fault = reader.fault {
      throw RunError(.ioError, "\(Plain.line(path)):\(fault.text); the file was not changed")
    }
    tally.bodies += table.bodies
    return (table.isChanged, size)
  }
}

/// The fields of an activity that do not stay, as JSON and CSV name them.
private enum PrunedFields {
  static let body = ActivityRecord.table.field(\.bodyText)?.name ?? ""
  static let attachments = ActivityRecord.table.field(\.attachments)?.name ?? ""
}

/// Takes body and attachments' paths out of one activity, as `activities.jsonl` and `.json` have it
/// on a line.
enum RecordPruning {
  /// Appends the line without its body.
  ///
  /// - Throws: ``RunError`` 74 for a line that winnow did not write.
  static func prune(
    _ line: ByteView, of path: String, to out: ByteBuffer
  ) throws -> (body: Bool, attachments: Bool) {
    var text = line
    // The lines of a JSON array: brackets alone, records with a comma after them.
    let hasComma = text[text.count - 1] == 44
    if hasComma { text = text.prefix(text.count - 1) }
    guard text[0] == 123 else {
      out.append(line)
      return (false, false)
    }
    let document = JSONDocument.parse(text)
    guard let root = document.root, root.kind == .object else {
      throw RunError(
        .ioError,
        "\(Plain.line(path)): a line of it is not as winnow writes it; nothing of this file was changed"
      )
    }
    var hasBody = false
    var hasPaths = false
    let w = JSONWriter(out)
    w.beginObject()
    for (key, value) in root.members {
      if key.bytes.equals(PrunedFields.body) {
        hasBody = true
        continue
      }
      w.key(text: key.bytes.string)
      if key.bytes.equals(PrunedFields.attachments) {
        w.beginArray()
        for a in value.elements { if attachment(a, w) { hasPaths = true } }
        w.endArray()
      } else {
        value.write(to: w)
      }
    }
    w.endObject()
    if !hasBody, !hasPaths {
      // Byte for byte as it was.
      out.removeAll()
      out.append(line)
    } else if hasComma {
      out.append(44)
    }
    return (hasBody, hasPaths)
  }

  // What is gone has no path but a reason. True when it had a path.
  private static func attachment(_ a: JSONValue, _ w: JSONWriter) -> Bool {
    guard a.member("path")?.kind == .string else {
      a.write(to: w)
      return false
    }
    w.beginObject()
    for (key, value) in a.members where !key.bytes.equals("reason") {
      w.key(text: key.bytes.string)
      if key.bytes.equals("path") {
        w.null()
      } else if key.bytes.equals("kept") {
        w.bool(false)
      } else {
        value.write(to: w)
      }
    }
    w.member("reason", "pruned")
    w.endObject()
    return true
  }
}

/// Empties the cells of `bodyText` and takes stored files out of those of `attachments`, in
/// `activities.csv`. All other cells stay as they are written.
struct CSVPruning {
  /// Bodies that were emptied.
  private(set) var bodies = 0
  /// True when anything was.
  private(set) var isChanged = false
  private var bodyColumn = -1
  private var attachmentsColumn = -1
  private var isHeader = true

  /// Appends what becomes of the reader's record.
  mutating func take(_ reader: CSVReader, to out: ByteBuffer) {
    for i in 0..<reader.count {
      if i > 0 { out.append(reader.delimiter) }
      let cell = reader.written(i)
      if isHeader {
        if reader.cell(i).equals(PrunedFields.body) { bodyColumn = i }
        if reader.cell(i).equals(PrunedFields.attachments) { attachmentsColumn = i }
      } else if i == bodyColumn {
        if !cell.isEmpty {
          bodies += 1
          isChanged = true
        }
        continue
      } else if i == attachmentsColumn, cell.firstRange(of: ByteView("attachments/")) != nil {
        isChanged = true
        out.append(string: names(cell.string))
        continue
      }
      out.append(cell)
    }
    out.append(reader.lineEnd)
    isHeader = false
  }

  // Names of what was never stored stay.
  private func names(_ raw: String) -> String {
    var text = raw
    let isQuoted = text.utf8.count >= 2 && text.utf8.first == 34
    if isQuoted { text = String(text.dropFirst().dropLast()) }
    let kept = text.split(separator: ";", omittingEmptySubsequences: false).filter {
      !$0.hasPrefix("attachments/")
    }
    let joined = kept.joined(separator: ";")
    return isQuoted && !joined.isEmpty ? "\"\(joined)\"" : joined
  }
}
