import Bytes
import CPlatform
import Glibc
import Records

extension RunSteps {
  /// Brings the attachments that kept mails name out of the folder that map stored them in into the
  /// result.
  ///
  /// - Throws: ``RunError`` 65 where some are not in the folder.
  func takeAttachments(from store: String, into staging: Staging) throws {
    let named = merge.tally.attachments
    if named.count == 0 { return }
    var found = DigestSet()
    var damaged: [String] = []
    let root = staging.file(AttachmentStore.folder)
    mkdir(root, 0o777)
    for shard in Paths.entries(of: store) {
      let folder = Paths.join(store, shard)
      for name in Paths.entries(of: folder) {
        // Half of one that a dead map left.
        guard !name.hasSuffix(".part"), let word = UInt64(name.prefix(16), radix: 16),
          named.contains(word)
        else { continue }
        guard try StoredFiles.isWhole(Paths.join(folder, name), named: name) else {
          damaged.append(
            "\(Plain.line(Paths.join(folder, name))): its content is not what its name says; remove it, and map again"
          )
          continue
        }
        mkdir(Paths.join(root, shard), 0o777)
        try StoredFiles.take(
          Paths.join(folder, name), to: Paths.join(Paths.join(root, shard), name))
        found.insert(word)
      }
    }
    guard found.count < named.count else { return }
    throw RunError(
      .badSource,
      "\(Plain.line(store)): \(named.count - found.count) of \(named.count) attachments that records name are not there, or not whole; give every map the same --attachments; nothing was published",
      details: Array(damaged.prefix(20))
    )
  }
}

/// Files that become part of a result under a second name.
enum StoredFiles {
  /// What is reported where attachments are named and missing.
  static func warning(_ count: Int) -> String {
    "\(count) attachments are named by records and not part of this result; give reduce --attachments with the folder that map stored them in"
  }

  /// True for a file whose content is what its name says.
  static func isWhole(_ path: String, named name: String) throws -> Bool {
    let fd = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
    guard fd >= 0 else { return false }
    defer { close(fd) }
    var info = stat()
    guard fstat(fd, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return false }
    let hash = SHA256()
    let buffer = ByteBuffer(capacity: 1 << 20)
    while true {
      buffer.removeAll()
      let n = Glibc.read(fd, buffer.reserve(1 << 20), 1 << 20)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw OutputError(path: path, call: "read") }
      if n == 0 { return name.hasPrefix(hash.finish().hex()) }
      buffer.advance(by: n)
      hash.update(buffer.view)
    }
  }

  /// Takes a folder of files, and of folders of files.
  static func takeTree(_ folder: String, to destination: String) throws {
    for name in Paths.entries(of: folder) {
      let (path, place) = (Paths.join(folder, name), Paths.join(destination, name))
      var info = stat()
      guard lstat(path, &info) == 0 else { throw OutputError(path: path, call: "lstat") }
      mkdir(destination, 0o777)
      if info.st_mode & S_IFMT == S_IFDIR {
        try takeTree(path, to: place)
      } else {
        try take(path, to: place)
      }
    }
  }

  /// Gives a file a second name, or copies it where that cannot be.
  static func take(_ path: String, to destination: String) throws {
    if link(path, destination) == 0 || errno == EEXIST { return }
    let file = try OutputFile(creating: destination)
    try file.append(contentsOf: path)
    try file.close(sync: false)
  }
}
