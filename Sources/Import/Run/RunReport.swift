import Bytes
import Mailboxes
import Records
import Rules

/// What a run did, for run.json and for the person at the keyboard.
package struct RunReport {
  let counts: DecisionCounts
  let setup: RunSetup
  /// What was read.
  var sources: [SourceFact]
  /// What is worth telling of what was found under the paths.
  var sourceWarnings: [String]
  var records = Records()
  var ledger = LedgerUse()
  var meetings = Meetings()
  var outbound = OutboundTasks.Result()
  var timing = Timing()
  var place = Place()
  var newSources: [String] = []
  var reusedMessageIDs = 0
  /// Mails in folders of the users' own that are not read, by the folder's name.
  var leftOut: [String: Int] = [:]

  // It in a line; drafts, spam and the like never are, and are no surprise.
  private var leftOutWarning: String? {
    let own = leftOut.filter { FolderRole.named($0.key)?.isNeverSynced != true }
    if own.isEmpty { return nil }
    let all = own.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let named = all.prefix(5).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
    let mails = Counted.of(own.values.reduce(0, +), "mail")
    let rest = all.count > 5 ? " and \(Counted.of(all.count - 5, "other"))" : ""
    return
      "left out: \(mails) in folders that are not read: \(named)\(rest); name them in email.folders to read them"
  }

  /// What users sent under addresses that nobody lists: the user's id, the address, how many mails.
  var sentAs: [SentAs] = []

  /// Addresses that one user sent mail under.
  struct SentAs {
    var user: String
    var isOutbound: Bool
    var addresses: [(address: String, mails: Int)]

    /// More of them are hardly one person's.
    private static let few = 3

    /// It in a line, with what to do about it.
    var warning: String {
      let mails = addresses.reduce(0) { $0 + $1.mails }
      let named = addresses.prefix(Self.few).map { "\($0.address) (\($0.mails))" }
        .joined(separator: ", ")
      let how = isOutbound ? "counts as sent by \(user)" : "counts as received (sentAs)"
      let head = "\(Counted.of(mails, "mail")) in sent folders of \(user)"
      if addresses.count > Self.few {
        return
          "\(head) is from \(addresses.count) addresses that nobody in the users list has: \(named), …; it \(how). Is this a shared mailbox?"
      }
      let list = addresses.map(\.address).joined(separator: ";")
      return
        "\(head) is from \(named), which nobody in the users list has; it \(how). If so, add to \(user)'s aliases: \(list)"
    }
  }
  /// Kept mails by the counterpart's domain; filled by a dry run only.
  var domains: [[UInt8]: Int] = [:]

  /// How many records were written.
  struct Records {
    var activities = 0
    var leads = 0
    var tasks = 0
    var blocks = 0

    /// By the names of their files.
    var named: [(name: String, count: Int)] {
      [("activities", activities), ("leads", leads), ("tasks", tasks), ("blocks", blocks)]
    }
  }

  /// What earlier runs had to do with it.
  struct LedgerUse {
    /// Where the ledger lies; nil for a run that stands alone.
    var path: String?
    /// True for a run with a ledger.
    var isThere = false
    /// Items of earlier runs that were not read again.
    var unread = 0
    /// Earlier mail that was read again.
    var backfill = Backfill.Result()
    /// What the ledger found worth telling.
    var notes: [String] = []
  }

  /// What is reported about calendars.
  struct Meetings {
    /// Series that go on after what was expanded, as `path#index`.
    var cutSeries: [String] = []
    /// The last change in each owner's calendars, seconds since 1970.
    var lastEvents: [String: Int64] = [:]
    /// Tasks of meetings that are in no calendar any more, written again.
    var missing = 0
    /// What is worth telling of single events.
    var warnings: [String] = []
  }

  /// How long it took.
  struct Timing {
    var bytes = 0
    /// Seconds.
    var duration = 0.0
    /// Seconds of it that went into waiting for the disk.
    var sync = 0.0
  }

  /// What the run is called, and where its result lies.
  struct Place {
    var runID = ""
    var destination = ""
  }

  init(
    counts: DecisionCounts, setup: RunSetup, sources: [SourceFact], sourceWarnings: [String]
  ) {
    self.counts = counts
    self.setup = setup
    self.sources = sources
    self.sourceWarnings = sourceWarnings
  }

  /// Tells in a line what ends the command with ``status(failOn:)``, also under `--quiet`: cron mails
  /// nothing else.
  func tellFailure(failOn: [String]) {
    let names = failOn.filter { count(failing: $0) > 0 }
    guard !names.isEmpty else { return }
    let counts = names.map { "\(Counted.of(count(failing: $0), "item")) \($0)" }
    let result = place.destination.isEmpty ? "" : "; the result is in \(place.destination)"
    let help = names.contains("quarantine") ? "; winnow retry --list names what cannot be read" : ""
    Console.error(
      "winnow: --fail-on: \(Plain.line(counts.joined(separator: ", ") + result + help))")
  }

  private func count(failing name: String) -> Int {
    if name == "quarantine" { return counts.items(.quarantined) }
    return Reason(rawValue: name).map { counts.count(of: $0) } ?? 0
  }

  /// Exit status: 2 when `--fail-on` names a reason that was given, else 0.
  func status(failOn: [String]) -> ExitStatus {
    failOn.contains { count(failing: $0) > 0 } ? .failOn : .done
  }

  /// Everything worth telling besides the counts, in a fixed order.
  var warnings: [String] {
    var list = ledger.notes + ledger.backfill.warnings + setup.warnings + sourceWarnings
    for target in setup.config.output.targets {
      list.append("output.targets: \(target): this version writes no files for single CRMs")
    }
    for source in sources { list += source.warnings }
    if reusedMessageIDs > 0 {
      list.append(
        "\(reusedMessageIDs) mails bear the Message-ID of another mail with different content; all were kept"
      )
    }
    if let leftOutWarning { list.append(leftOutWarning) }
    list += sentAs.map(\.warning)
    list += meetings.warnings
    if counts.mail > 0, !setup.hasLeadsList, records.activities == 0, records.leads == 0 {
      list.append(
        "no leads list is configured and no lead is captured, so no mail can match; set `leads`, or captureLeads.enabled"
      )
    }
    guard let pseudonyms = setup.makePseudonyms() else { return list }
    return list.map(pseudonyms.text)
  }
}
