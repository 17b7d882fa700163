import GRDB

extension LedgerFile {
  /// How many records each run wrote last, to be compared with what its output folder holds.
  public func recordsByRun() throws(LedgerError) -> [RunID: Int64] {
    try access { db in
      var counts: [RunID: Int64] = [:]
      try Query(db, "SELECT run, count(*) FROM record GROUP BY run").forEach {
        counts[$0.int(0)] = $0.int(1)
      }
      return counts
    }
  }

  /// Remembers a digest over what was read of a source (``SourceState/digest``), or forgets it; a
  /// later run that reads the source replaces it. Only while no run is under way.
  public func setDigest(_ digest: [UInt8]?, of source: SourceID) throws(LedgerError) {
    try transaction { db in
      try Query(db, "UPDATE source SET digest = ? WHERE id = ?").runBound {
        $0.bind(1, copied: digest)
        $0.bind(2, source.value)
      }
    }
  }
}
