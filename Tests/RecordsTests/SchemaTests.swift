import Bytes
import Foundation
import JSONText
import TestSupport
import Testing

@testable import Records

@Suite struct RecordSchemas {
  static let goodRecords = [
    (
      "lead",
      #"{"key":"0123456789abcdef0123456789abcdef","email":"a@x.example","firstSeen":"2024-01-01T00:00:00Z"}"#
    ),
    (
      "block",
      #"{"key":"0123456789abcdef0123456789abcdef","owner":"u","start":"2024-01-01","end":"2024-01-02","calendar":"conflict"}"#
    ),
    (
      "decision",
      #"{"item":"mail","id":"a@b","outcome":"dropped","reason":"no-lead","rule":"r","owner":"u","source":{"path":"p","index":0,"offset":0},"records":[]}"#
    ),
    (
      "inspect",
      #"{"item":"mail","source":{"path":"p","index":0,"offset":0,"length":9},"from":[{"email":"a@x.example"}],"text":"","html":false,"attachments":[],"automatic":false,"bulk":false,"defects":["code-a"]}"#
    ),
    (
      "inspect",
      #"{"item":"event","source":{"path":"p","index":0},"uid":"u","start":"2024-01-01T10:00:00","allDay":false,"defects":[]}"#
    ),
    ("inspect", #"{"item":"quarantined","source":{"path":"p","index":0},"error":"e"}"#),
    (
      "activity",
      #"{"key":"0123456789abcdef0123456789abcdef","type":"Email Sent","direction":"outbound","date":"2024-01-01T00:00:00Z","owner":"u","lead":{"key":"0123456789abcdef0123456789abcdef","email":"a@x.example","matchedBy":"email"},"to":[{"name":"A","email":"a@x.example"}],"thread":"t","senderAuth":"none","source":{"path":"p","index":0,"offset":0}}"#
    ),
    (
      "run",
      #"{"items":{"in":1,"kept":1,"dropped":0,"quarantined":0},"mail":{"in":1,"kept":1,"dropped":0,"quarantined":0},"events":{"in":0,"kept":0,"dropped":0,"quarantined":0},"reasons":{"matched":1},"records":{"activities":1,"leads":0,"tasks":0,"blocks":0},"version":"1","compliance":{"region":null,"retentionDays":null},"timing":{}}"#
    ),
    (
      "task",
      #"{"key":"0123456789abcdef0123456789abcdef","uid":"u","type":"Meeting","start":"2024-01-01","allDay":true,"owner":"u","leads":[],"source":{"path":"p","index":0}}"#
    ),
  ]
  static let badRecords = [
    ("lead", #"{"key":"x","email":"a@x.example"}"#),
    ("block", #"{"key":"0123456789abcdef0123456789abcdef"}"#),
    (
      "decision",
      #"{"item":"mail","outcome":"dropped","reason":"because","source":{"path":"p","index":0},"records":[]}"#
    ),
    (
      "inspect",
      #"{"item":"mail","source":{"path":"p","index":0,"offset":0,"length":9},"text":"","html":false,"attachments":[],"automatic":false,"bulk":false,"defects":["code-b"]}"#
    ),
  ]

  @Test("every schema is strict JSON, and others there are none")
  func strictJSON() {
    for name in Schemas.names {
      let text = Schemas.schema(named: name, reasons: ["no-lead"], defects: ["code-a"]) ?? ""
      let d = text.withByteView { JSONDocument.parse($0) }
      #expect(d.root?.member("$id") != nil && d.faults.isEmpty, "\(name)")
    }
    #expect(Schemas.schema(named: "nothing", reasons: [], defects: []) == nil)
    #expect(Schemas.fields(named: "run") == nil)
  }

  @Test("samples of records fit their schemas, and broken ones do not")
  func samples() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("winnow-schemas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    for name in Schemas.names {
      let text = Schemas.schema(named: name, reasons: ["no-lead"], defects: ["code-a"]) ?? ""
      try write("\(name).schema.json", text)
    }
    for (i, (name, text)) in Self.goodRecords.enumerated() {
      try write("\(name).good.\(i).json", text)
    }
    for (i, (name, text)) in Self.badRecords.enumerated() {
      try write("\(name).bad.\(i).json", text)
    }
    var records = RandomRecords(seed: 7)
    for i in 0..<50 {
      var activity = records.activity()
      if activity.date == nil { activity.date = Instant(0) }
      let out = ByteBuffer()
      ActivityRecord.table.write(activity, to: JSONWriter(out))
      try write("activity.good.r\(i).json", out.string)
      out.removeAll()
      TaskRecord.table.write(records.task(), to: JSONWriter(out))
      try write("task.good.r\(i).json", out.string)
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Tools/check_schemas.py").path
    #expect(spawn(["python3", script, folder.path]) == 0, "samples in the output above")
  }

  @Test("the manual shows the fields as the tables have them", arguments: Schemas.names)
  func manual(name: String) throws {
    guard let table = Schemas.fields(named: name) else { return }
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Records/Records.docc/Fields.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains(table), "print it anew: winnow schema \(name) --fields")
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
