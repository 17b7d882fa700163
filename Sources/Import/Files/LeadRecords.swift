import Bytes
import CivilTime
import JSONText
import Mail
import Records
import Rules

/// Writes the captured leads of a run: `leads.*`, by first seen, then address.
final class LeadRecords {
  static let columns = [
    "key", "email", "firstName", "lastName", "fullName", "company", "domain", "source", "owner",
    "firstSeen", "firstMessageId", "capturedFrom",
  ]

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
      try RecordFiles(folder: $0, name: "leads", formats: formats, columns: Self.columns)
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
    let name = PersonName(displayName: lead.name.string)
    let email = lead.key.string
    let domain = email.split(separator: "@").last.map(String.init) ?? ""
    let source = lead.origin.direction.map { plan.settings($0).leadSource } ?? meetingSource
    sources.insert(source)
    let user = lead.user >= 0 && lead.user < plan.users.count ? plan.users[lead.user].id : ""
    let owner = pseudonyms?.text(user) ?? user
    let digest = RecordKeys.lead(lead.key, hash)
    try note(lead, digest, owner)
    guard let files else { return }
    let key = digest.hex(bytes: 16)
    let date = ByteBuffer(capacity: 32)
    if lead.date != .max { CivilDate.append(utcSeconds: lead.date, to: date) }
    let values = [
      key, email, name.first, name.last, name.full, "", domain, source, owner, date.string,
      lead.messageID.string, "\(lead.origin.name)",
    ]
    json.removeAll()
    csv.removeAll()
    let w = JSONWriter(json)
    w.beginObject()
    for (i, value) in values.enumerated() {
      w.key(text: Self.columns[i])
      if i == 9, value.isEmpty { w.null() } else { w.string(value) }
      if i > 0 { csv.append(44) }
      value.withByteView { CSVText.appendCell($0, to: csv, guarded: guarded) }
    }
    w.endObject()
    try files.write(json: json.view, .empty, csv: csv.view, .empty)
  }

  /// Ends the files.
  func close(sync: Bool) throws { try files?.close(sync: sync) }
}

/// A person's name taken apart as far as it says itself; nothing is invented.
struct PersonName {
  var first = ""
  var last = ""
  var full = ""

  /// `First Last`, `Last, First`, quotes and `via …` taken off; an address is no name.
  init(displayName: String) {
    var name = displayName.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\u{A0}" })
      .joined(separator: " ")
    while let c = name.first, "\"'".contains(c) { name.removeFirst() }
    while let c = name.last, "\"'".contains(c) { name.removeLast() }
    let words = name.split(separator: " ")
    if let via = words.firstIndex(where: { $0.lowercased() == "via" }), via > 0 {
      name = words[..<via].joined(separator: " ")
    }
    if name.utf8.contains(64) { return }
    let parts = name.split(separator: ",", maxSplits: 1).map { trim(String($0)) }
    if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
      last = parts[0]
      first = parts[1]
      full = "\(first) \(last)"
      return
    }
    full = name
    let split = name.split(separator: " ")
    if split.count > 1, let tail = split.last {
      first = split.dropLast().joined(separator: " ")
      last = String(tail)
    } else {
      first = name
    }
  }

  private func trim(_ s: String) -> String {
    s.split(separator: " ").joined(separator: " ")
  }
}
