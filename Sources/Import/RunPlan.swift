import Bytes
import Rules
import Synchronization

/// Everything that the workers of one run ask, resolved once. Read-only while they work.
final class RunPlan: @unchecked Sendable {
  /// The rules' plan.
  let mail: MailPlan
  /// The CRM's leads.
  let leads: LeadIndex
  /// `leads.onMultiple`
  let onMultiple: Config.OnMultiple
  private let fieldText = ByteBuffer(capacity: 256)
  private let fieldNames: [ByteRange]
  /// Formats of record files.
  let formats: RecordFiles.Formats
  /// `output.csvFormulaGuard`
  let guardsFormulas: Bool
  /// `email.folders`
  let folders: FolderPlan
  /// `output.privacy`
  let privacy: Config.Privacy
  /// What pseudonyms are made with, or nil when there are none.
  let pseudonymSecret: Digest?
  /// The staging folder, or nil when nothing is written (`--dry-run`).
  let stagingFolder: String?
  private let filters: [AttachmentFilter]
  private let workers = Atomic<Int>(0)

  init(
    mail: MailPlan, leads: LeadIndex, onMultiple: Config.OnMultiple, formats: RecordFiles.Formats,
    guardsFormulas: Bool,
    folders: FolderPlan, stagingFolder: String?, inboundFilter: AttachmentFilter,
    outboundFilter: AttachmentFilter, privacy: Config.Privacy, pseudonymSecret: Digest?
  ) {
    self.mail = mail
    self.leads = leads
    self.onMultiple = onMultiple
    let text = fieldText
    fieldNames = leads.searchFields.map { name in
      text.place { text.append(string: name) }
    }
    self.formats = formats
    self.guardsFormulas = guardsFormulas
    self.folders = folders
    self.stagingFolder = stagingFolder
    self.privacy = privacy
    self.pseudonymSecret = pseudonymSecret
    filters = [inboundFilter, outboundFilter]
  }

  /// The name of a search field for `matchedBy`; `captured` for -1.
  func fieldName(_ i: Int) -> ByteView {
    i >= 0 && i < fieldNames.count ? fieldText[fieldNames[i]] : ByteView("captured")
  }

  /// Where quarantined bytes go, or nil.
  var quarantineFolder: String? { stagingFolder.map { Paths.join($0, "quarantine") } }

  /// Which attachments a direction keeps.
  func attachmentFilter(_ d: Direction) -> AttachmentFilter { filters[Int(d.rawValue) & 1] }

  /// A number for a worker's own file names.
  func nextWorkerID() -> Int { workers.add(1, ordering: .relaxed).newValue }
}
