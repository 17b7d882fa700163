import Bytes

/// Tells by name and first bytes what a file is.
enum SourceSniffer {
  struct Found {
    var kind: SourceKind
    var isGzip = false
    var isPartial = false
  }

  /// Bytes of a file that are looked at.
  private static let headSize = 16_384

  /// - Parameter isPipe: True where the name says nothing.
  static func sniff(
    root: [UInt8], relative: [[UInt8]], isPipe: Bool = false
  ) -> Result<Found, MailboxError> {
    let name = isPipe ? [] : relative.last ?? root.split(separator: 47).last.map(Array.init) ?? root
    return Directory.openFile(root: root, relative: relative).map { file in
      var head = ByteBuffer(capacity: headSize)
      fill(head, from: file)
      let isGzip = head.view.hasPrefix("\u{1F}") && head.view[1] == 0x8B
      var plain = MailNames.lowercased(name)
      if isGzip {
        if MailNames.hasSuffix(plain, ".gz") { plain.removeLast(3) }
        let inflated = ByteBuffer(capacity: headSize)
        let again = MemoryInput(head.array)
        fill(inflated, from: GzipInput(again, path: []))
        head = inflated
      }
      var found = kind(plain, head.view)
      if isPipe, isXMLCalendar(head.view) { found.kind = .calendar }
      found.isGzip = isGzip
      return found
    }
  }

  private static func fill(_ head: ByteBuffer, from input: any ByteInput) {
    while head.count < headSize {
      let n = input.read(into: head.reserve(headSize), capacity: headSize - head.count)
      if n == 0 { break }
      head.advance(by: n)
    }
  }

  private static func kind(_ name: [UInt8], _ head: ByteView) -> Found {
    if CalendarNames.endings.contains(where: { MailNames.hasSuffix(name, $0) }) {
      return Found(kind: .calendar)
    }
    if MailNames.hasSuffix(name, ".emlx") {
      return Found(kind: .emlx, isPartial: MailNames.hasSuffix(name, ".partial.emlx"))
    }
    if MailNames.hasSuffix(name, ".eml") { return Found(kind: .eml) }
    if MailNames.hasSuffix(name, ".mbox") || MailNames.hasSuffix(name, ".mbx") {
      return Found(kind: .mbox)
    }
    var start = head.hasPrefix("\u{FEFF}") ? 3 : 0
    while start < head.count, ASCII.isSpace(head[start]) { start += 1 }
    let text = head.from(start)
    // An empty file is an empty mailbox: Thunderbird and Takeout leave them.
    if text.hasPrefix("From ") || text.isEmpty { return Found(kind: .mbox) }
    if looksLikeCalendar(text) { return Found(kind: .calendar) }
    // Blank lines before the first field are no part of a message, but they do occur.
    return Found(kind: looksLikeMail(head) || looksLikeMail(text) ? .eml : .other)
  }

  /// iCalendar or jCal without a name that says so. XML must say it by its name: most XML is no
  /// calendar.
  private static func looksLikeCalendar(_ text: ByteView) -> Bool {
    if text.hasPrefixIgnoringCase("BEGIN:VCALENDAR") { return true }
    guard text.hasPrefix("[") else { return false }
    var i = 1
    while i < text.count, ASCII.isSpace(text[i]) { i += 1 }
    return text.from(i).hasPrefix("\"vcalendar\"")
  }

  // The namespace of xCal (RFC 6321), which stands on the first element.
  private static func isXMLCalendar(_ head: ByteView) -> Bool {
    let text = head.from(head.hasPrefix("\u{FEFF}") ? 3 : 0).trimmed()
    return text.hasPrefix("<")
      && text.firstRange(of: ByteView("urn:ietf:params:xml:ns:icalendar-2.0")) != nil
  }

  private static func looksLikeMail(_ head: ByteView) -> Bool {
    if HeaderScan.looksLikeMessage(head, from: head.hasPrefix("\u{FEFF}") ? 3 : 0) { return true }
    guard head.firstIndex(of: ASCII.lf) == nil else { return false }
    var lines = head.array
    for i in lines.indices where lines[i] == ASCII.cr { lines[i] = ASCII.lf }
    return lines.withByteView { HeaderScan.looksLikeMessage($0, from: 0) }
  }
}

/// How the names of calendars end.
public enum CalendarNames {
  /// iCalendar (RFC 5545 8.1 and what is seen), xCal, jCal.
  public static let endings: [StaticString] = [
    ".ics", ".ical", ".icalendar", ".ifb", ".xml", ".xcal", ".xcs", ".json", ".jcal", ".jcs",
  ]
}

/// What names in mail stores mean.
enum MailNames {
  static func lowercased(_ name: [UInt8]) -> [UInt8] { name.map(ASCII.lower) }

  static func hasSuffix(_ name: [UInt8], _ suffix: StaticString) -> Bool {
    name.withByteView { $0.hasSuffix(ByteView(suffix)) }
  }

  /// `cur`, `new`, `tmp`.
  static func isMaildirPart(_ name: [UInt8]) -> Bool {
    name.withByteView { $0.equals("cur") || $0.equals("new") || $0.equals("tmp") }
  }

  /// Indexes and settings that stores keep beside mail.
  static func isStoreFile(_ name: [UInt8]) -> Bool {
    let lower = lowercased(name)
    for end in [
      ".msf", ".dat", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".plist", ".ds_store", ".lock",
      ".toc", ".idx",
    ] as [StaticString] where hasSuffix(lower, end) {
      return true
    }
    return lower.withByteView {
      $0.equals("table_of_contents") || $0.hasPrefix("dovecot") || $0.equals("subscriptions")
        || $0.equals("maildirfolder") || $0.equals("courierimapkeywords")
    }
  }
}
