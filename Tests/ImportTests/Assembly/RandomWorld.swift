import Foundation
import TestSupport

@testable import Import

/// A small world: two users with mailboxes of every form, calendars, lists and a configuration of
/// which everything is drawn. ``night()`` is what happens to it until the next run.
struct RandomWorld {
  private var random: SeededNumbers
  private var mails = 0
  private var events = 0
  private(set) var files: [String: String] = [:]
  private var calendars: [String: [String]] = [:]
  private var leads = Scene.leadsCSV

  init(seed: UInt64) {
    random = SeededNumbers(seed)
    for name in ["sam.mbox", "kim.mbox", "Sent.mbox"] {
      files["in/" + name] = (0..<Int.random(in: 0..<7, using: &random)).map { _ in
        Self.entry(mail())
      }.joined()
    }
    for _ in 0..<Int.random(in: 0..<3, using: &random) { addMessage() }
    for owner in ["sam", "kim"] {
      calendars[owner] = (0..<Int.random(in: 0..<6, using: &random)).map { _ in event() }
    }
    files["winnow.json"] = configuration()
    writeLists()
  }

  // MARK: The next night

  /// What may happen to the world in a day.
  mutating func night() {
    for name in files.keys.filter({ $0.hasSuffix(".mbox") }).sorted() where random.chance(60) {
      files[name, default: ""] += Self.entry(mail())
    }
    if random.chance(15), let name = files.keys.filter({ $0.hasSuffix(".mbox") }).min() {
      files[name] = Self.entry(mail()) + Self.entry(mail())
    }
    if random.chance(50) { addMessage() }
    if random.chance(40) { leads += "N\(mails),\(address()),\n" }
    for owner in calendars.keys.sorted() {
      var list = calendars[owner] ?? []
      if random.chance(40), !list.isEmpty { list.removeFirst() }
      if random.chance(40) { list.append(event()) }
      if random.chance(30), let last = list.popLast() {
        list.append(
          last.replacingOccurrences(of: "SUMMARY:", with: "SEQUENCE:2\r\nSUMMARY:Moved "))
      }
      calendars[owner] = list
    }
    if random.chance(25) { files["winnow.json"] = configuration() }
    writeLists()
  }

  /// A user to pause before the next run, or nobody.
  mutating func paused() -> String? {
    random.chance(25) ? random.pick(["sam", "kim"], or: "sam") : nil
  }

  /// The Message-ID of a mail that may be there.
  mutating func someMail() -> String {
    "m\(Int.random(in: 1...max(1, mails), using: &random))@x.test"
  }

  /// The UID of an event that may be there.
  mutating func someEvent() -> String {
    "e\(Int.random(in: 1...max(1, events), using: &random))@x.test"
  }

  // MARK: What it is made of

  private static func entry(_ text: String) -> String {
    "From someone@client.test Mon Mar  2 10:00:00 2026\n" + text + "\n"
  }

  private mutating func writeLists() {
    files["leads.csv"] = leads
    for (owner, list) in calendars {
      files["in/\(owner).ics"] =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n" + list.joined()
        + "END:VCALENDAR\r\n"
    }
    files["tasks.csv"] = """
      TaskId,TaskType,Subject,Start,End,Owner,Status
      T1,Meeting,Visit,2026-03-10T09:00:00Z,2026-03-10T10:00:00Z,sam,open
      T2,Letter,Post,2026-03-11T09:00:00Z,2026-03-11T10:00:00Z,kim,open

      """
  }

  private mutating func address() -> String {
    random.pick(
      [
        "ann@client.test", "bo@client.test", "office@client.test", "poc@desk.test",
        "new@else.test", "other@else.test", "rival@rival.test", "no-reply@shop.test",
        "third@far.test",
      ], or: "ann@client.test")
  }

  private mutating func mail() -> String {
    mails += 1
    let other = address()
    let isOut = random.chance(35)
    var more: [String] = []
    if random.chance(15) { more.append("List-Unsubscribe: <mailto:u@shop.test>") }
    if random.chance(10) { more.append("Auto-Submitted: auto-replied") }
    if random.chance(10) { more.append("X-Gmail-Labels: Inbox,Spam") }
    if random.chance(8) { more.append("X-Mozilla-Status: 0008") }
    // A copy of an earlier mail, now and then, and mail without an id.
    let number = random.chance(20) ? max(1, mails - 1) : mails
    let id: String? = random.chance(90) ? "m\(number)@x.test" : nil
    let day = 1 + number % 27
    let date = "\(day) Feb 2026 10:00:00 +0000"
    let body = random.chance(30) ? "The special offer of \(number)." : "Hello, this is \(number)."
    let owner = random.pick(["sam@example.com", "kim@free.test"], or: "sam@example.com")
    let cc: String? = random.chance(30) ? address() : nil
    return ImportTests.mail(
      from: isOut ? owner : other, to: isOut ? other : owner, cc: cc,
      subject: "Subject \(number % 5)", id: id, date: date, more: more, body: body)
  }

  private mutating func addMessage() {
    let folder = random.pick(["eml", "Maildir/cur"], or: "eml")
    let ending = folder == "eml" ? ".eml" : ":2,S"
    files["in/\(folder)/\(mails + 1)\(ending)"] = mail()
    if folder != "eml" { files["in/Maildir/new/.keep"] = "" }
  }

  private mutating func event() -> String {
    events += 1
    let day = 1 + Int.random(in: 0..<27, using: &random)
    let month = random.pick([2, 3, 4], or: 3)
    var lines = [
      "BEGIN:VEVENT", "UID:e\(events)@x.test", "DTSTAMP:20260201T000000Z",
      "SUMMARY:Meeting \(events)",
      String(format: "DTSTART:2026%02d%02dT090000Z", month, day),
      String(format: "DTEND:2026%02d%02dT100000Z", month, day),
      "ORGANIZER:mailto:\(random.chance(50) ? "sam@example.com" : address())",
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:\(address())",
    ]
    if random.chance(20) { lines.append("CLASS:PRIVATE") }
    if random.chance(15) { lines.append("STATUS:CANCELLED") }
    if random.chance(15) { lines.append("TRANSP:TRANSPARENT") }
    if random.chance(25) { lines.append("RRULE:FREQ=WEEKLY;COUNT=4") }
    return (lines + ["END:VEVENT", ""]).joined(separator: "\r\n")
  }

  private mutating func configuration() -> String {
    let flag = { (percent: Int, random: inout SeededNumbers) in
      random.chance(percent) ? "true" : "false"
    }
    let guards = ["keep", "noCapture", "skip"]
    let direction = { (random: inout SeededNumbers) in
      """
      {"enabled":\(flag(90, &random)),
       \(random.chance(25) ? #""behaviour":"keywords","keywords":{"admin":["special offer"]},"# : "")
       "exclude":{"admin":["rival.test"]},
       "captureLeads":{"enabled":\(flag(40, &random))}}
      """
    }
    let members = [
      #""version":1"#,
      #""profile":"\#(random.pick(["generic", "leadsquared", "highlevel", "upsales", "leadgains"], or: "generic"))""#,
      #""organization":{"domains":["example.com"],"timeZone":"UTC"}"#,
      #"""
      "users":[{"id":"sam","email":"sam@example.com","role":"Sales User"},
               {"id":"kim","email":"kim@free.test","role":"Marketing User"}]
      """#,
      #"""
      "leads":{"files":["leads.csv"],"id":"id","searchBy":["email","contact"],
               "onMultiple":"\#(random.pick(["all", "first", "review"], or: "all"))"}
      """#,
      #""tasks":{"files":["tasks.csv"],"columns":{"id":"TaskId","type":"TaskType","subject":"Subject","start":"Start","end":"End","owner":"Owner","status":"Status"}}"#,
      #"""
      "sources":[{"path":"in/sam.mbox","owner":"sam","folder":"inbox"},{"path":"in/sam.ics","owner":"sam","calendar":"primary"},
                 {"path":"in/kim.mbox","owner":"kim","folder":"inbox"},{"path":"in/Sent.mbox","owner":"sam","folder":"sent"},
                 {"path":"in/kim.ics","owner":"kim","calendar":"\#(random.pick(["primary", "conflict", "other"], or: "primary"))"},
                 {"path":"in/eml*","owner":"kim"},{"path":"in/Maildir*","owner":"sam"}]
      """#,
      #"""
      "email":{"disableForAllUsers":\#(flag(4, &random)),"folders":["inbox"\#(random.chance(70) ? #","sent""# : "")],
        "internal":{"skip":\#(flag(30, &random))},
        "guards":{"bulk":"\#(random.pick(guards, or: "keep"))","automatic":"\#(random.pick(guards, or: "keep"))"},
        "outbound":\#(direction(&random)),"inbound":\#(direction(&random))}
      """#,
      #"""
      "calendar":{"direction":"\#(random.pick(["inbound", "two-way"], or: "inbound"))",
        "guests":"\#(random.pick(["match", "busy-only", "create", "known-only"], or: "match"))",
        "sharedMeetings":"\#(random.pick(["perOwner", "once"], or: "perOwner"))",
        "onMissing":"\#(random.pick(["keep", "mark"], or: "keep"))"}
      """#,
      #""output":{"privacy":"\#(random.pick(["full", "full", "headers", "pseudonymous"], or: "full"))"}"#,
    ]
    return "{" + members.joined(separator: ",\n") + "}"
  }
}
