import Bytes
import Glibc
import Ledger
import Records

/// `winnow import --republish RUN`: the records of one earlier run once more, in a folder of their
/// own, for a CRM that refused them half-way. Nothing is read, decided or noted.
enum Republishing {
  /// Puts the result of the run with this number, or in a folder of this name, into a new folder.
  static func execute(_ run: String, _ options: ImportOptions) throws -> ExitStatus {
    if options.memory.isStateless {
      throw RunError(.usage, "--republish needs the ledger; leave --no-ledger away")
    }
    return try LedgerPlace.execute(LedgerOptions(options)) { place in
      let ledger = try LedgerFile.open(place.path, mode: .readOnly)
      defer { ledger.close() }
      let runs = try ledger.allRuns()
      guard
        let found = runs.last(where: {
          "\($0.id)" == run || Paths.name(of: $0.places.destination.withByteView(\.string)) == run
        })
      else {
        throw RunError(
          .usage, "--republish \(Plain.line(run)): the ledger knows no run of this number or name",
          details: runs.suffix(10).map {
            "\($0.id)  \(Plain.line($0.places.destination.withByteView(\.string)))"
          })
      }
      return try publish(found, options, place)
    }
  }

  private static func publish(
    _ run: RunInfo, _ options: ImportOptions, _ place: LedgerPlace
  ) throws -> ExitStatus {
    let folder = run.places.destination.withByteView(\.string)
    guard access(folder, R_OK) == 0 else {
      throw RunError(
        .badSource, "\(Plain.line(folder)): the result of run \(run.id) is not there any more",
        details: ["bring it back from where it was moved to, or from a backup"])
    }
    let name = "\(RunName.start(Int64(time(nil))))-\(run.id)-again"
    let out = options.out ?? Paths.join(place.outputFolder, name)
    Interruption.shared.start()
    let staging = try Staging(destination: out, runID: RunName.make())
    do {
      try copy(folder, to: staging.path)
      _ = try staging.publish()
    } catch let error as OutputError {
      Interruption.shared.giveWay()
      throw RunError(.ioError, "\(error.path): \(error.call) failed: \(error.explanation)")
    }
    if options.out == nil { Destination.linkLatest(staging.destination) }
    if !options.talk.isQuiet {
      Console.out("run \(run.id) again: \(Plain.line(staging.destination))")
    }
    return .done
  }

  // Results never change, so a second name for each file is enough where the file system has them.
  private static func copy(_ from: String, to: String) throws {
    for name in Paths.entries(of: from) {
      let (source, target) = (Paths.join(from, name), Paths.join(to, name))
      var info = stat()
      guard lstat(source, &info) == 0 else { throw OutputError(path: source, call: "lstat") }
      switch info.st_mode & S_IFMT {
      case S_IFDIR:
        guard mkdir(target, 0o777) == 0 else { throw OutputError(path: target, call: "mkdir") }
        try copy(source, to: target)
      case S_IFREG:
        if link(source, target) != 0 { try copyFile(source, to: target) }
      default: continue
      }
    }
  }

  private static func copyFile(_ from: String, to: String) throws {
    let fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard fd >= 0 else { throw OutputError(path: from, call: "open") }
    defer { close(fd) }
    let out = try OutputFile(creating: to)
    let buffer = ByteBuffer(capacity: 256 << 10)
    while true {
      buffer.removeAll()
      let n = read(fd, buffer.reserve(256 << 10), 256 << 10)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw OutputError(path: from, call: "read") }
      if n == 0 { break }
      buffer.advance(by: n)
      try out.write(buffer.view)
    }
    try out.close(sync: true)
  }
}
