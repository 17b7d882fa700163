import Glibc
import Mailboxes

/// Standard input and pipes among the sources of the process's one run.
enum Pipes {
  /// What came through them; commands that put their run together more than once read them once.
  static let spool = Spool()

  /// Where it is kept: in `TMPDIR` where that is set, beside the output where that is named, else
  /// where temporary files lie.
  static func folder(out: String?) -> String {
    if getenv("TMPDIR") == nil, let out {
      let beside = Paths.parent(of: Paths.withoutTrailingSlash(out))
      if access(beside, W_OK | X_OK) == 0 { return beside }
    }
    return Paths.temporaryFolder
  }
}
