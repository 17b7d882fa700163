import Bytes
import Glibc
import JSONText
import Mail
import Markup
import Rules

@testable import Mailboxes

// One binary for all parsers: WINNOW_FUZZ_TARGET names the one. Nothing is asserted beyond what
// the libraries promise: they return, whatever the bytes are, and what they return lies inside.

private enum Target: String {
  case mbox, mail, html, csv, json, config
}

private let target: Target = {
  guard let name = getenv("WINNOW_FUZZ_TARGET"), let found = Target(rawValue: String(cString: name))
  else {
    print("set WINNOW_FUZZ_TARGET to mbox, mail, html, csv, json or config")
    exit(64)
  }
  return found
}()

private let reader = MessageReader()
nonisolated(unsafe) private let html = HTMLText()
private let identity = MailIdentity()
private let out = ByteBuffer(capacity: 1 << 16)

private func check(_ isTrue: Bool, _ what: StaticString) {
  if !isTrue {
    print("broken promise: \(what)")
    abort()
  }
}

private func mail(_ bytes: ByteView) {
  guard reader.read(bytes) else { return }
  let m = reader.message
  for part in m.parts { check(part.body.end <= m.bytes.count, "a part ends inside the message") }
  _ = reader.readableText()
  _ = reader.htmlAsText()
  for index in reader.attachmentParts() {
    reader.withAttachment(index) { a in
      out.removeAll()
      AttachmentName.append(m.text[m.parts[index].fileName], to: out)
      check(out.view.firstIndex(of: 47) == nil, "no attachment name is a path")
      check(out.count <= 200, "an attachment name has 200 bytes at most")
      _ = FileType.of(a.bytes, mediaType: m.text[m.parts[index].mediaType], fileExtension: .empty)
      _ = TNEF.parse(a.bytes, names: out) { _ in }
    }
  }
  _ = m.references()
  _ = m.inReplyTo()
  _ = m.isAutomatic
  _ = m.isBulk
  _ = m.authentication
  _ = reader.defects
  _ = identity.digest(m, reader.bodies)
  out.removeAll()
  m.appendThreadID(to: out)
  if let subject = m.subject {
    check(m.text[subject].firstIndex(of: ASCII.lf) == nil, "a subject is one line")
    check(m.text[subject].firstIndex(of: ASCII.cr) == nil, "a subject is one line")
  }
}

// The same bytes in pieces of two sizes give the same messages, in order, without overlap.
private func mbox(_ bytes: ByteView) {
  let all = bytes.array
  var seen: [[Int]] = []
  for step in [all.count + 1, 61] {
    let splitter = MboxSplitter(
      MemoryInput(all, step: step), pool: nil, limit: 1 << 20, size: 1 << 16)
    var found: [Int] = []
    var end = 0
    while let batch = splitter.next() {
      for e in batch.entries {
        check(e.offset >= end && e.length >= 0, "messages come in order")
        end = e.offset + e.length
        check(end <= all.count, "a message ends inside the file")
        found.append(e.offset)
        found.append(e.length)
        if e.flags.contains(.needsUnquote) {
          out.removeAll()
          batch.quoting.unquote(batch.message(e), into: out)
        }
        _ = batch.envelope(e)
      }
    }
    seen.append(found)
  }
  check(seen[0] == seen[1], "chunk borders change nothing")
}

private func list(_ bytes: ByteView, _ ending: StaticString) {
  // A file without a name: the loader takes paths.
  let path = "/dev/shm/winnow-fuzz-\(getpid()).\(ending)"
  let fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  guard fd >= 0 else { return }
  _ = write(fd, bytes.base, bytes.count)
  close(fd)
  let text = """
    {"version": 1, "leads": {"files": ["\(path)"], "id": "id", "searchBy": ["email"]},
     "users": "\(path)"}
    """
  let file = text.withByteView { ConfigFile.read($0, file: "winnow.json") }
  _ = ListLoader.leads(file, paths: [ListPath(shown: path, path: path)])
  _ = ListLoader.users(file, paths: [ListPath(shown: path, path: path)])
  unlink(path)
}

/// Hands one input to the target that the environment names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Bytes of its own, so that reading past the end is seen by the sanitizer.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  bytes.withByteView { v in
    switch target {
    case .mbox: mbox(v)
    case .mail: mail(v)
    case .html:
      out.removeAll()
      _ = html.convert(v, into: out)
    case .csv: list(v, "csv")
    case .json:
      _ = JSONDocument.parse(v)
      list(v, "json")
    case .config: _ = ConfigFile.read(v, file: "winnow.json").diagnostics
    }
  }
  return 0
}
