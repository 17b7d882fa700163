import Bytes
import Events
import Glibc
import ICalendar
import JSONText
import Mail
import Mailboxes
import Rules
import Text

/// `winnow inspect`: what the parsers see, one JSON object a line, without rules.
public enum InspectRun {
  /// Prints every message and event of the sources to standard output, in source order.
  ///
  /// - Throws: ``RunError`` 65 when a source is missing or neither mail nor calendar; everything
  ///   readable has been printed by then.
  public static func execute(
    sources: [String], from: TimePoint?, to: TimePoint?, jobs: Int?
  ) throws -> ExitStatus {
    let resolver = SourceResolver(
      users: UserIndex([], organizationDomains: []), configFolder: ".")
    let list = SourceWalker.walk(sources.map { Array($0.utf8) })
    var faults = list.missing.map { "\(Plain.line($0.path.withByteView(\.string))): \($0.reason)" }
    for problem in list.problems {
      Console.error(
        "winnow: \(Plain.line(problem.path.withByteView(\.string))): left out, \(problem.reason)")
    }
    let window = TimeWindow(from: from?.start(zone: "UTC"), to: to?.end(zone: "UTC"))
    let calendars = InspectCalendar(window: window, now: Int64(time(nil)), write: write)
    var mail: [ResolvedSource] = []
    do {
      for source in list.sources {
        let display = resolver.displayPath(source.path)
        let isCalendar = source.kind == .calendar || (source.kind == .other && source.isNamed)
        guard isCalendar else {
          if source.kind == .other { continue }
          mail.append(
            ResolvedSource(
              found: source, user: -1, ownerName: "", ownerNote: nil, fixedFolder: nil,
              display: display, rootDisplay: resolver.displayPath(source.root)))
          continue
        }
        // In source order, whatever the kinds.
        try print(&mail, window, jobs, &faults)
        if let fault = try calendars.print(source, display: display) {
          if let text = describe(fault, source) { faults.append("\(Plain.line(display)): \(text)") }
        }
      }
      try print(&mail, window, jobs, &faults)
    } catch is NobodyListens {
      return .done
    }
    guard faults.isEmpty else {
      throw RunError(
        .badSource, "\(faults.count) source\(faults.count == 1 ? "" : "s") could not be read",
        details: faults)
    }
    return .done
  }

  // `winnow inspect big.mbox | head` need not read all of it.
  private struct NobodyListens: Error {}

  /// What is wrong with a calendar, or nil where that is nobody's error: settings and lists beside
  /// the exports are JSON and XML, too, and an empty file is an empty calendar.
  private static func describe(_ fault: EventFileFault, _ source: FoundSource) -> String? {
    guard case .notACalendar(let format) = fault else { return fault.message }
    if source.size == 0 { return nil }
    if source.kind == .other { return "is neither mail nor calendar that winnow can read" }
    let name = (source.relative.last ?? source.root).map(ASCII.lower)
    let mayBeOther = name.withByteView {
      $0.hasSuffix(ByteView(".json")) || $0.hasSuffix(ByteView(".xml"))
    }
    return mayBeOther && !source.isNamed && format == .unknown ? nil : fault.message
  }

  /// Prints the mail sources gathered so far and forgets them.
  private static func print(
    _ mail: inout [ResolvedSource], _ window: TimeWindow, _ jobs: Int?, _ faults: inout [String]
  ) throws {
    if mail.isEmpty { return }
    let paths = PathTable()
    let found = mail.map {
      (resolved: $0, mail: MailSource($0, file: paths.add([$0.display])))
    }
    mail = []
    let producer = MailProducer(sources: found, paths: paths)
    try print(producer, window, jobs)
    for (source, summary) in zip(found, producer.summaries) {
      if let e = summary.error {
        faults.append("\(Plain.line(source.resolved.display)): \(e.reason)")
      }
      for e in summary.fileErrors {
        faults.append("\(Plain.line(e.path.withByteView(\.string))): \(e.reason)")
      }
    }
  }

  private static func write(_ lines: ByteView) throws {
    if Console.out(lines) { return }
    let code = errno
    if code == EPIPE { throw NobodyListens() }
    throw RunError(.ioError, "standard output: write failed: \(String(cString: strerror(code)))")
  }

  private static func print(_ producer: MailProducer, _ window: TimeWindow, _ jobs: Int?) throws {
    try OrderedPipeline<MailWork, BatchResult>.run(
      jobs: jobs ?? Processors.count, budget: 32 << 20, weigh: { $0.weight },
      produce: { producer.next() },
      makeWorker: {
        let worker = InspectWorker(window: window)
        return { work in
          let result = worker.process(work)
          work.batch.recycle()
          return result
        }
      },
      consume: { result in try write(result.facts.view) })
  }
}

/// Renders what the mail parser sees (contract section 7).
final class InspectWorker {
  private let entries = EntryReader()
  private let builder: MailFactsBuilder
  private let name = ByteBuffer(capacity: 256)
  private let window: TimeWindow

  private var reader: MessageReader { entries.reader }

  init(window: TimeWindow) {
    self.window = window
    builder = MailFactsBuilder(entries.reader, labels: LabelCache())
  }

  func process(_ work: MailWork) -> BatchResult {
    let result = BatchResult()
    for entry in work.batch.entries {
      result.bytes += entry.length
      let place = work.place(of: entry)
      let w = JSONWriter(result.facts)
      if let error = entries.read(entry, work) {
        w.beginObject()
        w.key("item")
        w.string("quarantined")
        source(w, place)
        w.key("error")
        w.string(error)
        w.endObject()
        result.facts.append(ASCII.lf)
        continue
      }
      var state = MailState(place: place, source: work.source)
      builder.fill(reader.message, &state, entry, work.batch)
      if let date = state.date {
        if let from = window.from, date < from { continue }
        if let to = window.to, date > to { continue }
      }
      mail(w, state)
      result.facts.append(ASCII.lf)
    }
    return result
  }

  private func source(_ w: JSONWriter, _ place: MailPlace) {
    w.key("source")
    w.beginObject()
    w.key("path")
    w.string(place.path)
    w.key("index")
    w.number(place.index)
    w.key("offset")
    w.number(place.offset)
    w.key("length")
    w.number(place.length)
    w.endObject()
  }

  private func mail(_ w: JSONWriter, _ state: MailState) {
    let m = reader.message
    // Ids first: reading them appends to the message's text, and views end there.
    let replyTo = m.inReplyTo()
    let references = m.references()
    let folder = FolderPlan().standing(of: builder.facts.folder, .inbound)
    w.beginObject()
    w.key("item")
    w.string("mail")
    source(w, state.place)
    if m.has(.messageID) {
      w.key("messageId")
      w.string(m.text[m.messageID])
    }
    w.key("date")
    ActivityRendering.appendDate(state.date, to: w.out)
    w.key("dateSource")
    w.string(state.dateSource)
    for (key, range) in [
      ("from" as StaticString, m.from), ("sender", m.sender), ("replyTo", m.replyTo), ("to", m.to),
      ("cc", m.cc), ("bcc", m.bcc),
    ] {
      if let range { addresses(w, key, m.addresses[range]) }
    }
    if let subject = m.subject {
      w.key("subject")
      w.string(m.text[subject])
    }
    if m.has(.inReplyTo) {
      w.key("inReplyTo")
      w.string(replyTo.map { m.text[$0] } ?? .empty)
    }
    if m.has(.references) {
      w.key("references")
      w.beginArray()
      for r in references { w.string(m.text[r]) }
      w.endArray()
    }
    w.key("text")
    w.string(reader.readableText())
    reader.noteEncodedData()
    w.key("html")
    w.bool(reader.hasHTML)
    attachments(w)
    if m.has(.gmailLabels) {
      w.key("labels")
      w.beginArray()
      for label in state.labels { w.string(label) }
      w.endArray()
    }
    w.key("folder")
    w.string(folder.name)
    w.key("automatic")
    w.bool(m.isAutomatic)
    w.key("bulk")
    w.bool(m.isBulk)
    w.key("defects")
    w.beginArray()
    for (bit, code, _) in MailDefects.codes where reader.defects.contains(bit) { w.string(code) }
    m.headerDefects.forEachCode { w.string($0) }
    w.endArray()
    w.endObject()
  }

  private func addresses(
    _ w: JSONWriter, _ key: StaticString, _ list: Slice<ReusedList<MailAddress>>
  ) {
    let m = reader.message
    w.key(key)
    w.beginArray()
    // `<>` names nobody.
    for a in list where !(a.name.isEmpty && a.address.isEmpty) {
      w.beginObject()
      if !a.name.isEmpty {
        w.key("name")
        w.string(m.text[a.name])
      }
      w.key("email")
      w.string(m.text[a.address])
      w.endObject()
    }
    w.endArray()
  }

  private func attachments(_ w: JSONWriter) {
    let m = reader.message
    w.key("attachments")
    w.beginArray()
    for index in reader.attachmentParts() {
      let part = m.parts[index]
      w.beginObject()
      name.removeAll()
      AttachmentName.append(m.text[part.fileName], to: name)
      if !name.isEmpty {
        w.key("name")
        w.string(name.view)
      }
      w.key("mediaType")
      w.string(part.mediaType.isEmpty ? ByteView("text/plain") : m.text[part.mediaType])
      reader.withAttachment(index) { a in
        w.key("bytes")
        w.number(a.size)
        w.key("sha256")
        w.string(a.sha256.hex())
        w.key("inline")
        w.bool(part.disposition == .inline)
        if FileType.of(a.bytes, mediaType: m.text[part.mediaType], fileExtension: .empty) == .tnef {
          tnef(w, a.bytes)
        }
      }
      w.endObject()
    }
    w.endArray()
  }

  // What a winmail.dat holds, beside it: the container stays what it is.
  private func tnef(_ w: JSONWriter, _ bytes: ByteView) {
    w.key("contains")
    w.beginArray()
    name.removeAll()
    _ = TNEF.parse(bytes, names: name) { inner in
      let data = bytes[inner.data]
      w.beginObject()
      w.key("name")
      w.string(name[inner.name])
      w.key("mediaType")
      w.string(name[inner.mediaType])
      w.key("bytes")
      w.number(data.count)
      w.key("sha256")
      w.string(SHA256.digest(data).hex())
      w.endObject()
    }
    w.endArray()
  }
}
