import GRDB

/// A quarantined item with its history.
public struct QuarantineEntry: Sendable, Equatable {
  /// Its number, for `retry --only`.
  public var id: Int64
  /// The item.
  public var item: QuarantinedItem
  /// The user's id, empty when unknown.
  public var owner: String
  /// The program version that failed last: another one may do better.
  public var program: String
  /// The runs that met it first and last.
  public var firstRun, lastRun: RunID
  /// How often it was tried.
  public var attempts: Int64
  /// The run in which it could be read at last, or nil.
  public var resolved: RunID?
}

extension LedgerFile {
  /// The quarantined items, oldest first.
  ///
  /// - Parameters:
  ///   - id: Only this one.
  ///   - includingResolved: Also those that could be read since.
  public func quarantined(
    id: Int64? = nil, includingResolved: Bool = false
  ) throws(LedgerError) -> [QuarantineEntry] {
    try access { db in
      let query = try Query(
        db,
        """
        SELECT q.id, q.item, q.path, q.offset, q.length, q.number, q.owner, q.error, q.program,
          q.first_run, q.last_run, q.attempts, q.resolved, w.text
        FROM quarantine q LEFT JOIN word w ON w.id = q.owner
        WHERE (?1 IS NULL OR q.id = ?1) AND (?2 OR q.resolved IS NULL) ORDER BY q.id
        """)
      query.bind(1, id)
      query.bind(2, includingResolved ? 1 : 0)
      var entries: [QuarantineEntry] = []
      try query.forEach { q in
        guard let item = q.key(1) else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an item without digest")
        }
        entries.append(
          QuarantineEntry(
            id: q.int(0),
            item: QuarantinedItem(
              item: item, path: q.bytes(2), offset: q.int(3), length: q.int(4), number: q.int(5),
              owner: q.optionalInt(6).map(WordID.init(value:)), error: q.text(7)),
            owner: q.text(13), program: q.text(8), firstRun: q.int(9), lastRun: q.int(10),
            attempts: q.int(11), resolved: q.optionalInt(12)))
      }
      return entries
    }
  }
}
