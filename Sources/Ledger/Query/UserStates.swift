import GRDB

/// Whether a user's mail and calendar are synced (ES-11). The raw values are in the
/// file. The users list has a state, too; of both the stricter wins, which the caller decides.
public enum UserState: UInt8, Sendable { case active = 0, paused, removed }

/// What the ledger knows of a user.
public struct UserEntry: Sendable, Equatable {
  /// The user's id.
  public var id: String
  /// The state.
  public var state: UserState
  /// Since when.
  public var since: UnixTime
  /// When the user came back after a removal: nothing older is synced. nil otherwise.
  public var connected: UnixTime?
  /// The mail provider, as last given.
  public var provider: String?
  /// The newest event or mail seen (CS-7-refresh), and the run that saw it.
  public var lastEvent: UnixTime?
  /// The last run that saw something of the user.
  public var lastRun: RunID?

  /// A user.
  public init(
    id: String, state: UserState, since: UnixTime, connected: UnixTime? = nil,
    provider: String? = nil, lastEvent: UnixTime? = nil, lastRun: RunID? = nil
  ) {
    self.id = id
    self.state = state
    self.since = since
    self.connected = connected
    self.provider = provider
    self.lastEvent = lastEvent
    self.lastRun = lastRun
  }
}

extension LedgerFile {
  /// Every user that the ledger knows, by id.
  public func users() throws(LedgerError) -> [UserEntry] {
    try access { db in
      var entries: [UserEntry] = []
      try Query(
        db,
        "SELECT id, state, since, connected, provider, last_event, last_run FROM user ORDER BY id"
      ).forEach { q in
        guard let state = UserState(rawValue: UInt8(clamping: q.int(1))) else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a user of unknown state")
        }
        entries.append(
          UserEntry(
            id: q.text(0), state: state, since: q.int(2), connected: q.optionalInt(3),
            provider: q.optionalText(4), lastEvent: q.optionalInt(5), lastRun: q.optionalInt(6)))
      }
      return entries
    }
  }

  /// Pauses, resumes or removes a user; known to the ledger or not. Needs no run lock: a run that
  /// is under way keeps the states it began with.
  ///
  /// A removal forgets how far the user's sources were read and the mail kept for back-fill; what
  /// was published stays published. Coming back after it sets ``UserEntry/connected``.
  public func setUser(
    _ id: String, _ state: UserState, at now: UnixTime, provider: String? = nil
  ) throws(LedgerError) {
    try transaction { db in
      let set = try Query(
        db,
        """
        INSERT INTO user (id, state, since, provider) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET
          connected = CASE WHEN state = 2 AND excluded.state <> 2 THEN ?3 ELSE connected END,
          since = CASE WHEN state = excluded.state THEN since ELSE ?3 END,
          state = excluded.state, provider = coalesce(excluded.provider, provider)
        """)
      set.bind(1, text: id)
      set.bind(2, Int64(state.rawValue))
      set.bind(3, now)
      set.bind(4, text: provider)
      try set.run()
      guard state == .removed else { return }
      let word = try Query(db, "SELECT id FROM word WHERE text = ?")
      word.bind(1, text: id)
      guard let owner = try word.first({ $0.int(0) }) else { return }
      try Query(
        db,
        "DELETE FROM counterpart WHERE source IN (SELECT id FROM source WHERE owner = \(owner))"
      ).run()
      try Query(db, "DELETE FROM source WHERE owner = \(owner)").run()
    }
  }
}
