import Bytes

/// Reads files that are one message each into batches.
struct FileReader {
  /// Longest message held, in bytes.
  let limit: Int
  private(set) var buffer: ByteBuffer
  private(set) var entries: [MessageEntry] = []
  private(set) var files: [[UInt8]] = []

  init(limit: Int, buffer: ByteBuffer) {
    self.limit = limit
    self.buffer = buffer
  }

  /// Adds a file's message. `path`: relative path for ``MessageBatch/files``, or nil when the
  /// source is this file. Returns what kept it from being read, wholly or in part.
  mutating func add(
    _ file: FileInput, kind: SourceKind, store: StoreFlags, path: [UInt8]?, full: [UInt8],
    extra: MessageEntry.Flags = []
  ) -> MailboxError? {
    let input = Self.inflated(file, path: full)
    let start = buffer.count
    let size = read(input)
    var flags = extra.union(.hasNoSeparator)
    if !input.isSeekable { flags.insert(.isNotSeekable) }
    if let error = input.error, error.kind != .changedWhileReading {
      // Without a single byte there is no message to speak of.
      if size == 0 { return error }
      flags.insert(.isCutOff)
    }
    var entry = MessageEntry(
      index: 0, separatorOffset: 0, offset: 0, length: size, range: .empty, fromLine: .empty,
      flags: flags, store: store, storeDate: nil, file: -1)
    if size > limit {
      buffer.truncate(to: start)
      entry.flags.insert(.isOversize)
    } else {
      place(&entry, buffer.view.from(start), start: start, kind: kind)
    }
    if let path {
      entry.file = Int32(truncatingIfNeeded: files.count)
      files.append(path)
    }
    entries.append(entry)
    return input.error
  }

  /// The file itself, or what it inflates to when it begins like gzip.
  static func inflated(_ file: FileInput, path: [UInt8]) -> any ByteInput {
    let head = ByteBuffer(capacity: 16)
    if let n = file.peek(at: 0, into: head.reserve(3), capacity: 3) { head.advance(by: n) }
    let v = head.view
    guard v[0] == 0x1F, v[1] == 0x8B, v[2] == 8 else { return file }
    return GzipInput(file, path: path)
  }

  /// Appends the whole input up to the limit and returns its size; what is beyond is counted.
  private func read(_ input: any ByteInput) -> Int {
    let start = buffer.count
    let chunk = 1 << 18
    var size = 0
    while true {
      let n = input.read(into: buffer.reserve(chunk), capacity: chunk)
      if n == 0 { return size }
      size += n
      if size <= limit { buffer.advance(by: n) } else { buffer.truncate(to: start) }
    }
  }

  /// Finds the message in the file's bytes.
  private func place(
    _ entry: inout MessageEntry, _ file: ByteView, start: Int, kind: SourceKind
  ) {
    var from = 0
    var to = file.count
    if kind == .emlx {
      let parts = Emlx(file)
      from = parts.message.lowerBound
      to = parts.message.upperBound
      entry.store.formUnion(parts.flags)
      entry.storeDate = parts.dateReceived
    }
    useLF(file.slice(from, to))
    if file.slice(from, to).hasPrefix("\u{FEFF}") { from += 3 }
    entry.separatorOffset = from
    if file.slice(from, to).hasPrefix("From "), let lf = file.firstIndex(of: ASCII.lf, from: from) {
      let line = file.slice(from, min(lf, from + EnvelopeLine.maximumLength)).trimmed()
      entry.fromLine = ByteRange(start: start + from, count: line.count)
      entry.flags.remove(.hasNoSeparator)
      from = lf + 1
    }
    let message = file.slice(from, to)
    if message.trimmed().isEmpty { entry.flags.insert(.isEmpty) }
    if message.count > 0, message[message.count - 1] != ASCII.lf {
      entry.flags.insert(.hasNoFinalNewline)
    }
    entry.offset = from
    entry.length = message.count
    entry.range = ByteRange(start: start + from, count: message.count)
  }

  /// Turns the line ends of a message that has only CRs into LFs.
  private func useLF(_ message: ByteView) {
    guard message.prefix(1 << 16).firstIndex(of: ASCII.lf) == nil else { return }
    let bytes = UnsafeMutablePointer(mutating: message.base)
    var at = 0
    while let cr = message.firstIndex(of: ASCII.cr, from: at) {
      if message[cr + 1] != ASCII.lf { bytes[cr] = ASCII.lf }
      at = cr + 1
    }
  }
}
