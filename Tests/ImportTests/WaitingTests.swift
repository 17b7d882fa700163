import Foundation
import Testing

@testable import Import

/// A mail's files are made by the worker that reads it, or at the end of the run, when what waited
/// is settled.
@Suite struct WaitingMail {
  private static let mails = [
    mail(
      cc: "Bo <bo@client.test>, =?utf-8?Q?J=C3=BCrgen?= <j@other.test>", subject: "=cmd|' /C calc'",
      id: "a@client.test", more: ["References: <x@y> <z@y>", "In-Reply-To: <z@y>"],
      body: "Line \"one\"\n,two;\n\u{1}three \u{2028}"),
    mail(
      id: "b@client.test",
      more: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
      body: """
        --b
        Content-Type: text/html; charset=utf-8

        <p>Hällo <b>you</b></p>
        --b
        Content-Type: application/pdf; name="q;1.pdf"
        Content-Disposition: attachment
        Content-Transfer-Encoding: base64

        JVBERi0xLjQK
        --b
        Content-Type: text/calendar; name="=SUM(A1).ics"
        Content-Disposition: attachment

        BEGIN:VCALENDAR
        END:VCALENDAR
        --b--
        """),
    mail(from: "office@client.test", subject: nil, id: nil, date: nil),
    mail(from: "nobody@else.test", id: "c@else.test"),
    "not a header at all\n",
    mail(id: "a2@client.test"), mail(id: "a2@client.test"),
  ]

  private static let capture =
    #""activity":{"capture":["subject","body","attachments","cc","bcc"]}"#

  // Two calendars of one owner, each of which may hold a newer version of what is in the other:
  // with them everything waits.
  private static let sources = """
    [{"path":"sam.mbox","owner":"sam"},{"path":"a.ics","owner":"sam","calendar":"primary"},
     {"path":"b.ics","owner":"sam","calendar":"other"}]
    """
  private static let emptyCalendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

  private func files(_ output: String, waits: Bool) throws -> [String: Data] {
    var scene = Scene(
      Self.mails,
      email: """
        {"inbound":{\(Self.capture)},"outbound":{\(Self.capture)}}
        """, more: [output])
    scene.sources = Self.sources
    scene.files["a.ics"] = Self.emptyCalendar
    scene.files["b.ics"] = Self.emptyCalendar
    let folder = try scene.folder()
    try folder.importAll {
      $0.memory.isStateless = true
      if !waits { $0.sources = [folder.file("sam.mbox")] }
    }
    var all = folder.contents(of: "result")
    all["run.json"] = nil
    return all
  }

  @Test(
    "what waits for the whole run is written as what does not",
    arguments: [
      #""output":{"formats":["jsonl","csv","json"]}"#,
      #""output":{"formats":["csv"],"csvFormulaGuard":false}"#,
      #""output":{"formats":["jsonl"],"privacy":"headers"}"#,
      #""output":{"privacy":"pseudonymous"}"#,
    ])
  func lateAndAhead(output: String) throws {
    let ahead = try files(output, waits: false)
    let late = try files(output, waits: true)
    #expect(ahead.keys.contains("decisions.jsonl") && ahead.keys.count > 2)
    #expect(ahead.keys.sorted() == late.keys.sorted())
    for (name, data) in ahead {
      #expect(
        late[name].map { String(decoding: $0, as: UTF8.self) }
          == String(decoding: data, as: UTF8.self), "\(name)")
    }
  }
}
