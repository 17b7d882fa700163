import Bytes
import Mail
import Rules

/// The attachments of one mail: which are kept, where they are stored, how records name them.
final class AttachmentRenderer {
  private let run: RunPlan
  private let name = ByteBuffer(capacity: 256)
  private let ending = ByteBuffer(capacity: 16)
  private let id: Int

  init(run: RunPlan) {
    self.run = run
    id = run.nextWorkerID()
  }

  /// Fills `fields.attachments` when the direction captures them, and stores what is kept. The
  /// digests of stored ones are appended to `stored`.
  func fill(
    _ fields: inout ActivityFields, _ reader: MessageReader, _ c: MailContext, stored: ByteBuffer,
    into result: BatchResult
  ) {
    stored.removeAll()
    fields.attachments = nil
    guard run.mail.settings(c.direction).capture.contains(.attachments) else { return }
    let filter = run.attachmentFilter(c.direction)
    var list: [RecordAttachment] = []
    let m = reader.message
    for index in reader.attachmentParts() {
      let part = m.parts[index]
      reader.withAttachment(index) { a in
        let isInline = part.disposition == .inline || !part.contentID.isEmpty
        let media = part.mediaType.isEmpty ? ByteView("text/plain") : m.text[part.mediaType]
        let original = m.text[part.fileName].array
        let media8 = media.array
        add(
          a.bytes, name: original, media: media8, isInline: isInline, filter, to: &list, stored,
          result, digest: a.sha256)
        if FileType.of(a.bytes, mediaType: media, fileExtension: .empty) == .tnef {
          addTNEF(a.bytes, filter, to: &list, stored, result)
        }
      }
    }
    fields.attachments = list
  }

  private func addTNEF(
    _ bytes: ByteView, _ filter: AttachmentFilter, to list: inout [RecordAttachment],
    _ stored: ByteBuffer, _ result: BatchResult
  ) {
    TNEF.parse(bytes) { inner in
      add(
        inner.data, name: inner.name.array, media: inner.mediaType.array, isInline: false, filter,
        to: &list, stored, result, digest: SHA256.digest(inner.data))
    }
  }

  private func add(
    _ bytes: ByteView, name original: [UInt8], media: [UInt8], isInline: Bool,
    _ filter: AttachmentFilter, to list: inout [RecordAttachment], _ stored: ByteBuffer,
    _ result: BatchResult, digest: Digest
  ) {
    name.removeAll()
    original.withByteView { _ = AttachmentName.append($0, to: name) }
    ending.removeAll()
    AttachmentName.appendSafeExtension(name.view, to: ending)
    let ending = ending.view
    let type = media.withByteView { FileType.of(bytes, mediaType: $0, fileExtension: ending) }
    var record = RecordAttachment(
      name: name.array, mediaType: media, bytes: bytes.count, sha256: digest, path: nil,
      reason: nil)
    let path = AttachmentStore.path(of: digest, fileExtension: ending)
    if name.isEmpty {
      record.name = Array("attachment-\(list.count + 1).bin".utf8)
    }
    if filter.admits(type.rawValue, isInline: isInline) {
      record.path = path
      if let folder = run.stagingFolder {
        do {
          try AttachmentStore.store(bytes, at: Paths.join(folder, path), worker: id)
        } catch {
          if result.failure == nil { result.failure = error }
        }
      }
      let w = FactWriter(out: stored)
      w.u64(digest.words.0.littleEndian)
      w.u64(digest.words.1.littleEndian)
      w.u64(digest.words.2.littleEndian)
      w.u64(digest.words.3.littleEndian)
    } else {
      record.reason = "attachment-type"
    }
    list.append(record)
  }
}

/// Which attachments a direction keeps (`attachmentTypes`).
struct AttachmentFilter: Sendable {
  /// nil for all.
  var names: Set<String>?

  /// True when a kind of file is kept. `inline` in the list means inline images.
  func admits(_ type: String, isInline: Bool) -> Bool {
    guard let names else { return true }
    if names.contains(type) { return true }
    return isInline && names.contains("inline")
      && ["jpg", "png", "gif", "bmp", "webp", "tiff", "svg"].contains(type)
  }
}
