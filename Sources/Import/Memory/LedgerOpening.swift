import Glibc
import Ledger

/// Opens ledgers for those who only look.
enum LedgerOpening {
  /// The ledger, open for reading; nil where there is none. One that an older program wrote is
  /// brought up to date, which reading alone cannot do.
  static func forReading(_ path: String) throws(LedgerError) -> LedgerFile? {
    guard access(path, F_OK) == 0 else { return nil }
    do {
      return try LedgerFile.open(path, mode: .readOnly)
    } catch {
      guard case .older = error.kind else { throw error }
      return try LedgerFile.open(path, mode: .readWrite)
    }
  }
}
