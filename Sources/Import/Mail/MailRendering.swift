import Bytes
import JSONText
import Records
import Rules

/// Renders what files say of a mail out of its fact: the line of its decision and its records.
/// Depends on the fact and the plan alone; so it does not matter whether the worker that read the
/// mail does it, or the merge once the whole run is known. One per thread.
final class MailRendering {
  private let run: RunPlan
  private let hasJSON: Bool
  private let hasCSV: Bool
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 4096)
  // Of the mail at hand; its decision and its records say the same.
  private let dateJSON = ByteBuffer(capacity: 32)
  private let sourceJSON = ByteBuffer(capacity: 512)
  private let leadKeys = LeadKeyCache()
  // What is rendered for the merge.
  private let line = ByteBuffer(capacity: 1024)
  private let shared = ByteBuffer(capacity: 16 << 10)
  private let own = ByteBuffer(capacity: 1024)
  /// What the records of the mail at hand share.
  let fields = ActivityFields()

  init(run: RunPlan) {
    self.run = run
    hasJSON = run.formats.contains(.jsonl) || run.formats.contains(.json)
    hasCSV = run.formats.contains(.csv)
  }

  // MARK: For a worker, into its buffer

  /// Begins a mail; to be called before anything else of it is rendered.
  func begin(_ fact: MailFact) {
    dateJSON.removeAll()
    ActivityRendering.appendDate(fact.date == .max ? nil : fact.date, to: dateJSON)
    sourceJSON.removeAll()
    let place = fact.place
    ActivityRendering.appendSource(place.path, place.index, place.offset, to: sourceJSON)
  }

  /// The decision's JSON before `outcome`.
  func appendHead(_ fact: MailFact, to out: ByteBuffer) {
    out.append("{\"item\":\"mail\",\"id\":")
    JSONWriter.appendString(fact.messageID, to: out)
    if fact.verdict.reason == nil {
      out.append(",\"key\":\"")
      Digest(words: (fact.identity.0, fact.identity.1, 0, 0)).appendHex(to: out, bytes: 16)
      out.append(34)
    }
  }

  /// The decision's JSON after `reason`, up to `records`.
  func appendTail(_ fact: MailFact, to out: ByteBuffer) {
    out.append(",\"owner\":")
    JSONWriter.appendString(fact.place.owner, to: out)
    if fact.verdict.reason == .quarantined {
      out.append(",\"direction\":null,\"date\":")
    } else {
      out.append(",\"direction\":\"")
      out.append(fact.direction.name)
      out.append("\",\"date\":")
    }
    out.append(dateJSON.view)
    out.append(sourceJSON.view)
    out.append(125)
  }

  /// Fills in what records repeat of the fact, but for the Message-ID.
  func complete(_ fact: MailFact) {
    fields.type = run.activityType(fact.direction)
    fields.direction = ByteView(fact.direction.name)
    fields.date = fact.date == .max ? nil : fact.date
    fields.dateJSON = dateJSON.view
    fields.sourceJSON = sourceJSON.view
    fields.owner = fact.place.owner
    fields.path = fact.place.path
    fields.index = fact.place.index
    fields.offset = fact.place.offset
  }

  /// What the records of ``fields`` share, as JSON; nothing where no file has it.
  func appendSharedJSON(to out: ByteBuffer) {
    if hasJSON { ActivityRendering.jsonTail(fields, to: out) }
  }

  /// The same as CSV.
  func appendSharedCSV(to out: ByteBuffer) {
    if hasCSV {
      ActivityRendering.csvTail(fields, scratch: scratch, guarded: run.guardsFormulas, to: out)
    }
  }

  /// The lead of an address, as its record names it.
  func lead(_ v: borrowing FactAddress) -> ActivityLead {
    ActivityLead(
      id: v.isKnown ? v.id : nil, key: leadKeys.key(of: v.key, hash), email: v.key,
      matchedBy: v.matchedBy)
  }

  /// What the record of one address has of its own, as JSON.
  func appendJSON(key: ByteView, _ lead: ActivityLead, to out: ByteBuffer) {
    if hasJSON { ActivityRendering.jsonHead(fields, key: key, lead: lead, to: out) }
  }

  /// The same as CSV.
  func appendCSV(key: ByteView, _ lead: ActivityLead, to out: ByteBuffer) {
    if hasCSV {
      ActivityRendering.csvHead(
        fields, key: key, lead: lead, guarded: run.guardsFormulas, to: out)
    }
  }

  // MARK: For the merge; views hold until the next call

  /// The two pieces of a decision's line.
  func line(of fact: MailFact) -> (head: ByteView, tail: ByteView) {
    if let rendered = fact.rendered { return (rendered.head, rendered.tail) }
    begin(fact)
    line.removeAll()
    appendHead(fact, to: line)
    let end = line.count
    appendTail(fact, to: line)
    return (line.view.prefix(end), line.view.from(end))
  }

  /// What the records of a mail share.
  func shared(of fact: MailFact) -> MailFact.Pieces {
    if let rendered = fact.rendered { return rendered.shared }
    begin(fact)
    var reader = FactBytesReader(fact.record)
    fields.walk(&reader)
    fields.messageID = fact.messageID
    complete(fact)
    shared.removeAll()
    appendSharedJSON(to: shared)
    let end = shared.count
    appendSharedCSV(to: shared)
    return MailFact.Pieces(json: shared.view.prefix(end), csv: shared.view.from(end))
  }

  /// What the record of one address has of its own; after ``shared(of:)``.
  func own(_ v: borrowing FactAddress, of fact: MailFact) -> MailFact.Pieces {
    if fact.rendered != nil { return v.rendered }
    own.removeAll()
    let lead = lead(v)
    appendJSON(key: v.record, lead, to: own)
    let end = own.count
    appendCSV(key: v.record, lead, to: own)
    return MailFact.Pieces(json: own.view.prefix(end), csv: own.view.from(end))
  }
}
