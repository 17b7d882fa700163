import Bytes
import Glibc
import TestSupport
import Testing

@testable import JSONText
@testable import Rules

/// Files for one test, removed with it.
final class Scratch {
  let folder: String
  init() {
    var template = Array("/tmp/winnow-lists-XXXXXX".utf8CString)
    folder = template.withUnsafeMutableBufferPointer { p in
      p.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
    }
  }
  private var written: [String] = []
  func file(_ name: String, _ bytes: [UInt8]) -> ListPath {
    let path = "\(folder)/\(name)"
    if let f = fopen(path, "w") {
      fwrite(bytes, 1, bytes.count, f)
      fclose(f)
    }
    written.append(path)
    return ListPath(shown: name, path: path)
  }
  func file(_ name: String, _ text: String) -> ListPath { file(name, Array(text.utf8)) }
  deinit {
    for p in written { unlink(p) }
    rmdir(folder)
  }
}

@Suite struct ListFiles {
  @Test func leadsOfSeveralFilesAreOneList() {
    let s = Scratch()
    let f = read(
      #"{"leads":{"files":["x"],"id":"ProspectID","searchBy":["EmailAddress"],"columns":{"name":"FullName"}}}"#
    )
    let (index, report) = ListLoader.leads(
      f,
      paths: [
        s.file(
          "a.csv", "EmailAddress,ProspectID,FullName\nann@x.example,1,Ann\n,2,\"No\r\nMail\"\nx,,\n"
        ),
        s.file("b.json", #"[{"ProspectID":"3","EmailAddress":"ANN@x.example"}]"#),
        s.file("c.export", "prospectid;emailaddress\n4;joe@x.example\n"),
      ])
    #expect(!report.diagnostics.hasErrors)
    #expect(index.count == 4)
    #expect(report.rows == 5)
    #expect(report.errorRows == 1)
    #expect(LeadLists.match(index, "ann@x.example")?.ids == ["1", "3"])
    #expect(index.value(.name, of: 1).string == "No Mail")
    #expect(
      report.diagnostics.contains { $0.text == "a.csv:5: warning: row left out: it has no id" })
  }

  @Test func aDuplicateLeadNamesBothLines() {
    let s = Scratch()
    let (_, report) = ListLoader.leads(
      read("{}"),
      paths: [s.file("a.csv", "id,email\n1,a@x.example\n"), s.file("b.csv", "id,email\n2,\n1,\n")])
    let errors = report.diagnostics.filter { $0.severity == .error }.map(\.text)
    #expect(errors == ["b.csv:3: the lead id \"1\" occurs twice: also line 2 of a.csv"])
  }

  @Test func missingColumnsAreRefusedWithTheNearest() {
    let s = Scratch()
    let f = read(#"{"leads":{"files":["x"],"id":"ProspectID","searchBy":["EmailAddress"]}}"#)
    let (index, report) = ListLoader.leads(
      f, paths: [s.file("a.csv", "ProspectId2,Email,Name\n1,a@x.example,A\n")])
    #expect(index.count == 0)
    let errors = report.diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.keyPath) == ["leads.id", "leads.searchBy[0]"])
    #expect(errors.map(\.suggestion) == ["ProspectId2", "Email"])
    let (_, json) = ListLoader.leads(
      f, paths: [s.file("a.json", #"[{"ProspectID":"1","EmailAdress":"a@x.example"}]"#)])
    #expect(json.diagnostics.map(\.suggestion) == ["EmailAdress"])
  }

  @Test func usersComeFromCSVWithTheirFields() {
    let s = Scratch()
    let (users, report) = ListLoader.users(
      read("{}"),
      paths: [
        s.file(
          "u.csv",
          "ID;Name;EMAIL;Aliases;Role;Licensed;Status;Is Employee;ConnectedAt\n"
            + "u1;Ann;ann@x.example;\"a@x.example; b@x.example\";Sales User;;;Yes;2024-01-01\n"
            + "u2;Bob;bob@x.example;;;no;Paused;;\n")
      ])
    #expect(report.diagnostics.map(\.text) == [])
    #expect(users.users.map(\.aliases) == [["a@x.example", "b@x.example"], []])
    #expect(users.users.map(\.licensed) == [true, false])
    #expect(users.users.map(\.status) == [.active, .paused])
    #expect(users.users[0].fields == ["Is Employee": "Yes"])
    #expect(users.users[0].connectedAt?.year == 2024)
    #expect(users.users[1].role == nil)
  }

  @Test func furtherMembersOfUsersInJSONAreFields() {
    let s = Scratch()
    let (users, report) = ListLoader.users(
      read("{}"),
      paths: [
        s.file("u.json", #"[{"id":"a","email":"a@x.example","Is Employee":true,"x":{"y":1}}]"#)
      ])
    #expect(report.diagnostics.map(\.text) == [])
    #expect(users.users[0].fields == ["Is Employee": "true"])
  }

  @Test func tasksKeepTheirRows() {
    let s = Scratch()
    let f = read(#"{"tasks":{"files":["x"],"columns":{"id":"TaskId","type":"TaskType"}}}"#)
    let (tasks, report) = ListLoader.tasks(
      f,
      paths: [
        s.file("t.csv", "TaskId,TaskType,Subject,Start\nt1,Meeting,Hello,2024-01-01T10:00Z\n,x,,\n")
      ])
    #expect(tasks.map(\.id) == ["t1"])
    #expect(tasks[0].subject == "Hello")
    #expect(tasks[0].start == "2024-01-01T10:00Z")
    #expect(tasks[0].line == 2)
    #expect(report.errorRows == 1)
    let (_, twice) = ListLoader.tasks(f, paths: [s.file("d.csv", "TaskId,TaskType\n1,a\n1,b\n")])
    #expect(twice.diagnostics.hasErrors)
  }

  @Test func filesThatCannotBeReadAreTold() {
    let s = Scratch()
    let (_, report) = ListLoader.leads(
      read("{}"),
      paths: [
        ListPath(shown: "gone.csv", path: "\(s.folder)/gone.csv"),
        ListPath(shown: "dir", path: "/tmp"),
      ])
    #expect(report.diagnostics.map(\.text).count == 2)
    #expect(report.diagnostics.first?.text.contains("No such file") == true)
  }
}

/// What the hostile files of the shared folder must come to: leads, error rows, and a part of an
/// error's text when the list is refused.
private let hostileLists: [(file: String, leads: Int, errorRows: Int, refusal: String?)] = [
  ("csv/leads_ok.csv", 2, 0, nil), ("csv/leads_bom_semicolon.csv", 1, 0, nil),
  ("csv/leads_utf16.csv", 1, 0, nil), ("csv/leads_latin1.csv", 1, 0, nil),
  ("csv/leads_unterminated_quote.csv", 0, 0, ":2:3: the quote that opens here"),
  ("csv/leads_quote_inside.csv", 2, 0, nil),
  ("csv/leads_crlf_in_quotes.csv", 1, 0, nil), ("csv/leads_ragged.csv", 2, 0, nil),
  ("csv/leads_dup_header.csv", 0, 0, "both named \"email\""),
  ("csv/leads_missing_header.csv", 0, 0, "no column"),
  ("csv/leads_dup_id.csv", 1, 0, "also line 2"), ("csv/leads_dup_email.csv", 2, 0, nil),
  ("csv/leads_nul.csv", 0, 1, nil), ("csv/leads_formula.csv", 2, 0, nil),
  ("csv/leads_huge_field.csv", 1, 0, nil), ("csv/leads_many_columns.csv", 1, 0, nil),
  ("csv/leads_homograph.csv", 2, 0, nil), ("csv/leads_empty.csv", 0, 0, "empty"),
  ("csv/leads_header_only.csv", 0, 0, nil), ("csv/leads_cr_only.csv", 1, 0, nil),
  ("csv/leads_truncated.csv", 2, 0, nil), ("json/leads_ok.json", 1, 0, nil),
  ("json/leads_deep.json", 0, 0, "deeper"), ("json/leads_dupkeys.json", 1, 0, "occurs twice"),
  ("json/leads_lone_surrogate.json", 1, 0, "surrogate"), ("json/leads_nul.json", 0, 1, nil),
  ("json/leads_bignum.json", 4, 0, "2^53"), ("json/leads_trailing.json", 1, 0, "expected the end"),
  ("json/leads_truncated.json", 1, 0, "no end"), ("json/leads_nan.json", 0, 0, "expected a value"),
  ("json/leads_proto.json", 1, 0, nil), ("json/leads_bad_utf8.json", 1, 0, "UTF-8"),
  ("json/leads_utf16.json", 0, 0, "UTF-16"),
  ("json/leads_object_not_array.json", 0, 0, "must begin with ["),
]

@Suite(.needsShared) struct HostileLists {
  @Test func hostileLeadListsEndAsTheyMust() throws {
    let shared = try #require(SharedFolder.path)
    for h in hostileLists {
      let (index, report) = ListLoader.leads(
        read("{}"), paths: [ListPath(shown: h.file, path: "\(shared)/hostile/\(h.file)")])
      let errors = report.diagnostics.filter { $0.severity == .error }.map(\.text)
      #expect(errors.isEmpty == (h.refusal == nil), "\(h.file): \(errors)")
      if let refusal = h.refusal {
        #expect(errors.contains { $0.contains(refusal) }, "\(h.file): \(errors)")
      } else {
        #expect(index.count == h.leads, "\(h.file)")
      }
      #expect(report.errorRows == h.errorRows, "\(h.file)")
    }
  }

  @Test func homographsAndPatternsAreNoMatches() throws {
    let shared = try #require(SharedFolder.path)
    let (index, report) = ListLoader.leads(
      read("{}"), paths: [ListPath(shown: "w", path: "\(shared)/hostile/csv/leads_wildcard.csv")])
    #expect(index.addressCount == 0)
    #expect(report.invalidAddresses == 3)
    let (two, _) = ListLoader.leads(
      read("{}"), paths: [ListPath(shown: "h", path: "\(shared)/hostile/csv/leads_homograph.csv")])
    #expect(two.addressCount == 2)
  }

  @Test func usersThatShareAnAddressAreRefused() throws {
    let shared = try #require(SharedFolder.path)
    let (_, report) = ListLoader.users(
      read("{}"), paths: [ListPath(shown: "u", path: "\(shared)/hostile/json/leads_users_dup.json")]
    )
    #expect(report.diagnostics.hasErrors)
  }

  @Test func hostileConfigurationsAreRefusedWithoutShowingTheirValues() throws {
    let shared = try #require(SharedFolder.path)
    for name in [
      "bom", "comments", "deep", "dup_keys", "empty", "env_ref", "float_int", "future_version",
      "huge_int", "ledger_memory", "ledger_uri", "many_rules", "negative_limits", "nul_path",
      "null_values", "output_in_input", "path_escape", "regex_invalid", "regex_redos",
      "secret_inline", "template_injection", "template_loop", "unknown_key", "wrong_types",
    ] {
      guard case .success(let input) = ListInput.open("\(shared)/hostile/config/\(name).json"),
        let text = input.readAll(limit: 1 << 20)
      else {
        Issue.record("\(name) cannot be read")
        continue
      }
      let f = ConfigFile.read(text.view, file: name)
      // All of them have keys that winnow does not know.
      #expect(f.diagnostics.hasErrors, "\(name)")
      let all = f.diagnostics.map(\.text).joined(separator: "\n")
      #expect(!all.contains("sk-TEST") && !all.contains("rm -rf"), "\(name)")
      #expect(
        name == "empty" || name == "deep" || f.diagnostics.allSatisfy { $0.line > 0 }, "\(name)")
    }
  }
}
