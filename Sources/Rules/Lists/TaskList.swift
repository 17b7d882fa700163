import Bytes

/// One of the CRM's tasks as its list has it; texts on one line except the description.
public struct TaskRow: Sendable {
  /// The values in the order of the settings of `tasks.columns`; empty when there is none.
  public let values: [String]
  /// The file it stands in, as the user named it.
  public let file: String
  /// The line it begins on, or 0.
  public let line: Int

  private func value(_ i: Int) -> String { i < values.count ? values[i] : "" }

  /// The id; never empty.
  public var id: String { value(0) }
  /// The task type.
  public var type: String { value(1) }
  /// The subject.
  public var subject: String { value(2) }
  /// The description.
  public var description: String { value(3) }
  /// When it starts, as written.
  public var start: String { value(4) }
  /// When it ends, as written.
  public var end: String { value(5) }
  /// The owner's id or address.
  public var owner: String { value(6) }
  /// The place.
  public var location: String { value(7) }
  /// The participants' addresses, joined by `;` or `,`.
  public var participants: String { value(8) }
  /// Whether participants are invited, as written.
  public var invite: String { value(9) }
  /// The state, as written.
  public var status: String { value(10) }
  /// When it was made, as written.
  public var createdOn: String { value(11) }
  /// When it was changed last, as written.
  public var modifiedOn: String { value(12) }
}

extension ListLoader {
  /// Reads all tasks: the records in the configuration, then the files in their order.
  public static func tasks(_ file: ConfigFile, paths: [ListPath]) -> ([TaskRow], ListReport) {
    let config = file.config.tasks
    let columns = Config.TaskColumns.names.enumerated().map { i, name in
      ListColumn(
        "tasks.columns.\(name)", i < config.columns.columns.count ? config.columns.columns[i] : nil,
        usual: [name], isRequired: i == 0)
    }
    var report = ListReport()
    var tasks: [TaskRow] = []
    var ids: [String: Int] = [:]
    func read(_ rows: any ListRows, _ file: String) {
      reading: while true {
        switch rows.next() {
        case .end: break reading
        case .bad(let why):
          report.rows += 1
          report.errorRow(file, rows.line, why)
          continue
        case .row: report.rows += 1
        }
        let task = TaskRow(
          values: columns.indices.map { rows.value($0).string }, file: file, line: rows.line)
        if task.id.isEmpty {
          report.errorRow(file, rows.line, "it has no id")
        } else if let other = ids[task.id] {
          report.error(
            file, rows.line,
            "the task id \"\(task.id.prefix(60))\" occurs twice: also line \(tasks[other].line) of \(tasks[other].file)"
          )
        } else {
          ids[task.id] = tasks.count
          tasks.append(task)
        }
      }
      report.diagnostics += rows.finish()
    }
    if !config.source.records.isEmpty {
      read(JSONRows(config.source.records, file: file.file, columns: columns), file.file)
    }
    for path in paths {
      switch rows(path, columns) {
      case .failure(let f): report.error(path.shown, 0, f.message)
      case .success(let r): read(r, path.shown)
      }
    }
    return (tasks, report)
  }
}
