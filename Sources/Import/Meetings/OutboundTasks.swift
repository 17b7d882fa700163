import Bytes
import CivilTime
import Glibc
import ICalendar
import JSONText
import Records
import Rules

/// The CRM's tasks on their way out: a decision for each, and `outbound/<owner>.ics`
/// (CS-1-owner-push).
package struct OutboundTasks {
  let plan: MeetingPlan
  let tasks: [TaskRow]
  /// The folder that paths are shown relative to.
  let folder: String
  /// Only tasks of the user with this id; nil for all.
  var user: String?
  /// What of the run's own tasks was made of meetings: UIDs by ``fingerprint(_:_:_:_:)``. A CRM
  /// that took them in lists them, too, and they must not go back.
  var imported: [UInt64: String] = [:]

  /// The events that tasks became and that came back with a calendar, by task id: somebody may have
  /// moved one there.
  var returned: [String: ReturnedTask] = [:]

  /// Files written, and what is worth telling.
  struct Result {
    var files = 0
    var events = 0
    var warnings: [String] = []
  }

  /// Decides about every task in list order and writes the calendars into `folder`; without one
  /// only decides.
  func write(into folder: String?, decisions: DecisionLines) throws -> Result {
    var result = Result()
    var events = [[OutboundEvent]](repeating: [], count: plan.users.count)
    var owners: Set<Int> = []
    var index: [String: Int] = [:]
    let links = JoinLinkFinder()
    for row in tasks {
      let i = index[row.file, default: 0]
      index[row.file] = i + 1
      let c = TaskContext(plan: plan, row: row, hasLink: Self.hasLink(row, links))
      owners.insert(c.user)
      if let user, c.owner.id != user || c.user < 0 { continue }
      var finding = TaskRules.book.decide(c)
      if finding.reason == nil, case .success(let e) = c.event {
        c.known.importedUID = imported[Self.fingerprint(of: e, subject: row.subject)]
        c.known.returned = returned[row.id]
        finding = TaskRules.settling.decide(c)
        if c.known.importedUID == nil, let conflict = c.conflict {
          result.warnings.append("\(row.file): task \(row.id): \(Self.words(conflict))")
        }
        if finding.reason?.outcome == .kept {
          for guest in e.invalidGuests {
            result.warnings.append(
              "\(row.file): task \(row.id): \"\(guest.prefix(60))\" is no address, so it is not invited"
            )
          }
          if e.user >= 0, e.user < events.count { events[e.user].append(event(e, c)) }
        }
      }
      try decide(finding, c, i, decisions)
    }
    for (user, list) in events.enumerated()
    where plan.users[user].calendar.sendsTasks && plan.users[user].standing == nil {
      // Also when it is empty: a calendar that was imported before is emptied by it.
      if let wanted = self.user, plan.users[user].id != wanted { continue }
      if list.isEmpty, !owners.contains(user) { continue }
      result.files += 1
      result.events += list.count
      guard let folder else { continue }
      try writeFile(list, plan.users[user].id, folder)
    }
    return result
  }

  private func shown(_ path: String) -> String {
    let base = folder == "." || folder.isEmpty ? "./" : folder + "/"
    return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
  }

  private func writeFile(_ list: [OutboundEvent], _ owner: String, _ folder: String) throws {
    mkdir(folder, 0o777)
    let out = ByteBuffer(capacity: 4096)
    OutboundCalendar.append(
      list, name: owner, now: plan.clock.now, to: out)
    let file = try OutputFile(creating: Paths.join(folder, FileName.of(owner) + ".ics"))
    try file.write(out.view)
    try file.close(sync: true)
  }

  private static func hasLink(_ row: TaskRow, _ links: JoinLinkFinder) -> Bool {
    row.location.withByteView { links.find(inText: $0) }
      || row.description.withByteView { links.find(inText: $0) }
  }

  // CS-6.2-two-way: what was moved in the calendar since is not moved back.
  private static func words(_ conflict: TaskConflict) -> String {
    let there = conflict.there
    let times =
      "the calendar has \(TimePoint.rfc3339(there.start)) to \(TimePoint.rfc3339(there.end)) (\(there.place)), the CRM \(TimePoint.rfc3339(conflict.start)) to \(TimePoint.rfc3339(conflict.end))"
    return switch conflict.winner {
    case .task: "\(times): the CRM's time goes out"
    case .event: "\(times): the calendar's stays, change the task in the CRM"
    case .nobody: "\(times): to be reviewed, nothing goes out"
    }
  }

  // MARK: Events

  private func event(_ e: TaskEvent, _ c: TaskContext) -> OutboundEvent {
    let (start, end) = Self.times(e.span)
    var out = OutboundEvent(taskID: c.row.id, start: start, end: end)
    out.subject = c.row.subject
    out.description = c.row.description
    out.location = c.row.location
    let users = plan.index.users
    if e.user >= 0, e.user < users.count, !users[e.user].email.isEmpty {
      out.organizer = (users[e.user].name ?? "", users[e.user].email)
    }
    out.attendees = e.guests.map(\.email)
    // Asking for an answer makes calendars write to the guests (CS-W-alerts).
    out.asksForAnswer = c.calendar.notifications == .invitees || c.calendar.notifications == .all
    out.isCancelled = e.isCancelled
    out.created = ConfigTime(c.row.createdOn).map { plan.clock.seconds(of: $0) }
    out.modified = ConfigTime(c.row.modifiedOn).map { plan.clock.seconds(of: $0) }
    out.needsLink = e.linkNeeded
    return out
  }

  private static func times(_ span: TaskSpan) -> (OutboundEvent.Time, OutboundEvent.Time) {
    switch (span.start, span.end) {
    case (.date(let a), .date(let b)?): (date(a), date(b))
    case (.date(let a), _): (date(a), date(a + 1))
    case (.instant(let a), .instant(let b)?): (.instant(a), .instant(b))
    // As calendar programs do: without an end a meeting lasts half an hour.
    case (.instant(let a), _): (.instant(a), .instant(a + 1800))
    }
  }

  private static func date(_ days: Int64) -> OutboundEvent.Time {
    .date(CivilDate(daysSince1970: Int(days)))
  }

  // MARK: The way back

  /// What a task and the meeting it was made of have in common: owner, times, subject.
  package static func fingerprint(_ user: Int, _ start: Int64, _ end: Int64, _ subject: String)
    -> UInt64
  {
    let hash = SHA256()
    let text = ByteBuffer(capacity: 128)
    text.append(string: "\(user) \(start) \(end) ")
    text.append(
      string: subject.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " "))
    hash.update(text.view)
    return hash.finish().words.0
  }

  private static func fingerprint(of e: TaskEvent, subject: String) -> UInt64 {
    guard case .instant(let a) = e.span.start, case .instant(let b)? = e.span.end else { return 0 }
    return fingerprint(e.user, a, b, subject)
  }

  // MARK: Decisions

  private func decide(
    _ finding: Finding, _ c: TaskContext, _ index: Int, _ decisions: DecisionLines
  ) throws {
    guard let reason = finding.reason else { return }
    let head = ByteBuffer(capacity: 128)
    head.append("{\"item\":\"task\",\"id\":")
    JSONWriter.appendString(c.row.id, to: head)
    let tail = ByteBuffer(capacity: 256)
    tail.append(",\"owner\":")
    JSONWriter.appendString(c.user >= 0 ? c.owner.id : c.row.owner, to: tail)
    tail.append(",\"direction\":\"outbound\",\"date\":")
    let start = ConfigTime(c.row.start).map { plan.clock.seconds(of: $0) }
    ActivityRendering.appendDate(start, to: tail)
    tail.append(",\"source\":{\"path\":")
    JSONWriter.appendString(shown(c.row.file), to: tail)
    tail.append(",\"index\":")
    tail.append(decimal: index)
    tail.append(",\"line\":")
    tail.append(decimal: c.row.line)
    tail.append(125)
    finding.rule.withByteView { rule in
      finding.matched.withByteView { matched in
        _ = decisions.begin(
          reason.outcome, reason, item: .task, head: head.view, rule: rule, matched: matched,
          tail: tail.view)
      }
    }
    try decisions.end()
  }
}

/// Names of files made of ids that somebody else chose.
enum FileName {
  /// The id with everything but letters, digits, `.`, `_`, `-`, `@` and `+` as `%XX`; never hidden,
  /// never a path.
  static func of(_ id: String) -> String {
    let out = ByteBuffer(capacity: 64)
    id.withByteView { v in
      for i in 0..<v.count {
        let c = v[i]
        let isPlain =
          ASCII.isAlphanumeric(c) || c == 95 || c == 45 || c == 64 || c == 43 || (c == 46 && i > 0)
        if isPlain {
          out.append(c)
        } else {
          out.append(37)
          for digit in [c >> 4, c & 15] { out.append(digit < 10 ? 48 + digit : 55 + digit) }
        }
      }
    }
    // File systems end at 255 bytes; what is longer ends in its own digest.
    let name = out.string
    guard name.utf8.count > 200 else { return name.isEmpty ? "%" : name }
    return String(decoding: Array(name.utf8.prefix(160)), as: UTF8.self) + "-"
      + SHA256.digest(out.view).hex(bytes: 8)
  }
}
