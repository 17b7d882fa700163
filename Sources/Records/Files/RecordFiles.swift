package import Bytes
internal import CSVText

/// One kind of record in every configured format: `activities.jsonl`, `.csv`, `.json`.
///
/// The caller renders JSON objects and CSV rows; this only frames and writes them.
package final class RecordFiles {
  /// Records written.
  @exclusivity(unchecked) package private(set) var count = 0
  private let jsonl: OutputFile?
  private let csv: OutputFile?
  private let json: OutputFile?

  /// The formats that a configuration can name.
  package struct Formats: OptionSet, Sendable {
    /// The bits.
    package let rawValue: UInt8
    /// From its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A line of JSON a record.
    package static let jsonl = Formats(rawValue: 1)
    /// A row a record, under a header.
    package static let csv = Formats(rawValue: 2)
    /// An array of JSON.
    package static let json = Formats(rawValue: 4)
  }

  /// Creates the files of `name` in a folder, with the CSV header row.
  package init(
    folder: String, name: String, formats: Formats, columns: @autoclosure () -> [StaticString]
  ) throws {
    func make(_ f: Formats, _ ending: String) throws -> OutputFile? {
      formats.contains(f)
        ? try OutputFile(creating: "\(folder)/\(name).\(ending)") : nil
    }
    jsonl = try make(.jsonl, "jsonl")
    csv = try make(.csv, "csv")
    json = try make(.json, "json")
    if let csv {
      let row = ByteBuffer()
      for (i, column) in columns().enumerated() {
        if i > 0 { row.append(44) }
        row.append(column)
      }
      CSVWriter.endRow(row)
      try csv.write(row.view)
    }
    try json?.write("[")
  }

  /// Writes one record: the JSON object in two pieces and the CSV row in two pieces.
  package func write(json head: ByteView, _ tail: ByteView, csv row: ByteView, _ rest: ByteView)
    throws
  {
    if let jsonl {
      jsonl.pending.append(head)
      try jsonl.write(tail)
      jsonl.pending.append(ASCII.lf)
    }
    if let json {
      json.pending.append(count == 0 ? "\n" : ",\n")
      json.pending.append(head)
      try json.write(tail)
    }
    if let csv {
      csv.pending.append(row)
      try csv.write(rest)
      CSVWriter.endRow(csv.pending)
    }
    count += 1
  }

  /// Appends the records that other files of this kind hold, so many of them.
  ///
  /// - Parameters:
  ///   - folder: Where they lie, under the same names and in the same formats.
  package func append(from folder: String, name: String, count more: Int) throws {
    if let jsonl { try jsonl.append(contentsOf: "\(folder)/\(name).jsonl") }
    if let csv { try csv.append(contentsOf: "\(folder)/\(name).csv", behindFirstLine: true) }
    if let json, more > 0 {
      json.pending.append(count == 0 ? "\n" : ",\n")
      try json.append(
        contentsOf: "\(folder)/\(name).json", behindFirstLine: true, but: "\n]\n".utf8.count)
    }
    count += more
  }

  /// Ends and syncs the files.
  package func close(sync: Bool) throws {
    try json?.write(count == 0 ? "]\n" : "\n]\n")
    for file in [jsonl, csv, json] { try file?.close(sync: sync) }
  }
}
