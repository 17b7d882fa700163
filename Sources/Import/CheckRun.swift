import Bytes
import JSONText
import Mailboxes
import Rules

/// `winnow check`: configuration, lists and sources; every problem at once.
public enum CheckRun {
  /// Prints every finding, one a line, to standard error, and a verdict to standard output.
  ///
  /// - Returns: 78 with errors in configuration or lists, 65 with errors in sources only, 2 with
  ///   warnings when `failsOnWarnings`, else 0.
  public static func execute(
    config: String?, effective: Bool, asUser: String?, failsOnWarnings: Bool, isQuiet: Bool,
    isJSON: Bool = false
  ) throws -> ExitStatus {
    var options = ImportOptions()
    options.config = config ?? "winnow.json"
    let setup = try RunSetup.read(options)
    let errors = setup.diagnostics.filter { $0.severity == .error }
    let warnings = setup.diagnostics.filter { $0.severity == .warning }
    for d in setup.diagnostics where !isQuiet || d.severity == .error { Console.error(d.text) }
    if !errors.isEmpty {
      if isJSON {
        Console.out(json(setup, sources: [], faults: []))
      } else if !isQuiet {
        Console.out("\(errors.count) errors, \(warnings.count) warnings")
      }
      return .configuration
    }
    if effective {
      let out = ByteBuffer()
      setup.config.writeEffective(to: out)
      Console.out(out.string)
      return .done
    }
    if let asUser { return try mayChange(asUser, setup) }
    var sourceFaults: [String] = []
    var sources: [ResolvedSource] = []
    do {
      let found = try setup.resolveSources(options)
      sources = found.sources
      if !isQuiet {
        for w in found.warnings { Console.error("winnow: \(Plain.line(w))") }
        if !isJSON { for s in sources { Console.out(Plain.line(line(s))) } }
      }
    } catch let error as RunError where error.status == .badSource || setup.config.sources.isEmpty {
      sourceFaults = error.details.isEmpty ? [error.message] : [error.message] + error.details
    }
    for fault in sourceFaults { Console.error("winnow: \(Plain.line(fault))") }
    if isJSON {
      Console.out(json(setup, sources: sources, faults: sourceFaults))
    } else if !isQuiet {
      Console.out(
        "\(setup.users.users.count) users, \(setup.leads.count) leads; "
          + "\(errors.count + sourceFaults.count) errors, \(warnings.count) warnings")
    }
    if !sourceFaults.isEmpty { return .badSource }
    return failsOnWarnings && !warnings.isEmpty ? .failOn : .done
  }

  private static func line(_ s: ResolvedSource) -> String {
    let owner = s.ownerName.isEmpty ? "nobody is known" : s.ownerName
    let note = s.ownerNote.map { " (\($0))" } ?? ""
    return "\(s.display): \(s.found.kind.rawValue), owner \(owner)\(note), folder \(folder(s))"
  }

  private static func folder(_ s: ResolvedSource) -> String {
    if let fixed = s.fixedFolder { return fixed.word }
    return s.found.folder.name.isEmpty ? "auto" : s.found.folder.role.word
  }

  // Everything found as one JSON object, for `--json`.
  private static func json(
    _ setup: RunSetup, sources: [ResolvedSource], faults: [String]
  ) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    func member(_ key: StaticString, _ value: String) {
      w.key(key)
      w.string(value)
    }
    func member(_ key: StaticString, _ value: Int) {
      w.key(key)
      w.number(value)
    }
    w.beginObject()
    member("errors", setup.diagnostics.filter { $0.severity == .error }.count + faults.count)
    member("warnings", setup.diagnostics.filter { $0.severity == .warning }.count)
    member("users", setup.users.users.count)
    member("leads", setup.leads.count)
    w.key("findings")
    w.beginArray()
    for d in setup.diagnostics {
      w.beginObject()
      member("severity", d.severity.rawValue)
      member("file", d.file)
      member("line", d.line)
      member("column", d.column)
      member("key", d.keyPath)
      member("message", d.message)
      w.key("suggestion")
      w.string(orNull: d.suggestion)
      w.key("allowed")
      w.beginArray()
      for a in d.allowed { w.string(a) }
      w.endArray()
      w.endObject()
    }
    w.endArray()
    w.key("sourceFaults")
    w.beginArray()
    for f in faults { w.string(f) }
    w.endArray()
    w.key("sources")
    w.beginArray()
    for s in sources {
      w.beginObject()
      member("path", s.display)
      member("kind", s.found.kind.rawValue)
      member("owner", s.ownerName)
      member("folder", folder(s))
      w.endObject()
    }
    w.endArray()
    w.endObject()
    return out.string
  }

  // features.md ES-5.2: who may make the changes of his overrides.
  private static func mayChange(_ id: String, _ setup: RunSetup) throws -> ExitStatus {
    guard let i = setup.users.user(id: id) else {
      throw RunError(
        .configuration, "--as \(Plain.line(id)): no user with this id is in the users list")
    }
    let user = setup.users.users[i]
    let policy = AccessPolicy(setup.config)
    let settings = policy.mayChangeSettings(user)
    Console.out("\(id): \(settings ? "may" : "may not") change the settings (access.settings)")
    Console.out("\(id): \(policy.mayUseInbox(user) ? "may" : "may not") sync mail (access.inbox)")
    Console.out(
      "\(id): \(policy.mayUseCalendar(user) ? "may" : "may not") sync a calendar (access.calendar)")
    let own =
      user.overrides.isEmpty ? "has no overrides" : "has overrides for his own mail or calendar"
    Console.out("\(id): \(own)")
    return settings || user.overrides.isEmpty ? .done : .failOn
  }
}
