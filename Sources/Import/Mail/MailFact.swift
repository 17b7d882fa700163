import Bytes
import Rules

/// One address of a mail that is, or may become, a lead, with the record that it would give.
struct FactVariant {
  /// True when the CRM's own list has the address.
  var isKnown = false
  /// True when this mail may make a lead of the address.
  var mayCapture = false
  /// The field that the address stands in.
  var field: AddressFields = []
  /// The comparison key of the address.
  var key: ByteView = .empty
  /// The display name, for a captured lead.
  var name: ByteView = .empty
  /// The CRM's id and name of the lead, in a run with a ledger.
  var id: ByteView = .empty
  var leadName: ByteView = .empty
  /// The record's key in hexadecimal.
  var record: ByteView = .empty
  /// The record's JSON up to what all records of the mail share.
  var json: ByteView = .empty
  /// The record's CSV row up to what all records of the mail share.
  var csv: ByteView = .empty

  /// Writes what stands before ``record``.
  func begin(_ w: FactWriter) {
    let isNamed = !id.isEmpty
    w.u8((isKnown ? 1 : 0) | (mayCapture ? 2 : 0) | (isNamed ? 4 : 0))
    w.u8(field.rawValue)
    w.bytes(key)
    w.bytes(name)
    if isNamed {
      w.bytes(id)
      w.bytes(leadName)
    }
  }
}

/// What the ordered merge needs to know of one mail. Written by a worker into its batch's buffer,
/// read in source order; between the two it may lie in the spill file.
struct MailFact {
  /// What steps 1 to 9 said.
  var verdict = Verdict()
  /// Mail identity, first half.
  var identity: (UInt64, UInt64) = (0, 0)
  /// Hash of the Message-ID, which means something in this process only; 0 when there is none.
  var messageIDHash: UInt64 = 0
  /// Seconds since 1970; Int64.max when there is no date.
  var date: Int64 = .max
  /// Position of the owner in the plan.
  var user = -1
  /// See ``Direction``.
  var direction: Direction = .inbound
  /// Number of the file in the run.
  var file = 0
  /// Index of the mail in its file.
  var index = 0
  /// Message-ID, for captured leads.
  var messageID: ByteView = .empty
  /// The key of the mailing list's own address.
  var listKey: ByteView = .empty
  /// The calendar that came with it, where meetings in mail are read.
  var invitation = Invitation()
  /// What the ledger needs, in a run that has one.
  var memory = FactMemory()
  var remembers = false
  /// What is written of it.
  var rendered = Rendered()
  /// The addresses that are leads or may become one, in header order.
  var variants: [FactVariant] = []

  /// What steps 1 to 9 said of a mail.
  struct Verdict {
    /// Why it is dropped; nil when it goes on to the merge.
    var reason: Reason?
    /// True when a lead was hit but not taken because several carry the address.
    var isAmbiguous = false
    /// The setting that decided.
    var rule: ByteView = .empty
    /// What it matched.
    var matched: ByteView = .empty
  }

  /// A `text/calendar` part.
  struct Invitation {
    /// Its text; empty where there is none.
    var text: ByteView = .empty
    /// The first byte of its mail in its file.
    var offset = 0
  }

  /// The pieces of the decision's line and of the records that do not depend on the merge.
  struct Rendered {
    /// The decision's JSON before `outcome`.
    var head: ByteView = .empty
    /// The decision's JSON after `reason`, up to `records`.
    var tail: ByteView = .empty
    /// What all records of the mail share, as JSON.
    var json: ByteView = .empty
    /// The same as CSV.
    var csv: ByteView = .empty
    /// SHA-256 of the attachments stored for it, 32 bytes each.
    var stored: ByteView = .empty
  }

  /// Appends the fact with its length before it.
  func write(to out: ByteBuffer) {
    let w = FactWriter(out: out)
    let at = begin(w)
    w.bytes(rendered.head)
    w.bytes(rendered.tail)
    w.bytes(rendered.json)
    w.bytes(rendered.csv)
    w.bytes(rendered.stored)
    w.u32(variants.count)
    for v in variants {
      v.begin(w)
      w.bytes(v.record)
      w.bytes(v.json)
      w.bytes(v.csv)
    }
    w.close(at)
  }

  /// Begins a fact with everything before `head`. What follows is ``Rendered``, each piece counted, the number of variants and the variants, each
  /// ``FactVariant/begin(_:)`` and three counted strings; then `w.close` with the number given.
  ///
  /// A worker renders right behind it into the batch's buffer, so that no record is copied.
  func begin(_ w: FactWriter) -> Int {
    let at = w.open()
    w.u8(verdict.reason.map { UInt8(truncatingIfNeeded: $0.position) } ?? 255)
    w.u8((verdict.isAmbiguous ? 1 : 0) | (direction == .outbound ? 2 : 0))
    w.u64(identity.0)
    w.u64(identity.1)
    w.u64(messageIDHash)
    w.u64(UInt64(bitPattern: date))
    w.u32(user + 1)
    w.u32(file)
    w.u32(index)
    w.bytes(messageID)
    w.bytes(verdict.rule)
    w.bytes(verdict.matched)
    w.bytes(listKey)
    w.bytes(invitation.text)
    if !invitation.text.isEmpty { w.u64(UInt64(clamping: invitation.offset)) }
    let block = w.open()
    if remembers { memory.write(to: w) }
    w.close(block)
    return at
  }

  /// Calls `body` with the first word of each fact's identity and its Message-ID's hash.
  static func forEach(in facts: ByteView, _ body: (UInt64, UInt64) -> Void) {
    var reader = FactReader(facts)
    while !reader.isAtEnd {
      var fact = FactReader(reader.bytes())
      fact.skip(2)
      let id = fact.u64()
      fact.skip(8)
      body(id, fact.u64())
    }
  }

  /// Reads the next fact; its views point into the reader's bytes. `variants` is filled anew.
  mutating func read(from r: inout FactReader) {
    var body = FactReader(r.bytes())
    let code = Int(body.u8())
    verdict.reason = Reason(position: code)
    let flags = body.u8()
    verdict.isAmbiguous = flags & 1 != 0
    direction = flags & 2 != 0 ? .outbound : .inbound
    identity = (body.u64(), body.u64())
    messageIDHash = body.u64()
    date = Int64(bitPattern: body.u64())
    user = body.u32() - 1
    file = body.u32()
    index = body.u32()
    messageID = body.bytes()
    verdict.rule = body.bytes()
    verdict.matched = body.bytes()
    listKey = body.bytes()
    invitation.text = body.bytes()
    invitation.offset = invitation.text.isEmpty ? 0 : Int(clamping: body.u64())
    let block = body.bytes()
    remembers = !block.isEmpty
    if remembers { memory = FactMemory(from: block) }
    rendered.head = body.bytes()
    rendered.tail = body.bytes()
    rendered.json = body.bytes()
    rendered.csv = body.bytes()
    rendered.stored = body.bytes()
    variants.removeAll(keepingCapacity: true)
    let n = body.u32()
    while variants.count < n, !body.isAtEnd {
      let flags = body.u8()
      var v = FactVariant()
      v.isKnown = flags & 1 != 0
      v.mayCapture = flags & 2 != 0
      v.field = AddressFields(rawValue: body.u8())
      v.key = body.bytes()
      v.name = body.bytes()
      if flags & 4 != 0 {
        v.id = body.bytes()
        v.leadName = body.bytes()
      }
      v.record = body.bytes()
      v.json = body.bytes()
      v.csv = body.bytes()
      variants.append(v)
    }
  }
}
