import Bytes
import CPlatform
import Glibc
import Records

extension RunSteps {
  /// Brings the attachments that kept mails name out of the folder that map stored them in into the
  /// result; without a folder tells that they are missing.
  ///
  /// - Throws: ``RunError`` 65 where some are not in the folder.
  func takeAttachments(
    from store: String?, into staging: Staging, _ report: inout RunReport
  ) throws {
    let named = merge.tally.attachments
    if named.count == 0 { return }
    guard let store else {
      report.sourceWarnings.append(
        "\(named.count) attachments are named by records and not part of this result; give reduce --attachments with the folder that map stored them in"
      )
      return
    }
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
        try take(Paths.join(folder, name), to: Paths.join(Paths.join(root, shard), name))
        found.insert(word)
      }
    }
    guard found.count < named.count else { return }
    throw RunError(
      .badSource,
      "\(Plain.line(store)): \(named.count - found.count) of \(named.count) attachments that records name are not there; give every map the same --attachments; nothing was published"
    )
  }

  // A second name of the file, or a copy where that cannot be.
  private func take(_ path: String, to destination: String) throws {
    if link(path, destination) == 0 || errno == EEXIST { return }
    let source = cplatform_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0)
    guard source >= 0 else { throw OutputError(path: path, call: "open") }
    defer { close(source) }
    let file = try OutputFile(creating: destination)
    let buffer = ByteBuffer(capacity: 1 << 20)
    while true {
      buffer.removeAll()
      let n = Glibc.read(source, buffer.reserve(1 << 20), 1 << 20)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw OutputError(path: path, call: "read") }
      if n == 0 { break }
      buffer.advance(by: n)
      try file.write(buffer.view)
    }
    try file.close(sync: false)
  }
}
