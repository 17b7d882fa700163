import Foundation
import Testing

/// Sources that are `-` or a pipe, read by the built program.
@Suite struct `Sources from a pipe` {
  private let command = #""$0" import --config winnow.json --now 2026-06-01"#

  /// A binary whose configuration names standard input as Bob's mailbox, too.
  private func binary() throws -> WinnowBinary {
    let b = try WinnowBinary()
    try b.write(
      "winnow.json",
      WinnowBinary.config(
        sources: #"[{"path": "in/mail.mbox", "owner": "bob"}, {"path": "-", "owner": "bob"}]"#))
    return b
  }

  /// The activities of a result, their source's path taken as the file's.
  private func activities(_ b: WinnowBinary, _ result: String, from path: String) throws -> String {
    try b.text("\(result)/activities.jsonl").replacingOccurrences(
      of: #""path":"\#(path)""#, with: #""path":"in/mail.mbox""#)
  }

  @Test(arguments: [
    ("cat in/mail.mbox | COMMAND --out piped -", "-"),
    ("gzip -c in/mail.mbox | COMMAND --out piped -", "-"),
    ("COMMAND --out piped - < in/mail.mbox", "-"),
    ("cat in/mail.mbox | COMMAND --jobs 2 --out piped -", "-"),
  ])
  func `mail through standard input gives the records of its file`(
    _ line: String, _ path: String
  ) throws {
    let b = try binary()
    defer { b.remove() }
    #expect(try b.importMail("in/mail.mbox").status == 0)
    let run = try b.shell(line.replacingOccurrences(of: "COMMAND", with: command))
    #expect(run.status == 0, "\(run.err)")
    #expect(try activities(b, "piped", from: path) == b.text("result/activities.jsonl"))
    #expect(try b.text("piped/activities.jsonl").contains(#""path":"-""#))
    #expect(try b.text("piped/run.json").contains(#""path":"-""#))
    #expect(try !b.text("piped/run.json").contains("/proc/"))
  }

  @Test func `a named pipe is read once and called as it was named`() throws {
    let b = try WinnowBinary()
    defer { b.remove() }
    try b.write(
      "winnow.json", WinnowBinary.config(sources: #"[{"path": "p", "owner": "bob"}]"#))
    let run = try b.shell(
      "mkfifo p; cat in/mail.mbox > p & \(command) --out piped p p; echo $?; wait")
    #expect(run.out.hasSuffix("0\n"), "\(run.err)")
    let records = try b.text("piped/activities.jsonl")
    #expect(records.split(separator: "\n").count == 3 && records.contains(#""path":"p""#))
  }

  @Test func `explain and the dry run go over a pipe as often as they like`() throws {
    let b = try binary()
    defer { b.remove() }
    let explained = try b.shell(
      #"cat in/mail.mbox | "$0" explain --config winnow.json --message-id m1@client.example -"#)
    #expect(explained.status == 0 && explained.out.contains("matched"), "\(explained.err)")
    let rehearsed = try b.shell("cat in/mail.mbox | \(command) --dry-run -")
    #expect(rehearsed.status == 0 && rehearsed.out.contains("3 kept"), "\(rehearsed)")
  }

  @Test(arguments: [
    (
      "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:e1\nDTSTART:20260302T100000Z\nEND:VEVENT\nEND:VCALENDAR\n",
      "event"
    ),
    (
      #"<?xml version="1.0"?><icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><components><vevent><properties><uid><text>e1</text></uid><dtstart><date-time>2026-03-02T10:00:00Z</date-time></dtstart></properties></vevent></components></vcalendar></icalendar>"#,
      "event"
    ),
    (
      #"["vcalendar",[],[["vevent",[["uid",{},"text","e1"],["dtstart",{},"date-time","2026-03-02T10:00:00Z"]],[]]]]"#,
      "event"
    ),
    ("From: a@b.example\nMessage-ID: <e1>\n\nHello\n", "mail"),
    (
      "From a@b.example Mon Mar  2 10:00:00 2026\nFrom: a@b.example\nMessage-ID: <e1>\n\nHello\n",
      "mail"
    ),
  ])
  func `what comes through a pipe is told by its content`(_ text: String, _ item: String) throws {
    let b = try WinnowBinary()
    defer { b.remove() }
    try b.write("x", text)
    let seen = try b.shell(#"cat x | "$0" inspect -"#)
    #expect(seen.status == 0, "\(seen.err)")
    #expect(seen.out.hasPrefix(#"{"item":"\#(item)","source":{"path":"-""#), "\(seen.out)")
    #expect(seen.out.contains("e1"))
  }

  @Test func `with a ledger a pipe is known by its mail alone`() throws {
    let b = try binary()
    defer { b.remove() }
    for night in 1...2 {
      let run = try b.shell("cat in/mail.mbox | \(command) --quiet -")
      #expect(run.status == 0, "\(run.err)")
      let written = try b.shell("cat out/2*/activities.jsonl | wc -l").out
      #expect(Int(written.filter(\.isNumber)) == 3, "night \(night): \(written)")
    }
    // Another pipe that begins alike and goes on.
    try b.write(
      "more",
      try b.text("in/mail.mbox")
        + b.text("in/mail.mbox").replacingOccurrences(
          of: "<m1@", with: "<new@"
        ).replacingOccurrences(of: "mail 1", with: "mail new"))
    #expect(try b.shell("cat more | \(command) --quiet -").status == 0)
    let checked = try b.shell(#""$0" ledger check --deep --config winnow.json"#)
    #expect(checked.status == 0 && checked.out.contains("0 gone or read whole"), "\(checked)")
    let records = try b.text("out/latest/activities.jsonl")
    #expect(records.split(separator: "\n").count == 1 && records.contains("mail new"))
  }

  @Test func `a pipe of the configuration is left alone where others are named`() throws {
    let b = try binary()
    defer { b.remove() }
    let run = try b.shell(
      "mkfifo never; exec 8<>never; timeout 60 \(command) --out result in/mail.mbox < never")
    #expect(run.status == 0, "\(run.err)")
  }

  @Test func `check and retry leave a pipe of the configuration alone`() throws {
    let b = try binary()
    defer { b.remove() }
    #expect(try b.shell("\(command) --quiet in/mail.mbox").status == 0)
    for name in ["check", "retry"] {
      let run = try b.shell(
        "mkfifo \(name); exec 8<>\(name); timeout 60 \"$0\" \(name) --config winnow.json < \(name)")
      #expect(run.status == 0, "\(run)")
    }
  }

  @Test func `standard input named twice is an error in usage`() throws {
    let b = try WinnowBinary()
    defer { b.remove() }
    for name in ["import", "inspect"] {
      let run = try b.shell(
        #""$0" NAME - - < in/mail.mbox"#.replacingOccurrences(of: "NAME", with: name))
      #expect(run.status == 64 && run.err.contains("read only once"), "\(run)")
    }
  }

  @Test func `faults of a pipe teach`() throws {
    let b = try binary()
    defer { b.remove() }
    let junk = try b.shell("printf 'hello world' | \(command) --out result -")
    #expect(junk.status == 65 && junk.err.contains("-: is neither mail nor calendar"), "\(junk)")
    let empty = try b.shell("printf '' | \(command) --out result -")
    #expect(empty.status == 0 && empty.err.contains("-: nothing came through it"), "\(empty)")
    let full = try b.shell("cat in/mail.mbox | TMPDIR=/nowhere \(command) --out other -")
    #expect(full.status == 65 && full.err.contains("set TMPDIR"), "\(full)")
    #expect(!b.exists("other"))
  }

  @Test func `nothing of a pipe stays behind, whatever ends the run`() throws {
    let b = try binary()
    defer { b.remove() }
    let whole = try b.shell(
      "mkdir tmp; cat in/mail.mbox | TMPDIR=tmp \(command) --out result - >/dev/null; ls -A tmp")
    #expect(whole.status == 0 && whole.out.isEmpty, "\(whole)")
    for signal in ["TERM", "KILL"] {
      let stopped = try b.shell(
        """
        rm -f p; mkfifo p; TMPDIR=tmp \(command) --out stopped p & pid=$!
        exec 9>p; head -c 100 in/mail.mbox >&9; sleep 0.3; kill -\(signal) $pid; wait $pid
        ls -A tmp
        """)
      #expect(stopped.out.isEmpty, "\(stopped)")
      #expect(!b.exists("stopped"))
    }
  }
}
