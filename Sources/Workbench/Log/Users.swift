import Bytes
import Import
import JSONText
import Ledger
import Rules

/// `winnow users`: who is synced, and who is not (ES-11, CS-8).
public enum Users {
  /// What `users list` leaves out.
  public enum Filter: Sendable { case all, active, paused }

  /// One user as the list and the ledger know them.
  private struct Row {
    var id: String
    var name: String?
    var email: String?
    var provider: String?
    var listed: UserState?
    var kept: UserEntry?
    var lastRun: RunID?

    /// Of list and ledger the stricter.
    var state: UserState {
      let a = listed ?? .active
      let b = kept?.state ?? .active
      return a.rawValue >= b.rawValue ? a : b
    }
  }

  // MARK: list

  /// Prints the users of list and ledger.
  ///
  /// - Parameter provider: Only users of this provider, compared without regard to case.
  public static func list(
    _ options: LedgerOptions, filter: Filter, provider: String?
  ) throws -> ExitStatus {
    try LedgerPlace.execute(options) { place in
      var runs: [RunID: RunInfo] = [:]
      var entries: [UserEntry] = []
      var last: [String: RunID] = [:]
      if let ledger = try place.openForReading() {
        defer { ledger.close() }
        entries = try ledger.users()
        for run in try ledger.allRuns() { runs[run.id] = run }
        last = try lastRuns(ledger, ids: place.users.users.map(\.id) + entries.map(\.id))
        try ledger.assertUnchanged()
      }
      let rows = merge(place.users.users, entries, last).filter { row in
        switch filter {
        case .all: break
        case .active: if row.state != .active { return false }
        case .paused: if row.state != .paused { return false }
        }
        guard let provider else { return true }
        return provider.lowercased() == row.provider?.lowercased()
      }
      if options.isJSON {
        Console.out(json(rows, runs))
      } else {
        print(rows, runs, place)
      }
      return .done
    }
  }

  private static func merge(
    _ records: [UserRecord], _ entries: [UserEntry], _ last: [String: RunID]
  ) -> [Row] {
    var known: [String: UserEntry] = [:]
    for e in entries { known[e.id] = e }
    var rows = records.map { user in
      let kept = known.removeValue(forKey: user.id)
      return Row(
        id: user.id, name: user.name, email: user.email,
        provider: user.provider ?? kept?.provider, listed: state(user.status), kept: kept)
    }
    for e in entries where known[e.id] != nil {
      rows.append(Row(id: e.id, provider: e.provider, kept: e))
    }
    for i in rows.indices {
      rows[i].lastRun = [rows[i].kept?.lastRun, last[rows[i].id]].compactMap { $0 }.max()
    }
    return rows
  }

  private static func state(_ s: Config.UserStatus) -> UserState {
    switch s {
    case .active: .active
    case .paused: .paused
    case .removed: .removed
    }
  }

  /// Decisions that are looked at, from the newest back, to find each user's last run.
  private static let lastRunDepth = 200_000

  private static func lastRuns(_ ledger: LedgerFile, ids: [String]) throws -> [String: RunID] {
    var wanted = Set(ids)
    var found: [String: RunID] = [:]
    var query = LogQuery()
    query.limit = lastRunDepth
    try ledger.forEachLogRow(query) { row in
      if wanted.remove(row.user) != nil { found[row.user] = row.run }
      return !wanted.isEmpty
    }
    return found
  }

  private static func print(_ rows: [Row], _ runs: [RunID: RunInfo], _ place: LedgerPlace) {
    var table = TextTable(
      ["ID", "STATE", "LIST", "LEDGER", "PROVIDER", "LAST EVENT", "LAST RUN", "NAME"], flexible: 7)
    for row in rows {
      table.add([
        row.id, word(row.state), row.listed.map(word) ?? "-",
        row.kept.map { word($0.state) } ?? "-",
        row.provider ?? "-", row.kept?.lastEvent.map(TimePoint.rfc3339) ?? "-",
        row.lastRun.map {
          "\($0)" + (runs[$0].map { " " + TimePoint.rfc3339($0.facts.started) } ?? "")
        }
          ?? "-",
        row.name ?? row.email ?? "",
      ])
    }
    if !rows.isEmpty { Console.out(table.text(width: TextTable.terminalWidth), newline: false) }
    place.tell("\(rows.count) \(rows.count == 1 ? "user" : "users")")
  }

  private static func word(_ s: UserState) -> String {
    switch s {
    case .active: "active"
    case .paused: "paused"
    case .removed: "removed"
    }
  }

  private static func json(_ rows: [Row], _ runs: [RunID: RunInfo]) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.key("users")
    w.beginArray()
    for row in rows {
      w.beginObject()
      w.key("id")
      w.string(row.id)
      w.key("state")
      w.string(word(row.state))
      for (name, text) in [
        ("listState", row.listed.map(word)), ("ledgerState", row.kept.map { word($0.state) }),
        ("since", row.kept.map { TimePoint.rfc3339($0.since) }),
        ("connectedAt", row.kept?.connected.map(TimePoint.rfc3339)),
        ("name", row.name), ("email", row.email), ("provider", row.provider),
        ("lastEventReceived", row.kept?.lastEvent.map(TimePoint.rfc3339)),
      ] {
        w.key(text: name)
        w.string(orNull: text)
      }
      w.key("lastRun")
      if let id = row.lastRun {
        w.beginObject()
        w.key("number")
        w.number(Int(clamping: id))
        w.key("started")
        w.string(orNull: runs[id].map { TimePoint.rfc3339($0.facts.started) })
        w.endObject()
      } else {
        w.null()
      }
      w.endObject()
    }
    w.endArray()
    w.endObject()
    return out.string
  }

  // MARK: pause, resume, remove

  /// Pauses (`.paused`), resumes (`.active`) or removes a user, in the ledger, which is made when
  /// there is none.
  ///
  /// - Throws: ``RunError`` 64 for an id that neither the list nor, for a removal, the ledger has.
  public static func set(
    _ options: LedgerOptions, id: String, _ state: UserChange
  ) throws -> ExitStatus {
    try LedgerPlace.execute(options) { place in
      let index = place.users.user(id: id)
      let record = index.map { place.users.users[$0] }
      // Nothing is made for a slip of the pen.
      if record == nil, !place.exists { throw unknown(id, place, []) }
      try Paths.makeDirectories(Paths.parent(of: place.path))
      let ledger = try LedgerFile.open(place.path, mode: .create)
      defer { ledger.close() }
      let entries = try ledger.users()
      let before = entries.first { $0.id == id }
      if record == nil {
        guard state == .remove, before != nil else { throw unknown(id, place, entries) }
      }
      try ledger.setUser(id, state.kept, at: place.now, provider: record?.provider)
      let listed = record.map { self.state($0.status) }
      let effective = max((listed ?? .active).rawValue, state.kept.rawValue)
      let now = UserState(rawValue: effective) ?? state.kept
      if options.isJSON {
        Console.out(changeJSON(id, before?.state ?? .active, state.kept, listed, now))
      } else if !options.isQuiet {
        let lines = words(state, from: before?.state ?? .active, listed: listed)
        Console.out(Plain.line("\(id): \(lines[0])"))
        for line in lines.dropFirst() { Console.out("  " + line) }
      }
      return .done
    }
  }

  /// What `users pause`, `resume` and `remove` do.
  public enum UserChange: Sendable {
    case pause, resume, remove

    fileprivate var kept: UserState {
      switch self {
      case .pause: .paused
      case .resume: .active
      case .remove: .removed
      }
    }
  }

  private static func unknown(
    _ id: String, _ place: LedgerPlace, _ entries: [UserEntry]
  ) -> RunError {
    let listed = place.users.users.map(\.id)
    let known = listed + entries.map(\.id).filter { !listed.contains($0) }
    let near = known.filter { Nearest.name(to: id, in: [$0]) != nil }
    let shown = (near.isEmpty ? known : near).prefix(10).map(Plain.line)
    return RunError(
      .usage, "\(Plain.line(id)): no user with this id is in the users list",
      details: shown.isEmpty
        ? [] : ["\(near.isEmpty ? "known are" : "did you mean") \(shown.joined(separator: ", "))"])
  }

  private static func words(
    _ change: UserChange, from before: UserState, listed: UserState?
  ) -> [String] {
    let isSame = before == change.kept
    switch change {
    case .pause:
      return [
        isSame ? "is paused already" : "paused (was \(word(before)))",
        "From the next run on their mail and calendar are left alone (user-paused); what was published stays.",
        "`winnow users resume` lets them go on; what came in the meantime is read then.",
      ] + (listed == .removed ? ["The users list says removed, which is stricter."] : [])
    case .resume:
      var lines = [isSame ? "is active already" : "active again (was \(word(before)))"]
      switch listed {
      case .paused, .removed:
        lines.append(
          "The users list still says \(listed.map(word) ?? ""), and the stricter wins: change the status there, too."
        )
      default: lines.append("The next run reads what came in the meantime.")
      }
      if before == .removed {
        lines.append(
          "They start afresh: how far their mailboxes had been read was forgotten with the removal."
        )
      }
      return lines
    case .remove:
      return [
        isSame ? "is removed already" : "removed (was \(word(before)))",
        "How far their mailboxes were read is forgotten; their items are dropped as user-removed.",
        "What was published stays published. `winnow users resume` takes them back.",
      ]
    }
  }

  private static func changeJSON(
    _ id: String, _ before: UserState, _ after: UserState, _ listed: UserState?, _ now: UserState
  ) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.key("id")
    w.string(id)
    for (name, text) in [
      ("before", word(before)), ("ledgerState", word(after)), ("listState", listed.map(word)),
      ("state", word(now)),
    ] {
      w.key(text: name)
      w.string(orNull: text)
    }
    w.endObject()
    return out.string
  }
}
