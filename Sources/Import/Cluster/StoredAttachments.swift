import Bytes
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
    let root = staging.file(AttachmentStore.folder)
    mkdir(root, 0o777)
    for shard in Paths.entries(of: store) {
      let folder = Paths.join(store, shard)
      for name in Paths.entries(of: folder) {
        // Half of one that a dead map left.
        guard !name.hasSuffix(".part"), let word = UInt64(name.prefix(16), radix: 16),
          named.contains(word)
        else { continue }
        mkdir(Paths.join(root, shard), 0o777)
        try StoredFiles.take(
          Paths.join(folder, name), to: Paths.join(Paths.join(root, shard), name))
        found.insert(word)
      }
    }
    guard found.count < named.count else { return }
    throw RunError(
      .badSource,
      "\(Plain.line(store)): \(named.count - found.count) of \(named.count) attachments that records name are not there; give every map the same --attachments; nothing was published"
    )
  }
}

/// Files that become part of a result under a second name.
enum StoredFiles {
  /// What is told where attachments are named and not there.
  static func warning(_ count: Int) -> String {
    "\(count) attachments are named by records and not part of this result; give reduce --attachments with the folder that map stored them in"
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
