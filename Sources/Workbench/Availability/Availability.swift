import Bytes
import CivilTime
import Glibc
import Import
import Mailboxes
import Records
import Rules
import TimeZones

/// `winnow availability`: busy, free and double-booked time of the users, as of the export
/// (UP-7-availability).
public enum Availability {
  /// How long a span may be asked for, in days.
  static let maximumDays: Int64 = 366

  /// Runs the command; the answer goes to standard output, what is worth telling to standard error.
  ///
  /// - Throws: ``RunError``
  public static func execute(_ options: AvailabilityOptions) throws -> ExitStatus {
    var options = options
    options.isASCII = options.isASCII || !isUTF8
    let (answer, warnings) = try answer(options)
    if !options.isQuiet {
      for w in warnings { Console.error("winnow: \(Plain.line(w))") }
    }
    // Nobody there to read is no fault of ours; a full disk is.
    if !Console.out(answer.view), errno != EPIPE {
      throw RunError(
        .ioError, "standard output: write failed: \(String(cString: strerror(errno)))")
    }
    return .done
  }

  /// The answer as it is written, and what is worth telling.
  static func answer(
    _ options: AvailabilityOptions
  ) throws -> (answer: ByteBuffer, warnings: [String]) {
    let slot = try SlotLength(options.slot)
    let hours = try DayHours(options.hours)
    var run = ImportOptions()
    run.config = options.config
    run.sources = options.sources
    run.skipsMissing = options.skipsMissing
    run.reads = .calendars
    run.memory.ledger = options.ledger
    run.memory.isStateless = options.isStateless
    let assembly = try RunAssembly.make(run, ledger: .users)
    let setup = assembly.setup
    let zoneName = setup.config.organization.timeZone
    let span = try span(options, zoneName)
    var report = AvailabilityReport(
      span: span, zone: TimePoint.zone(named: zoneName), zoneName: zoneName, slot: slot,
      hours: hours, now: options.now?.start(zone: zoneName) ?? setup.started)
    let question = Question(options: options, setup: setup, sources: assembly.sources)
    let warnings = try question.answer(run, &report)
    switch options.form {
    case .json: return (AvailabilityOutput.json(report), warnings)
    case .iCalendar: return (AvailabilityOutput.freeBusy(report), warnings)
    case .text:
      let text = AvailabilityText.render(report, options.isASCII ? .ascii : .unicode)
      let out = ByteBuffer(capacity: text.utf8.count)
      out.append(string: text)
      return (out, warnings)
    }
  }

  private static func span(_ o: AvailabilityOptions, _ zone: String) throws -> TimeSpan {
    // A date's end is its last second, a time's end it itself.
    let last = o.to.end(zone: zone)
    let isDate = last != o.to.start(zone: zone)
    let span = TimeSpan(start: o.from.start(zone: zone), end: isDate ? last + 1 : last)
    if span.isEmpty { throw RunError(.usage, "--to is not after --from") }
    // An hour more than days: clocks change.
    if span.seconds > maximumDays * 86_400 + 3600 {
      throw RunError(
        .usage,
        "--from and --to are \(span.seconds / 86_400) days apart; at most \(maximumDays) are answered at once, so ask in parts"
      )
    }
    return span
  }

  /// True where the terminal's characters are UTF-8, as the environment says (POSIX 8.2).
  private static var isUTF8: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      let folded = value.lowercased()
      return folded.contains("utf-8") || folded.contains("utf8")
    }
    return false
  }
}

/// One question: whose time, from which calendars.
private struct Question {
  let options: AvailabilityOptions
  let setup: RunSetup
  let sources: SourceResolver.Result

  /// Fills the report; gives what is worth telling.
  func answer(_ run: ImportOptions, _ report: inout AvailabilityReport) throws -> [String] {
    let index = setup.users(with: sources.guessedUsers)
    let plan = MeetingPlanBuilder.plan(setup.config, users: index, now: report.now)
    let wanted = try users(index)
    let pseudonyms = setup.makePseudonyms()
    // Oddities of mail do not matter here.
    var warnings = setup.diagnostics.filter {
      $0.severity != .error && !$0.keyPath.hasPrefix("email.")
    }.map(\.text)
    warnings += sources.warnings
    var calendars: [ResolvedSource] = []
    for s in sources.sources {
      guard s.user >= 0 else {
        warnings.append("\(s.display): nobody in the users list owns it, so it is not counted")
        continue
      }
      if wanted.contains(s.user), counts(s, plan) { calendars.append(s) }
    }
    let standing = wanted.filter { leavesOut(plan.user($0)) == nil }
    let tasks = AvailabilityTasks(
      setup.tasks, users: Set(standing), plan: plan, zone: report.zone)
    let shown = choose(wanted, calendars, tasks, plan, &report, &warnings)
    let counted = calendars.filter { shown.contains($0.user) }
    let reader = AvailabilityCalendars(
      sources: counted, users: shown, plan: plan, tasks: tasks, span: report.span,
      zone: report.zone)
    let people = reader.read()
    try RunSources.refuse(reader.faults, run)
    warnings += reader.faults.map { "left out from there on: \($0)" } + reader.warnings
    warnings += tasks.warnings
    for i in shown {
      var person = people[i] ?? AvailabilityPerson()
      tasks.add(to: &person, user: i)
      let record = i < index.users.count ? index.users[i] : UserRecord()
      report.add(
        id: pseudonyms?.text(record.id) ?? record.id,
        name: pseudonyms == nil ? record.name ?? "" : "",
        email: pseudonyms?.text(record.email) ?? record.email, person.appointments)
    }
    report.asOf = asOf(counted, hasTasks: shown.contains { tasks.byUser[$0] != nil })
    return pseudonyms.map { p in warnings.map(p.text) } ?? warnings
  }

  // Of the users asked for, those who can be shown; for the others the reason is told.
  private func choose(
    _ wanted: [Int], _ calendars: [ResolvedSource], _ tasks: AvailabilityTasks, _ plan: MeetingPlan,
    _ report: inout AvailabilityReport, _ warnings: inout [String]
  ) -> [Int] {
    let pseudonyms = setup.makePseudonyms()
    var shown: [Int] = []
    var unknown: [String] = []
    for i in wanted {
      let id = pseudonyms?.text(plan.user(i).id) ?? plan.user(i).id
      if let out = leavesOut(plan.user(i)) {
        report.leftOut.append((id, out.reason.rawValue))
        warnings.append("\(id): left out, \(out.reason.rawValue) (\(out.rule))")
        continue
      }
      let hasCalendar = calendars.contains { $0.user == i }
      if !hasCalendar, tasks.byUser[i] == nil {
        unknown.append(id)
        continue
      }
      shown.append(i)
      if !hasCalendar {
        warnings.append(
          "\(id): only tasks of the CRM; no calendar of this user is among the sources")
      }
      if plan.user(i).calendar.invitesInMail {
        warnings.append("\(id): invitations that only came by mail are not counted")
      }
    }
    if !unknown.isEmpty {
      warnings.append(
        "not shown, because neither a calendar nor a task is there: \(unknown.joined(separator: ", "))"
      )
    }
    return shown
  }

  // Positions of the users who are asked for, in list order.
  private func users(_ index: UserIndex) throws -> [Int] {
    if options.users.isEmpty { return Array(index.users.indices) }
    var positions: Set<Int> = []
    for text in options.users {
      guard let found = index.position(of: text) else {
        throw RunError(
          .usage, "--user \(Plain.line(text)): no user with this id or address is known",
          details: index.users.prefix(20).map { Plain.line($0.id) })
      }
      positions.insert(found)
    }
    return positions.sorted()
  }

  // CS-F-primary, LG-3-conflict.
  private func counts(_ s: ResolvedSource, _ plan: MeetingPlan) -> Bool {
    switch s.role {
    case .primary?, .conflict?: true
    case .other?: !plan.user(s.user).calendar.primaryOnly
    case nil: false
    }
  }

  private func leavesOut(_ user: MeetingUserPlan) -> (reason: Reason, rule: String)? {
    if let reason = user.standing { return (reason, user.standingRule) }
    return user.calendar.enabled ? nil : (.syncDisabled, "calendar.enabled")
  }

  // The newest calendar; where only tasks are shown, their newest list.
  private func asOf(_ calendars: [ResolvedSource], hasTasks: Bool) -> Int64? {
    var paths = calendars.map { $0.found.path.withByteView(\.string) }
    if paths.isEmpty, hasTasks { paths = Set(setup.tasks.map(\.file)).sorted() }
    return paths.compactMap { path in
      var info = stat()
      return stat(path, &info) == 0 ? info.modifiedSeconds : nil
    }.max()
  }
}
