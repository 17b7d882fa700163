import Bytes
import ICalendar
import Mail
import Records
import Rules

/// The attachments of one mail: which are kept, where they are stored, how records name them.
final class AttachmentKeeper {
  /// Writes the decoded bytes of a body that was left out of memory, by its number, to a path.
  typealias Extract = (Int, String) throws -> Void

  private let run: RunPlan
  private let names = ByteBuffer(capacity: 256)
  private let name = ByteBuffer(capacity: 256)
  private let ending = ByteBuffer(capacity: 16)
  private let id: Int

  init(run: RunPlan) {
    self.run = run
    id = run.shared.nextWorkerID()
  }

  /// Fills `fields.attachments` when the direction captures them, and stores what is kept. The
  /// digests of stored ones are appended to `stored`.
  func fill(
    _ fields: ActivityFields, _ reader: MessageReader, _ c: MailContext,
    _ extract: Extract, stored: ByteBuffer, into result: BatchResult
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
        let source = Source(
          bytes: a.bytes, size: a.size, digest: a.sha256, name: original, media: media8,
          isInline: isInline, elided: a.elided)
        add(source, filter, extract, to: &list, stored, result)
        if FileType.of(a.bytes, mediaType: media, fileExtension: .empty) == .tnef {
          addTNEF(a.bytes, filter, extract, to: &list, stored, result)
        }
      }
    }
    fields.attachments = list
  }

  private func addTNEF(
    _ bytes: ByteView, _ filter: AttachmentFilter, _ extract: Extract,
    to list: inout [RecordAttachment],
    _ stored: ByteBuffer, _ result: BatchResult
  ) {
    names.removeAll()
    _ = TNEF.parse(bytes, names: names) { inner in
      let data = bytes[inner.data]
      let source = Source(
        bytes: data, size: data.count, digest: SHA256.digest(data), name: names[inner.name].array,
        media: names[inner.mediaType].array, isInline: false)
      add(source, filter, extract, to: &list, stored, result)
    }
  }

  // One attachment on its way into the list.
  private struct Source {
    var bytes: ByteView
    var size: Int
    var digest: Digest
    var name: [UInt8]
    var media: [UInt8]
    var isInline: Bool
    /// The number of a body that was left in its file; nil for one in memory.
    var elided: Int?
  }

  private func add(
    _ a: Source, _ filter: AttachmentFilter, _ extract: Extract, to list: inout [RecordAttachment],
    _ stored: ByteBuffer, _ result: BatchResult
  ) {
    let digest = a.digest
    name.removeAll()
    a.name.withByteView { _ = AttachmentName.append($0, to: name) }
    ending.removeAll()
    AttachmentName.appendSafeExtension(name.view, to: ending)
    let ending = ending.view
    if isWithheld(a, ending) { return }
    let type = a.media.withByteView { FileType.of(a.bytes, mediaType: $0, fileExtension: ending) }
    var record = RecordAttachment()
    record.name = name.isEmpty ? "attachment-\(list.count + 1).bin" : name.string
    record.mediaType = a.media.withByteView(\.string)
    record.bytes = a.size
    record.sha256 = ContentHash(digest)
    let path = AttachmentStore.path(of: digest, fileExtension: ending)
    if filter.admits(type.rawValue, isInline: a.isInline) {
      record.path = "\(AttachmentStore.folder)/\(path)"
      record.kept = true
      if let folder = run.places.attachments {
        do {
          let full = Paths.join(folder, path)
          if let n = a.elided {
            try AttachmentStore.store(at: full, worker: id, size: a.size) { try extract(n, $0) }
          } else if run.places.isShared {
            try AttachmentStore.store(at: full, worker: id, size: a.size) {
              try AttachmentStore.write(a.bytes, to: $0)
            }
          } else {
            try AttachmentStore.store(a.bytes, at: full)
          }
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
      record.reason = Captured("attachment-type")
    }
    list.append(record)
  }
}

extension AttachmentKeeper {
  // A calendar with anything private in it is as one without a name, which is no attachment: not
  // even its name is shown. One that is too large to be looked at may hold anything.
  private func isWithheld(_ a: Source, _ ending: ByteView) -> Bool {
    let isCalendar = a.media.withByteView {
      PrivacyMark.mayBeCalendar(a.bytes, mediaType: $0, ending: ending)
    }
    guard isCalendar else { return false }
    let isPrivate = a.elided != nil || PrivacyMark.mayBePrivate(a.bytes)
    return !run.disclosure.of(private: isPrivate).shows(.attachedCalendar)
  }
}

/// Which attachments a direction keeps (`attachmentTypes`).
package struct AttachmentFilter: Sendable {
  /// Extensions and other words that stand for a kind of file (ES-8.3-types).
  package static let otherNames: [(word: String, kind: String)] = [
    ("doc", "word"), ("docx", "word"), ("xls", "excel"), ("xlsx", "excel"), ("jpeg", "jpg"),
    ("mpeg", "mpg"), ("htm", "html"), ("rich text format", "rtf"), ("richtext", "rtf"),
  ]

  /// The kind that a word means; the word itself where it is none of ``otherNames``.
  static func kind(_ word: String) -> String {
    otherNames.first { $0.word == word }?.kind ?? word
  }

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
