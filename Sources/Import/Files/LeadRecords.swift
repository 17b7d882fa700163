import Bytes
import JSONText
import Mail
import Records
import Rules

/// Writes the captured leads of a run: `leads.*`, by first seen, then address.
final class LeadRecords {
  private let files: RecordFiles?
  private let plan: MailPlan
  /// `source` of leads that meetings bring in.
  private let meetingSource: String
  private let guarded: Bool
  private let pseudonyms: Pseudonyms?
  private let json = ByteBuffer(capacity: 1024)
  private let csv = ByteBuffer(capacity: 1024)
  private let hash = SHA256()
  /// Sources that leads were given, for `newSources` in run.json.
  private(set) var sources: Set<String> = []

  init(
    folder: String?, formats: RecordFiles.Formats, plan: MailPlan, meetingSource: String = "",
    guarded: Bool, pseudonyms: Pseudonyms? = nil
  ) throws {
    files = try folder.map {
      try RecordFiles(
        folder: $0, name: "leads", formats: formats, columns: LeadRecord.table.columns)
    }
    self.plan = plan
    self.meetingSource = meetingSource
    self.guarded = guarded
    self.pseudonyms = pseudonyms
  }

  /// Writes the leads that records name; returns their number. `note` is told of each, with its
  /// key and its owner's id.
  func write(
    _ leads: CapturedLeads, note: (CapturedLeads.Lead, Digest, String) throws -> Void
  ) throws -> Int {
    let written = leads.written()
    for i in written {
      if let lead = leads[i] { try write(lead, note) }
    }
    return written.count
  }

  private func write(
    _ lead: CapturedLeads.Lead, _ note: (CapturedLeads.Lead, Digest, String) throws -> Void
  ) throws {
    let record = record(lead)
    sources.insert(record.source)
    try note(lead, record.key, record.owner)
    guard let files else { return }
    json.removeAll()
    csv.removeAll()
    LeadRecord.table.write(record, to: JSONWriter(json))
    LeadRecord.table.appendCells(record, to: CSVRow(csv, guarded: guarded))
    try files.write(json: json.view, .empty, csv: csv.view, .empty)
  }

  private func record(_ lead: CapturedLeads.Lead) -> LeadRecord {
    let name = PersonName(displayName: lead.name.string)
    let user = lead.user >= 0 && lead.user < plan.users.count ? plan.users[lead.user].id : ""
    var record = LeadRecord()
    record.key = RecordKeys.lead(lead.key, hash)
    record.email = lead.key.string
    record.firstName = name.first
    record.lastName = name.last
    record.fullName = name.full
    record.domain = record.email.split(separator: "@").last.map(String.init) ?? ""
    record.source = lead.origin.direction.map { plan.settings($0).leadSource } ?? meetingSource
    record.owner = pseudonyms?.text(user) ?? user
    record.firstSeen = lead.date == .max ? nil : Instant(lead.date)
    record.firstMessageID = lead.messageID.string
    record.capturedFrom = "\(lead.origin.name)"
    return record
  }

  /// Ends the files.
  func close(sync: Bool) throws { try files?.close(sync: sync) }
}
