import Bytes
import CivilTime
import JSONText
import Testing

@testable import Records

@Suite struct TaskTable {
  private let hash = SHA256()
  private let scratch = ByteBuffer()

  private func json(_ r: TaskRecord) -> String {
    let out = ByteBuffer()
    TaskRecord.table.write(r, to: JSONWriter(out))
    return out.string
  }

  /// An hour with Ann and a room that has no address.
  private var talk: TaskRecord {
    var r = TaskRecord()
    r.uid = "e1"
    r.type = "Meeting"
    r.subject = .text("Talk")
    r.description = .text("Bring\nthe plan")
    r.location = .text("Room 7")
    r.joinURL = MeetingLink("https://zoom.us/j/1")
    r.digestedLink = "https://zoom.us/j/1"
    r.online.isOnline = true
    r.online.provider = "zoom"
    r.timeZone = "Europe/Berlin"
    r.owner = "sam"
    r.company = "Client AG"
    r.digestedCompany = "Client AG"
    r.status = "confirmed"
    r.category = "external"
    r.notify = "none"
    r.runAutomations = true
    r.organizer = RecordMailbox(name: "Sam", email: "sam@example.com")
    r.start = .instant(1_773_133_200)
    r.end = .instant(1_773_136_800)
    r.leads = [
      RecordLead(
        id: "L1", key: RecordKeys.lead(ByteView("ann@client.test"), hash),
        email: "ann@client.test", matchedBy: "email")
    ]
    r.participants = [
      RecordParticipant(
        name: "Ann", email: "ann@client.test", role: "REQ-PARTICIPANT", status: "ACCEPTED",
        kind: "INDIVIDUAL"),
      RecordParticipant(name: "", email: "bob@client.test", role: nil, status: nil, kind: nil),
    ]
    r.rooms = [
      RecordRoom(name: "Room 7", email: "room7@example.com"), RecordRoom(name: "Foyer", email: ""),
    ]
    return r
  }

  private var day: TaskRecord {
    var r = TaskRecord()
    r.uid = "e2"
    r.type = "Meeting"
    r.owner = "sam"
    r.status = "tentative"
    r.category = "internal"
    r.notify = "all"
    r.allDay = true
    r.start = .date(CivilDate(year: 2026, month: 3, day: 10))
    r.end = .date(CivilDate(year: 2026, month: 3, day: 11))
    return r
  }

  // Computed apart from this code. A ledger holds them: where they change, every task is published
  // again.
  @Test("the digest over what a task says stays what it was")
  func digests() {
    #expect(
      talk.digest(hash, scratch).hex()
        == "14a15ecf8ba5c908ec01e51dce01d0cea7fce8313e627c49feaca2f01c9582f0")
    var withheld = day
    withheld.digestedLink = "https://zoom.us/j/1"
    #expect(
      withheld.digest(hash, scratch).hex()
        == "f8a6d6c27a68ace0aa6882e26485d326ec9eed1c26acdd3ff6d2e995ec6a0ec6")
    var empty = day
    empty.uid = "e3"
    empty.subject = .text("")
    empty.location = .text("")
    empty.status = "confirmed"
    empty.organizer = RecordMailbox()
    #expect(
      empty.digest(hash, scratch).hex()
        == "a68eeb582b6729f5f209cb98cc8fbc98edd79efdcf2bf97c8bde6ea39cc4face")
  }

  @Test("what privacy takes out of a task does not change its digest, but for its texts")
  func digestUnderPrivacy() {
    for privacy in Privacy.allCases {
      var with = talk
      var without = talk
      without.subject = .none
      without.description = .none
      without.location = .none
      TaskRecord.table.disclose(
        &with, Disclosure(.headers), Pseudonyms(secret: SHA256.digest(.empty)))
      #expect(with.joinURL == MeetingLink(.withheld) && with.company == "Client AG")
      #expect(with.digest(hash, scratch) == without.digest(hash, scratch), "\(privacy)")
    }
  }

  @Test("a task is another when what it says is, and not when only its place or version is")
  func contents() {
    let own = talk.digest(hash, scratch)
    var other = talk
    other.sequence = 7
    other.source = SourcePlace(path: "b.ics", index: 4, offset: 9)
    other.conflicts = [SHA256.digest(.empty)]
    other.recurrenceID = .instant(0)
    #expect(other.digest(hash, scratch) == own)
    other.end = .instant(0)
    #expect(other.digest(hash, scratch) != own)
  }

  @Test("the digest over a block stays what it was")
  func blockDigests() {
    var block = BlockRecord()
    block.owner = "sam"
    (block.start, block.end) = (talk.start, talk.end)
    #expect(
      block.digest(hash, scratch).hex()
        == "5f4a510bbbdc44331e4d4a6103a00db1372cff9f068e3a15ed8b3cf616039343")
    (block.start, block.end) = (day.start, day.end)
    #expect(
      block.digest(hash, scratch).hex()
        == "f236907cbaec7e97b7befa58276bdd8e5dda10cbf7b2ef828743a735229ed97d")
  }

  @Test("keys stay what they were")
  func keys() {
    let keys = RecordKeys()
    #expect(
      keys.lead(ByteView("ann@client.test")).hex(bytes: 16) == "93af07bec67b1e892309e6c4495eab34")
    #expect(
      keys.task(uid: "e1", recurrenceID: .instant(1_773_133_200), owner: "sam").hex(bytes: 16)
        == "fdefd1713133944d5c64bc12dacd37c8")
    #expect(
      keys.block(uid: "e1", recurrenceID: nil, owner: "sam", calendar: "conflict").hex(bytes: 16)
        == "ac4fcae05ec459fb99fac85d202323c9")
  }

  @Test("a task that is written and read back is the same")
  func roundTrip() {
    var random = RandomRecords(seed: 3)
    for i in 0..<500 {
      var record = random.task()
      // An empty text is read as none.
      for path in [\TaskRecord.subject, \.description, \.location]
      where record[keyPath: path] == .text("") { record[keyPath: path] = .none }
      let document = json(record).withByteView { JSONDocument.parse($0) }
      var read = TaskRecord()
      let isRead = document.root.map { TaskRecord.table.read($0, into: &read) } ?? false
      #expect(isRead && read == record, "\(i)")
    }
  }

  @Test("JSON leaves out what privacy withholds, CSV leaves the cell empty")
  func withheld() {
    var r = talk
    TaskRecord.table.disclose(&r, Disclosure(.headers), nil)
    let out = ByteBuffer()
    TaskRecord.table.appendCells(r, to: CSVRow(out, guarded: true))
    for text in [json(r), out.string] {
      for word in ["Talk", "plan", "zoom.us"] { #expect(!text.contains(word), "\(text)") }
      #expect(text.contains("ann@client.test") && text.contains("zoom"))
    }
    #expect(!json(r).contains("joinUrl") && json(r).contains(#""isOnline":true"#))
  }

  @Test("under pseudonyms nothing of anybody stands in a record; without a maker of them neither")
  func pseudonymous() {
    for pseudonyms in [Pseudonyms(secret: SHA256.digest(.empty)), nil] {
      var r = talk
      r.rooms[0].name = "Annex of Ann"
      TaskRecord.table.disclose(&r, Disclosure(.pseudonymous), pseudonyms)
      let text = json(r)
      for word in ["Ann", "ann", "bob", "client", "Client", "Sam", "Foyer", "room7"] {
        #expect(!text.contains(word), "\(word) in \(text)")
      }
    }
  }

  @Test("of a private event a record would show its UID and owner, nothing else")
  func privateEvent() {
    var r = talk
    TaskRecord.table.disclose(&r, Disclosure(.full, isPrivate: true), nil)
    let text = json(r)
    for word in ["Talk", "plan", "Room", "zoom", "ann@", "2026", "Berlin", "Client", "Meeting"] {
      #expect(!text.contains(word), "\(word) in \(text)")
    }
    #expect(r.uid == "e1" && r.owner == "sam")
    var block = BlockRecord()
    block.start = talk.start
    let before = block
    BlockRecord.table.disclose(&block, Disclosure(.full, isPrivate: true), nil)
    #expect(block == before)
  }
}
