public import GRDB

/// What earlier runs published: one SQLite file.
public final class Ledger {
  let database: DatabaseQueue

  /// Takes over an open database.
  public init(_ database: DatabaseQueue) { self.database = database }
}
