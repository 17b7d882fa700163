import Bytes
import Records
import Rules
import Synchronization

/// What all workers of a run write to.
package final class RunShared: Sendable {
  /// Results to fill.
  let results = ResultPool()
  private let workers = Atomic<Int>(0)

  /// A number for a worker's own file names.
  func nextWorkerID() -> Int { workers.add(1, ordering: .relaxed).newValue }
}

/// One plan a worker: equal, but each with objects of its own. To read a shared object counts a
/// reference in it, and processors that count in one place wait for each other.
final class WorkerPlans: Sendable {
  private let plans: Mutex<[RunPlan]>

  /// The plans to give out.
  init(_ plans: [RunPlan]) { self.plans = Mutex(plans) }

  /// The next worker's. The first is given out again when there are no more.
  func next() -> RunPlan { plans.withLock { $0.count > 1 ? $0.removeLast() : $0[0] } }
}

/// Everything that a worker asks, resolved before the run. Read-only while it works.
package final class RunPlan: Sendable {
  /// The rules' plan.
  package let mail: MailPlan
  /// The CRM's leads.
  package let leads: LeadIndex
  /// `leads.onMultiple`
  let onMultiple: Config.OnMultiple
  private let words: PlanWords
  /// Formats of record files.
  let formats: RecordFiles.Formats
  /// `output.csvFormulaGuard`
  let guardsFormulas: Bool
  /// `output.privacy`
  let privacy: Config.Privacy
  /// What pseudonyms are made with, or nil when there are none.
  let pseudonymSecret: Digest?
  /// See ``Places``.
  let places: Places
  private let filters: [AttachmentFilter]
  /// What reading meetings in mail asks; nil where nobody wants it.
  let invites: InvitePlan?
  /// True in a run with a ledger: facts carry what it needs.
  let remembers: Bool
  /// Whether items wait until the whole run is read.
  let waits: Waiting
  /// True where leads are looked for in what waits for the whole run.
  var collects: Bool { waits == .forLeads }
  /// True where no item waits for the whole run: workers render what files say of a mail.
  var rendersAhead: Bool { waits == .never }
  /// True where records of addresses that are in no list may be written.
  let rendersPossibleLeads: Bool
  /// True where it counts who else could become a lead, now or in a later run.
  var findsPossibleLeads: Bool { rendersPossibleLeads || remembers }
  /// What items of a run wait for.
  enum Waiting: Sendable {
    /// Each is settled when it is read.
    case never
    /// Newer versions of meetings.
    case forVersions
    /// What may make leads, or decide who keeps a meeting; versions, too.
    case forLeads
  }

  /// Where a run puts what it writes.
  struct Places: Sendable {
    /// The staging folder; nil where no records are written (`--dry-run`, map).
    var staging: String?
    /// The folder of attachments; nil where none are stored.
    var attachments: String?
    /// Other runs store there at the same time.
    var isShared = false
    /// What could not be read is kept.
    var keepsUnread = false
  }

  /// What it has in common with the other workers' plans.
  let shared: RunShared

  init(
    mail: MailPlan, leads: LeadIndex, onMultiple: Config.OnMultiple, formats: RecordFiles.Formats,
    guardsFormulas: Bool, places: Places, inboundFilter: AttachmentFilter,
    outboundFilter: AttachmentFilter, invites: InvitePlan? = nil, remembers: Bool = false,
    waits: Waiting = .never, knowsOtherLeads: Bool = false, privacy: Config.Privacy,
    pseudonymSecret: Digest?,
    shared: RunShared
  ) {
    self.shared = shared
    self.invites = invites
    self.remembers = remembers
    self.waits = waits
    rendersPossibleLeads = mail.capturesAnywhere || knowsOtherLeads
    self.mail = mail
    self.leads = leads
    self.onMultiple = onMultiple
    words = PlanWords(mail, leads)
    self.formats = formats
    self.guardsFormulas = guardsFormulas
    self.places = places
    self.privacy = privacy
    self.pseudonymSecret = pseudonymSecret
    filters = [inboundFilter, outboundFilter]
  }

  /// The name of a search field for `matchedBy`; `captured` for -1.
  func fieldName(_ i: Int) -> ByteView { words.fieldName(i) }

  /// `activity.type` of a direction.
  func activityType(_ d: Direction) -> ByteView { words.activityType(d) }

  /// Where quarantined bytes go, or nil.
  var quarantineFolder: String? { places.staging.map { Paths.join($0, "quarantine") } }

  /// Which attachments a direction keeps.
  func attachmentFilter(_ d: Direction) -> AttachmentFilter { filters[Int(d.rawValue) & 1] }
}

/// Words of a plan as bytes, so that a record takes them without touching a String.
private struct PlanWords: Sendable {
  private let text = ByteBuffer(capacity: 256)
  private let fieldNames: [ByteRange]
  private let activityTypes: [ByteRange]

  init(_ mail: MailPlan, _ leads: LeadIndex) {
    let text = text
    fieldNames = leads.searchFields.map { name in
      text.place { text.append(string: name) }
    }
    activityTypes = [mail.inbound, mail.outbound].map { settings in
      text.place { text.append(string: settings.activityType) }
    }
  }

  @inline(__always)
  func fieldName(_ i: Int) -> ByteView {
    i >= 0 && i < fieldNames.count ? text[fieldNames[i]] : ByteView("captured")
  }

  @inline(__always)
  func activityType(_ d: Direction) -> ByteView { text[activityTypes[Int(d.rawValue) & 1]] }
}
