import Bytes
import Events
import Glibc
import ICalendar
import Import
import JSONText
import Mail
import Mailboxes
import Records
import Rules
import Text

/// `winnow inspect`: what the parsers see, one JSON object a line, without rules. Owners and
/// folders are those that an import would see.
public enum Inspect {
  /// Prints every message and event of the sources to standard output, in source order.
  ///
  /// - Parameter options: `config`, `sources`, `from`, `to` and `jobs` count.
  /// - Throws: ``RunError`` 65 when a source is missing or neither mail nor calendar; everything
  ///   readable has been printed by then. 78 for a configuration that was named and is wrong.
  public static func execute(_ options: ImportOptions) throws -> ExitStatus {
    let setup = try setup(options)
    let named = RunSources(setup: setup, options: options).named
    var found = SourceResolver.Result()
    let matches = named.match(options.sources, &found)
    for warning in found.warnings { Console.error("winnow: \(Plain.line(warning))") }
    var faults = found.faults
    let window = TimeWindow(
      from: options.from?.start(zone: "UTC"), to: options.to?.end(zone: "UTC"))
    let calendars = InspectCalendar(window: window, now: Int64(time(nil)))
    let mailbox = InspectMailboxes(setup: setup, options: options, window: window)
    var mail = SourceResolver.Result()
    var configured: Set<Int> = []
    do {
      for match in matches {
        let source = match.found
        let isCalendar = source.kind == .calendar || (source.kind == .other && source.isNamed)
        guard isCalendar else {
          if source.kind == .other { continue }
          if match.number != nil { configured.insert(mail.sources.count) }
          named.add(match, as: match.wanted, to: &mail)
          continue
        }
        // In source order, whatever the kinds.
        try mailbox.print(&mail, &configured, &faults)
        let display = (match.number == nil ? named.others : named.configured)
          .displayPath(source.shownPath)
        if let fault = try calendars.print(source, display: display) {
          if let text = describe(fault, source) { faults.append("\(Plain.line(display)): \(text)") }
        }
      }
      try mailbox.print(&mail, &configured, &faults)
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

  // A look into a file must not fail for a configuration that nobody named.
  private static func setup(_ options: ImportOptions) throws -> RunSetup {
    do {
      return try RunSetup.load(options, lists: [])
    } catch let error as RunError where options.config == nil {
      Console.error("winnow: \(error.message); looked at without it")
      return RunSetup.defaults
    }
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

  static func write(_ lines: ByteView) throws {
    let shown = ByteBuffer(capacity: lines.count + 16)
    OneLine.appendJSON(lines, to: shown)
    if Console.out(shown.view) { return }
    let code = errno
    if code == EPIPE { throw NobodyListens() }
    throw RunError(.ioError, "standard output: write failed: \(String(cString: strerror(code)))")
  }
}

/// Prints mailboxes, one stretch of sources after the other.
private struct InspectMailboxes {
  let setup: RunSetup
  let options: ImportOptions
  let window: TimeWindow

  /// Prints the mail of the sources gathered so far and forgets them. Those with numbers in
  /// `configured` show their owners.
  func print(
    _ mail: inout SourceResolver.Result, _ configured: inout Set<Int>, _ faults: inout [String]
  ) throws {
    if mail.sources.isEmpty { return }
    let job = RunJob(options: options, setup: setup, sources: mail, staging: nil)
    let plan = job.makePlan(meetings: job.makeMeetingPlan())
    let found = mail.sources.enumerated().map { i, source in
      (resolved: source, mail: MailboxContext(source, number: i))
    }
    let owned = configured
    mail = SourceResolver.Result()
    configured = []
    let producer = MailProducer(sources: found)
    try OrderedPipeline<MailWork, BatchResult>.run(
      jobs: options.jobs ?? Processors.count, budget: 32 << 20, weigh: { $0.weight },
      produce: { producer.next() },
      makeWorker: { [window] in
        let worker = InspectWorker(plan: plan, window: window)
        return { work in
          let result = worker.process(work, showsOwner: owned.contains(work.source.number))
          work.batch.recycle()
          return result
        }
      },
      consume: { result in try Inspect.write(result.facts.view) })
    for (source, summary) in zip(found, producer.summaries) {
      if let e = summary.error {
        faults.append("\(Plain.line(source.resolved.display)): \(e.reason)")
      }
      for e in summary.fileErrors {
        faults.append("\(Plain.line(e.path.withByteView(\.string))): \(e.reason)")
      }
    }
  }
}

/// Renders what the mail parser sees (`winnow schema inspect`).
final class InspectWorker {
  // Reads as an import does, and finds out direction and folder likewise.
  private let worker: MailWorker
  private let name = ByteBuffer(capacity: 256)
  private let window: TimeWindow

  private var reader: MessageReader { worker.reader }

  init(plan: RunPlan, window: TimeWindow) {
    worker = MailWorker(run: plan)
    self.window = window
  }

  func process(_ work: MailWork, showsOwner: Bool) -> BatchResult {
    let result = BatchResult()
    for entry in work.batch.entries {
      result.bytes += entry.length
      let place = work.place(of: entry)
      let w = JSONWriter(result.facts)
      guard let state = worker.prepare(entry, work) else {
        w.beginObject()
        w.key("item")
        w.string("quarantined")
        source(w, place)
        w.key("error")
        w.string(worker.context.facts.fault ?? "")
        w.endObject()
        result.facts.append(ASCII.lf)
        continue
      }
      if let date = state.date {
        if let from = window.from, date < from { continue }
        if let to = window.to, date > to { continue }
      }
      mail(w, state, showsOwner: showsOwner)
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

  private func mail(_ w: JSONWriter, _ state: borrowing MailState, showsOwner: Bool) {
    let m = reader.message
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
    head(w, m)
    if m.has(.inReplyTo) {
      w.key("inReplyTo")
      w.string(m.inReplyTo().map { m.idText[$0] } ?? .empty)
    }
    if m.has(.references) {
      w.key("references")
      w.beginArray()
      for r in m.references() { w.string(m.idText[r]) }
      w.endArray()
    }
    body(w, state, m, showsOwner: showsOwner)
    w.endObject()
  }

  private func head(_ w: JSONWriter, _ m: Message) {
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
  }

  private func body(_ w: JSONWriter, _ state: borrowing MailState, _ m: Message, showsOwner: Bool) {
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
    if showsOwner, !state.source.ownerName.isEmpty {
      w.key("owner")
      w.string(state.source.owner)
    }
    w.key("folder")
    w.string(worker.context.folder.name)
    w.key("automatic")
    w.bool(m.isAutomatic)
    w.key("bulk")
    w.bool(m.isBulk)
    w.key("defects")
    w.beginArray()
    for (bit, code, _) in MailDefects.codes where reader.defects.contains(bit) { w.string(code) }
    m.headerDefects.forEachCode { w.string($0) }
    w.endArray()
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
