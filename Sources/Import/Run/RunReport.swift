import Bytes
import Glibc
import JSONText
import Mailboxes
import Records
import Rules

/// What a run did, for run.json and for the person at the keyboard.
struct RunReport {
  let counts: RunCounts
  let setup: RunSetup
  let sources: SourceResolver.Result
  let summaries: [MailboxSummary]
  var activities = 0
  var leads = 0
  var tasks = 0
  var blocks = 0
  /// Items of earlier runs that were not read again.
  var unread = 0
  /// Earlier mail that was read again.
  var backfill = Backfill.Result()
  /// True for a run with a ledger.
  var hasLedger = false
  /// Where that lies; nil for a run that stands alone.
  var ledgerPath: String?
  /// What the ledger found worth telling.
  var notes: [String] = []
  var outbound = OutboundTasks.Result()
  /// Series that go on behind what was expanded, as `path#index`.
  var cutSeries: [String] = []
  /// The last change in each owner's calendars, seconds since 1970.
  var lastEvents: [String: Int64] = [:]
  /// Tasks of meetings that are in no calendar any more, written again.
  var missing = 0
  /// What is worth telling of calendars.
  var eventWarnings: [String] = []
  var bytes = 0
  var duration = 0.0
  var syncSeconds = 0.0
  var runID = ""
  var destination = ""
  var newSources: [String] = []
  var reusedMessageIDs = 0
  var hashesInputs = false
  /// Kept mails by the counterpart's domain; filled by a dry run only.
  var domains: [[UInt8]: Int] = [:]

  init(
    counts: RunCounts, setup: RunSetup, sources: SourceResolver.Result, summaries: [MailboxSummary]
  ) {
    self.counts = counts
    self.setup = setup
    self.sources = sources
    self.summaries = summaries
  }

  /// Exit status: 2 when `--fail-on` names a reason that was given, else 0.
  func status(failOn: [String]) -> ExitStatus {
    for name in failOn {
      if name == "quarantine", counts.items(.quarantined) > 0 { return .failOn }
      if let reason = Reason(rawValue: name), counts.count(of: reason) > 0 { return .failOn }
    }
    return .done
  }

  /// Everything worth telling besides the counts, in a fixed order.
  var warnings: [String] {
    var list = notes + backfill.warnings + setup.warnings + sources.warnings
    for target in setup.config.output.targets {
      list.append("output.targets: \(target): this version writes no files for single CRMs")
    }
    for (source, summary) in zip(sources.sources, summaries) {
      list += Self.warnings(of: source, summary)
    }
    if reusedMessageIDs > 0 {
      list.append(
        "\(reusedMessageIDs) mails bear the Message-ID of another mail with different content; all were kept"
      )
    }
    list += eventWarnings
    if counts.mail > 0, !setup.hasLeadsList, activities == 0, leads == 0 {
      list.append(
        "no leads list is configured and no lead is captured, so no mail can match; set `leads`, or captureLeads.enabled"
      )
    }
    guard let pseudonyms = setup.makePseudonyms() else { return list }
    return list.map(pseudonyms.text)
  }

  private static func warnings(of source: ResolvedSource, _ s: MailboxSummary) -> [String] {
    var list: [String] = []
    let path = source.display
    if let note = source.ownerNote { list.append("\(path): owner \(source.ownerName), \(note)") }
    if source.user < 0 { list.append("\(path): nobody in the users list owns it") }
    if s.doubtfulLines > 0 {
      let places = s.doubtful.prefix(5).map { "\($0.offset)" }.joined(separator: ", ")
      list.append(
        "\(path): \(s.doubtfulLines) body lines begin with \"From \" and were left in their message (at byte \(places)\(s.doubtfulLines > 5 ? ", …" : ""))"
      )
    }
    if s.skippedBytes > 0 {
      list.append(
        "\(path): \(s.skippedBytes) bytes before the first separator belong to no message")
    }
    if s.cutSeparatorBytes > 0 {
      list.append("\(path): ends inside a separator line (\(s.cutSeparatorBytes) bytes)")
    }
    if s.pseudoMessages > 0 {
      list.append("\(path): \(s.pseudoMessages) internal messages of the mail store left out")
    }
    if let e = s.error { list.append("\(path): \(e.reason); what was read before stays") }
    for e in s.fileErrors {
      list.append("\(e.path.withByteView(\.string)): left out, \(e.reason)")
    }
    return list
  }

  /// Writes run.json; all of it but `timing` is the same in every run over the same input.
  func writeJSON(to path: String) throws {
    let out = ByteBuffer(capacity: 4096)
    let w = JSONWriter(out)
    w.beginObject()
    w.key("winnow")
    w.string(Version.text)
    w.key("version")
    w.string(Version.text)
    w.key("items")
    outcomes(w, all: true)
    for (name, item) in [("mail", RunCounts.Item.mail), ("events", .event)] {
      w.key(text: name)
      outcomes(w, item)
    }
    w.key("reasons")
    w.beginObject()
    for r in counts.given {
      w.key(text: r.reason.rawValue)
      w.number(r.count)
    }
    w.endObject()
    w.key("records")
    w.beginObject()
    for (name, n) in [
      ("activities", activities), ("leads", leads), ("tasks", tasks), ("blocks", blocks),
    ] {
      w.key(text: name)
      w.number(n)
    }
    w.endObject()
    w.key("inputs")
    w.beginArray()
    for (source, summary) in zip(sources.sources, summaries) { input(w, source, summary) }
    w.endArray()
    w.key("config")
    w.beginObject()
    w.key("path")
    w.string(orNull: setup.configPath)
    w.key("digest")
    w.string(orNull: setup.configDigest?.hex())
    w.key("profile")
    w.string(setup.config.profile.rawValue)
    w.endObject()
    w.key("compliance")
    w.beginObject()
    w.key("region")
    w.string(orNull: setup.config.organization.region)
    w.key("retentionDays")
    w.number(orNull: setup.config.organization.retentionDays)
    w.endObject()
    w.key("users")
    w.beginArray()
    for (owner, last) in lastEvents.sorted(by: { $0.key < $1.key }) {
      w.beginObject()
      w.key("id")
      w.string(owner)
      w.key("lastEventReceived")
      w.string(TimePoint.rfc3339(last))
      w.endObject()
    }
    w.endArray()
    w.key("backfill")
    w.beginObject()
    w.key("read")
    w.number(backfill.mails)
    w.key("unavailable")
    w.number(backfill.unavailable)
    w.endObject()
    w.key("missingMeetings")
    w.number(missing)
    w.key("ledger")
    w.bool(hasLedger)
    w.key("cutSeries")
    w.beginArray()
    for place in cutSeries { w.string(place) }
    w.endArray()
    w.key("newSources")
    w.beginArray()
    for s in newSources { w.string(s) }
    w.endArray()
    w.key("warnings")
    w.beginArray()
    for s in warnings { w.string(s) }
    w.endArray()
    w.key("timing")
    w.beginObject()
    w.key("runId")
    w.string(runID)
    w.key("started")
    w.string(setup.startedText)
    w.key("duration")
    w.number((duration * 1000).rounded() / 1000)
    w.key("bytesPerSecond")
    w.number(Progress.Text.rate(bytes, duration))
    w.endObject()
    w.endObject()
    out.append(ASCII.lf)
    let file = try OutputFile(creating: path)
    try file.write(out.view)
    try file.close(sync: true)
  }

  private func outcomes(_ w: JSONWriter, _ item: RunCounts.Item = .mail, all: Bool = false) {
    w.beginObject()
    w.key("in")
    w.number(Outcome.allCases.reduce(0) { $0 + (all ? counts.items($1) : counts.items($1, item)) })
    for o in Outcome.allCases {
      w.key(o.name)
      w.number(all ? counts.items(o) : counts.items(o, item))
    }
    if all || item == .mail {
      w.key("unread")
      w.number(unread)
    }
    w.endObject()
  }

  private func input(_ w: JSONWriter, _ source: ResolvedSource, _ summary: MailboxSummary) {
    let path = source.found.path.withByteView(\.string)
    var info = stat()
    let isThere = stat(path, &info) == 0
    w.beginObject()
    w.key("path")
    w.string(source.display)
    w.key("kind")
    w.string(source.found.kind.rawValue)
    w.key("owner")
    w.string(setup.makePseudonyms()?.text(source.ownerName) ?? source.ownerName)
    w.key("size")
    w.number(source.found.size)
    w.key("modified")
    if isThere {
      ActivityRendering.appendDate(Int64(info.st_mtim.tv_sec), to: w.out)
    } else {
      w.null()
    }
    w.key("items")
    w.number(summary.messages)
    if let print = Fingerprint.of(path, whole: hashesInputs) {
      w.key("fingerprint")
      w.string(print.fingerprint.hex())
      if let whole = print.whole {
        w.key("sha256")
        w.string(whole.hex())
      }
    }
    w.endObject()
  }
}
