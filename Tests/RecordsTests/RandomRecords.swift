import Bytes
import CivilTime
import TestSupport

@testable import Records

/// Records at random, with whatever a file can hold.
struct RandomRecords {
  private var numbers: SeededNumbers

  init(seed: UInt64) { numbers = SeededNumbers(seed) }

  /// Texts that mean something to JSON, CSV, spreadsheets or terminals.
  static let texts = [
    "", "plain", "=1+1", "@cmd", "-5", "-x", "+49 30 1234567", "+x", "a,b", "q\"uote\"", "'tis",
    "line\r\nbreak", "tab\tstop", "\u{1}\u{1F}\u{7F}", " lead", "trail ", "åß\u{A0}€😀",
    "\u{202E}fdp", "\u{FF1D}1", "back\\slash", "{\"key\":1}", "a;b;c", "\u{0}",
    String(repeating: "long \"text\" ", count: 900),
  ]
  static let addresses = [
    "", "ann@client.test", "ANN@Client.test", "\"zebulon quux\"@xylofirm.example",
    "o'hara@client.test", "a/b@client.test", "nobody", "=x@client.test", "bücher@käse.test",
  ]
  static let paths = ["in/a.mbox", "in/ann@client.test/b.mbox", "=a.mbox", "in/o'hara@x.test.mbox"]

  mutating func next(_ n: Int) -> Int { numbers.below(n) }

  mutating func chance() -> Bool { next(2) == 0 }
  mutating func pick<T>(_ list: [T]) -> T { list[next(list.count)] }
  mutating func text() -> String { pick(Self.texts) }
  mutating func optionalText() -> String? { chance() ? text() : nil }
  mutating func list<T>(_ make: (inout RandomRecords) -> T) -> [T] {
    (0..<next(4)).map { _ in make(&self) }
  }
  mutating func mailbox() -> RecordMailbox {
    RecordMailbox(name: text(), email: pick(Self.addresses))
  }
  mutating func digest() -> Digest {
    Digest(words: (UInt64(next(1 << 30)) << 32 | 5, UInt64(next(1 << 30)), 0, 0))
  }

  mutating func lead() -> RecordLead {
    let email = pick(Self.addresses)
    let key = email.withByteView { RecordKeys.lead($0, SHA256()) }
    return RecordLead(
      id: chance() ? pick(["L1", "x@y.test", "=7"]) : nil,
      // Half of it is the key.
      key: Digest(words: (key.words.0, key.words.1, 0, 0)), email: email,
      matchedBy: pick(["email", "=Mail", "captured"]))
  }

  mutating func attachment() -> RecordAttachment {
    var a = RecordAttachment()
    a.name = text()
    a.mediaType = pick(["text/plain", "a\"b"])
    a.bytes = next(1 << 30)
    let d = digest()
    a.sha256 = ContentHash(Digest(words: (d.words.0, 1, 2, d.words.1)))
    a.kept = chance()
    if a.kept {
      a.path = "attachments/ab/\(a.sha256.digest.hex()).pdf"
    } else {
      a.reason = Captured("attachment-type")
    }
    return a
  }

  mutating func activity() -> ActivityRecord {
    var r = ActivityRecord()
    r.key = digest()
    r.type = text()
    r.direction = pick(["inbound", "outbound"])
    r.date = chance() ? Instant(Int64(next(1 << 31)) - 1 << 20) : nil
    r.dateSource = pick(["header", "received", "none"])
    r.owner = pick(["sam", "sam@example.com", "=sam"])
    r.lead = lead()
    r.from = chance() ? mailbox() : RecordMailbox()
    r.to = list { $0.mailbox() }
    if chance() { r.cc = Captured(list { $0.mailbox() }) }
    if chance() { r.bcc = Captured(list { $0.mailbox() }) }
    if chance() { r.subject = Captured(text()) }
    if chance() { r.bodyText = Captured(text()) }
    if chance() { r.attachments = Captured(list { $0.attachment() }) }
    r.messageID = text()
    r.inReplyTo = text()
    r.references = list { $0.text() }
    r.thread = chance() ? digest().hex(bytes: 16) : ""
    r.senderAuth = pick(["pass", "fail", "none", "unknown"])
    r.source.path = pick(Self.paths)
    r.source.index = next(1000)
    r.source.offset = next(1 << 30)
    r.source.folder = pick(["inbox", "sent", "Kunden", "=x", ""])
    r.source.labels = Labels(list { $0.pick(["inbox", "Inbox", "Important", "Kunden", "a,b"]) })
    return r
  }

  mutating func task() -> TaskRecord {
    var r = TaskRecord()
    r.key = digest()
    r.uid = text()
    r.type = text()
    r.allDay = chance()
    let day = CivilDate(year: 2026, month: 1 + next(12), day: 1 + next(28))
    r.start = r.allDay ? .date(day) : .instant(Int64(next(1 << 31)))
    r.end = r.allDay ? .date(day) : .instant(Int64(next(1 << 31)))
    if chance() { r.recurrenceID = r.start }
    r.subject = MeetingText(optionalText())
    r.description = MeetingText(optionalText())
    r.location = MeetingText(optionalText())
    r.joinURL = MeetingLink(chance() ? "https://zoom.us/j/1?\(next(9))" : nil)
    r.online.isOnline = r.joinURL.value.text != nil
    r.online.provider = chance() ? "zoom" : nil
    r.timeZone = chance() ? "Europe/Berlin" : nil
    r.owner = pick(["sam", "sam@example.com"])
    r.leads = list { $0.lead() }
    r.company = chance() ? "Client, \"AG\"" : nil
    r.participants = list {
      RecordParticipant(
        name: $0.text(), email: $0.pick(Self.addresses), role: $0.chance() ? "CHAIR" : nil,
        status: $0.chance() ? "ACCEPTED" : nil, kind: $0.chance() ? "INDIVIDUAL" : nil)
    }
    r.rooms = list { RecordRoom(name: $0.text(), email: $0.pick(Self.addresses)) }
    r.organizer = chance() ? mailbox() : nil
    r.status = pick(["confirmed", "cancelled"])
    r.category = pick(["internal", "external"])
    r.sequence = next(9)
    r.runAutomations = chance()
    r.notify = pick(["none", "all"])
    r.conflicts = list { $0.digest() }
    r.source = SourcePlace(path: pick(Self.paths), index: next(9), offset: next(1 << 20))
    return r
  }

  /// Makes a task another occurrence of the same series.
  mutating func move(_ r: inout TaskRecord) {
    let other = task()
    r.key = other.key
    r.allDay = other.allDay
    (r.start, r.end, r.recurrenceID) = (other.start, other.end, other.recurrenceID)
    r.status = pick(["confirmed", "updated"])
    r.conflicts = other.conflicts
  }
}
