import Bytes
import Glibc
import TestSupport
import Testing

@testable import JSONText
@testable import Rules

@Suite struct SchemaTexts {
  static let goodConfigs = [
    "{}", wholeExample, #"{"calendar":{"mode":"two-way","allowContactCreation":null}}"#,
    #"{"users":[{"id":"a","email":"a@x.example","licensed":"yes","fields":{"f":1},"overrides":{"inbound":{"keywords":["k"]},"calendar":{"allDay":"keep"}}}]}"#,
    #"{"leads":["a.csv",{"id":"1"}],"tasks":"t.csv"}"#,
    #"{"email":{"inbound":{"activity":{"attachmentTypes":["word","jpg"]}}}}"#,
  ]
  static let badConfigs = [
    #"{"emial":{}}"#, #"{"version":2}"#, #"{"email":{"outbound":{"keywords":{"checkIn":[]}}}}"#,
    #"{"email":{"outbound":{"exclude":{"applyTo":["from"]}}}}"#, #"{"calendar":{"guests":"all"}}"#,
    #"{"organization":{"retentionDays":0}}"#, #"{"sources":[{"path":""}]}"#, #"{"users":3}"#,
    #"{"users":[{"id":"a","overrides":{"outbound":{"enabled":true}}}]}"#,
    #"{"email":{"folders":["spam"]}}"#,
    #"{"organization":{"domains":["a b"]}}"#, #"{"calendar":{"connectedAt":"soon"}}"#,
  ]
  @Test("the schema of the configuration is strict JSON")
  func strictJSON() {
    let d = document(Config.schema())
    #expect(d.root?.member("$id") != nil && d.faults.isEmpty)
  }

  @Test func theReaderAndTheSchemaAgreeOnSamples() {
    for text in Self.goodConfigs { #expect(!read(text).diagnostics.hasErrors, "\(text)") }
    for text in Self.badConfigs {
      let f = read(text)
      let (_, report) = ListLoader.users(f, paths: [])
      #expect(f.diagnostics.hasErrors || report.diagnostics.hasErrors, "\(text)")
    }
  }

  /// The example of a page outside this repository, where the shared folder is there.
  static var contractExample: String? {
    guard let shared = SharedFolder.path,
      case .success(let input) = ListInput.open("\(shared)/contract.md"),
      let text = input.readAll(limit: 1 << 20)
    else { return nil }
    // The buffer, not a view of it, is what keeps the bytes alive.
    return withExtendedLifetime(text) {
      let v = text.view
      guard let start = v.firstRange(of: ByteView("```jsonc\n")),
        let end = v.firstRange(of: ByteView("\n```"), from: start + 4)
      else { return nil }
      return v.slice(start + 9, end).string
    }
  }

  // What is agreed on and not built yet: each is taken out of this list when it is.
  private static let agreed = [
    "email.review", "email.guards.recipients", "calendar.onDropped",
    "calendar.readdRemoved", "calendar.exclude", "output.csv",
  ]

  @Test(.needsShared) func theExampleOfTheContractIsRight() {
    let found = read(Self.contractExample ?? "").diagnostics
    let unknown = found.filter { $0.severity == .error }
    #expect(unknown.map(\.keyPath) == Self.agreed)
    #expect(unknown.allSatisfy { $0.message == "unknown key" })
    // It shows keywords although behaviour is all, and a task type that it does not list.
    #expect(
      found.filter { $0.severity != .error }.map(\.keyPath)
        == ["email.outbound.keywords.admin", "calendar.outboundTaskTypes[1]"])
  }

  @Test(.needs(pythonModule: "jsonschema")) func samplesFitTheSchemas() {
    let s = Scratch()
    var n = 0
    _ = s.file("config.schema.json", Config.schema())
    func sample(_ name: String, _ kind: String, _ text: String) {
      n += 1
      // Comments out, for a strict reader.
      let out = ByteBuffer()
      document(text, .config).root?.write(to: JSONWriter(out))
      _ = s.file("\(name).\(kind).\(n).json", out.string)
    }
    for t in Self.goodConfigs { sample("config", "good", t) }
    for t in Self.badConfigs { sample("config", "bad", t) }
    for p in Config.Profile.allCases {
      let out = ByteBuffer()
      Config.defaults(p).writeEffective(to: out)
      sample("config", "good", out.string)
    }
    var script = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    script = "/\(script)/Tools/check_schemas.py"
    #expect(spawn(["python3", script, s.folder]) == 0, "samples in the output above")
  }

  private func document(_ text: String, _ dialect: JSONDialect = .strict) -> JSONDocument {
    text.withByteView { JSONDocument.parse($0, dialect: dialect) }
  }

  /// Runs a program found on the path and gives its exit status; 127 when it is not there.
  private func spawn(_ arguments: [String]) -> Int32 {
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    argv.append(nil)
    defer { for a in argv { free(a) } }
    var pid: pid_t = 0
    guard posix_spawnp(&pid, arguments[0], nil, nil, argv, environ) == 0 else { return 127 }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status >> 8 & 0xFF
  }
}
