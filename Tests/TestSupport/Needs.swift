import Glibc
import Testing

extension Trait where Self == ConditionTrait {
  /// The test reads ../shared; where that is not there the report counts it as skipped.
  public static var needsShared: Self {
    .enabled(if: SharedFolder.path != nil, "../shared is not there")
  }

  /// The test takes long: it kills processes, waits, or reads much. `Tests/quick` leaves it out.
  public static var slow: Self {
    .enabled(if: getenv("WINNOW_QUICK") == nil, "slow, and WINNOW_QUICK is set")
  }

  /// The test runs a program that need not be there.
  public static func needs(program: String) -> Self {
    .enabled(if: Programs.path(program) != nil, "no \(program) here")
  }

  /// The test runs python3 with this module.
  public static func needs(pythonModule module: String) -> Self {
    .enabled(if: Programs.python(has: module), "no python3 with \(module) here")
  }
}

/// Programs of the machine.
public enum Programs {
  /// Where a program of this name lies, or nil.
  public static func path(_ name: String) -> String? {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// True when python3 can import the module.
  static func python(has module: String) -> Bool {
    guard let python = path("python3") else { return false }
    return status(of: [python, "-c", "import \(module)"]) == 0
  }

  /// The exit status of a program that hears and says nothing; -1 when it did not end with one.
  private static func status(of words: [String]) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for fd: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0)
    }
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for a in argv { free(a) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, words[0], &actions, nil, &argv, environ) == 0 else { return -1 }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
  }
}
