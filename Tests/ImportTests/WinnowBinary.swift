import Foundation
import Testing

/// The built program, run in a folder of its own.
struct WinnowBinary {
  /// What a run said and how it ended.
  struct Outcome {
    var status: Int32
    var out: String
    var err: String
  }

  let folder: URL

  /// A new folder with a mailbox, a leads list and a configuration under which it gives records.
  init(mails: Int = 3) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "winnow-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("in"), withIntermediateDirectories: true)
    try write("leads.csv", "id,email,name\nL1,ann@client.example,Ann Lee\n")
    try write("winnow.json", Self.config(sources: #"[{"path": "in/mail.mbox", "owner": "bob"}]"#))
    // Joined in one go: 30,000 of them are made.
    var box: [String] = []
    for i in 0..<mails {
      box.append(
        """
        From ann@client.example Tue Mar  3 10:15:00 2026
        From: Ann Lee <ann@client.example>
        To: Bob Roy <bob@corp.example>
        Subject: mail \(i)
        Date: Tue, 03 Mar 2026 10:15:00 +0100
        Message-ID: <m\(i)@client.example>

        Body of mail \(i).


        """)
    }
    try write("in/mail.mbox", box.joined())
  }

  static func config(sources: String) -> String {
    """
    {"version": 1, "organization": {"domains": ["corp.example"]},
     "users": [{"id": "bob", "email": "bob@corp.example"}],
     "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
     "sources": \(sources)}
    """
  }

  func write(_ name: String, _ text: String) throws {
    let place = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  /// Names in the folder that a run's staging left.
  func leftOvers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasPrefix(".winnow-")
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The program, which lies beside the test bundle.
  static let path: String = {
    var bundle = CommandLine.arguments.first ?? ""
    if let i = CommandLine.arguments.firstIndex(of: "--test-bundle-path"),
      i + 1 < CommandLine.arguments.count
    {
      bundle = CommandLine.arguments[i + 1]
    }
    var place = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    while place.path != "/" {
      let candidate = place.appendingPathComponent("winnow").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return candidate
      }
      place.deleteLastPathComponent()
    }
    return "winnow"
  }()

  /// `winnow import --config winnow.json --out result` and more.
  func importMail(_ more: String...) throws -> Outcome {
    let usual = ["import", "--config", "winnow.json", "--now", "2026-06-01T00:00:00Z"]
    return try run(usual + (more.contains("--out") ? [] : ["--out", "result"]) + more)
  }

  func run(_ arguments: [String]) throws -> Outcome {
    try shell("exec \"$0\" \"$@\"", arguments)
  }

  /// A line of sh(1) in the folder, with `$0` the program.
  func shell(_ line: String, _ arguments: [String] = []) throws -> Outcome {
    let out = folder.appendingPathComponent(".said-\(UUID().uuidString)")
    let err = folder.appendingPathComponent(".said-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: out.path, contents: nil)
    _ = FileManager.default.createFile(atPath: err.path, contents: nil)
    let code = Self.spawn(
      ["/bin/sh", "-c", "cd '\(folder.path)' || exit 99; \(line)", Self.path] + arguments,
      out: out.path,
      err: err.path)
    defer {
      try? FileManager.default.removeItem(at: out)
      try? FileManager.default.removeItem(at: err)
    }
    return Outcome(
      status: code, out: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      err: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }

  // Foundation's Process hands its blocked signals down, and a shell that cannot hear SIGCHLD waits
  // for ever.
  private static func spawn(_ words: [String], out: String, err: String) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for a in argv { free(a) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, "/bin/sh", &actions, &attributes, &argv, environ) == 0 else {
      return -1
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : -signal
  }
}
