import Bytes
import Rules

/// Bytes that hold no whole fact.
struct FactError: Error {}

extension CalendarFact {
  /// Appends the fact with its length before it.
  func write(to out: ByteBuffer) {
    let w = FactWriter(out: out)
    let at = w.open()
    switch self {
    case .meeting(let fact):
      w.u8(0)
      fact.write(w)
    case .fault(let fault):
      w.u8(1)
      fault.write(w)
    }
    w.close(at)
  }

  /// Reads the next fact. Total: throws for what is no fact, or not a whole one.
  init(from reader: inout FactReader) throws(FactError) {
    var r = FactReader(reader.bytes())
    if reader.isCut { throw FactError() }
    switch r.u8() {
    case 0: self = .meeting(try MeetingFact(from: &r))
    case 1: self = .fault(MeetingFault(from: &r))
    default: throw FactError()
    }
    if r.isCut || !r.isAtEnd { throw FactError() }
  }
}

extension EventPlace {
  fileprivate func write(_ w: FactWriter) {
    w.string(path)
    w.u32(index)
    w.u64(UInt64(clamping: offset))
    w.u8(mail == nil ? 0 : 1)
    if let mail {
      mail.path.withByteView { w.bytes($0) }
      w.u64(UInt64(clamping: mail.offset))
      w.u8(mail.isInvitation ? 1 : 0)
    }
  }

  fileprivate init(from r: inout FactReader) {
    self.init(path: r.string(), index: r.u32(), offset: Int(clamping: r.u64()))
    if r.u8() != 0 {
      mail = LedgerItem(
        path: r.bytes().array, offset: Int(clamping: r.u64()), isInvitation: r.u8() != 0)
    }
  }
}

extension MeetingFault {
  fileprivate func write(_ w: FactWriter) {
    place.write(w)
    w.u64(UInt64(clamping: length))
    w.string(message)
    w.u8(isPrivate ? 1 : 0)
    w.u8((digest == nil ? 0 : 1) | (bytes == nil ? 0 : 2))
    if let words = digest?.words {
      for word in [words.0, words.1, words.2, words.3] { w.u64(word) }
    }
    bytes?.withByteView { w.bytes($0) }
  }

  fileprivate init(from r: inout FactReader) {
    place = EventPlace(from: &r)
    length = Int(clamping: r.u64())
    message = r.string()
    isPrivate = r.u8() != 0
    let flags = r.u8()
    if flags & 1 != 0 { digest = Digest(words: (r.u64(), r.u64(), r.u64(), r.u64())) }
    if flags & 2 != 0 { bytes = r.bytes().array }
  }
}

extension MeetingFact {
  fileprivate func write(_ w: FactWriter) {
    place.write(w)
    w.u32(index)
    w.u8((hasUID ? 1 : 0) | (isOverride ? 2 : 0) | (namesDates ? 4 : 0))
    w.string(orNil: newer)
    w.u32(sequence)
    for time in [modified, changed, instance] { w.i64(orNil: time) }
    w.u8(span == nil ? 0 : 1)
    if let span {
      w.i64(span.start)
      w.i64(span.end)
    }
    w.string(orNil: summary)
    w.u8(content == nil ? 0 : 1)
    if let content {
      for text in [content.description, content.location, content.link, content.timeZone] {
        w.string(orNil: text)
      }
      w.string(content.provider)
      w.u8(content.isTentative ? 1 : 0)
    }
    facts.write(w)
  }

  fileprivate init(from r: inout FactReader) throws(FactError) {
    place = EventPlace(from: &r)
    index = r.u32()
    let flags = r.u8()
    hasUID = flags & 1 != 0
    isOverride = flags & 2 != 0
    namesDates = flags & 4 != 0
    newer = r.stringOrNil()
    sequence = r.u32()
    modified = r.i64OrNil()
    changed = r.i64OrNil()
    instance = r.i64OrNil()
    if r.u8() != 0 { span = Span(start: r.i64(), end: r.i64()) }
    summary = r.stringOrNil()
    if r.u8() != 0 {
      var c = Content()
      c.description = r.stringOrNil()
      c.location = r.stringOrNil()
      c.link = r.stringOrNil()
      c.timeZone = r.stringOrNil()
      c.provider = r.string()
      c.isTentative = r.u8() != 0
      content = c
    }
    facts = try MeetingFacts(from: &r)
  }
}

extension MeetingFacts {
  fileprivate func write(_ w: FactWriter) {
    w.u8(kind.rawValue)
    w.string(uid)
    w.u8(UInt8(clamping: Config.CalendarRole.allCases.firstIndex(of: role) ?? 0))
    w.u32(user + 1)
    w.string(answer)
    w.u8(
      (isPrivate ? 1 : 0) | (isAllDay ? 2 : 0) | (isRecurring ? 4 : 0) | (isCancelled ? 8 : 0)
        | (isFree ? 16 : 0) | (ownerDeclined ? 32 : 0) | (isFromTask ? 64 : 0))
    w.i64(orNil: created)
    w.u8(createdSource.rawValue)
    w.i64(orNil: start)
    w.u8(occurrences == nil ? 0 : 1)
    occurrences?.write(w)
    w.u32(parties.count)
    for p in parties { p.write(w) }
  }

  fileprivate init(from r: inout FactReader) throws(FactError) {
    self.init()
    guard let kind = MeetingKind(rawValue: r.u8()) else { throw FactError() }
    self.kind = kind
    uid = r.string()
    let role = Int(r.u8())
    guard role < Config.CalendarRole.allCases.count else { throw FactError() }
    self.role = Config.CalendarRole.allCases[role]
    user = r.u32() - 1
    answer = r.string()
    let flags = r.u8()
    isPrivate = flags & 1 != 0
    isAllDay = flags & 2 != 0
    isRecurring = flags & 4 != 0
    isCancelled = flags & 8 != 0
    isFree = flags & 16 != 0
    ownerDeclined = flags & 32 != 0
    isFromTask = flags & 64 != 0
    created = r.i64OrNil()
    guard let source = CreationBasis(rawValue: r.u8()) else { throw FactError() }
    createdSource = source
    start = r.i64OrNil()
    if r.u8() != 0 { occurrences = MeetingOccurrences(from: &r) }
    let n = r.u32()
    parties.reserveCapacity(min(n, 64))
    while parties.count < n, !r.isAtEnd { parties.append(MeetingParty(from: &r)) }
    if parties.count < n { throw FactError() }
  }
}

extension MeetingOccurrences {
  fileprivate func write(_ w: FactWriter) {
    w.u8(
      (isSeries ? 1 : 0) | (goesOn ? 2 : 0) | (takesPlace ? 4 : 0) | (repeats ? 8 : 0)
        | (span.isOpen ? 16 : 0))
    w.i64(span.from)
    w.i64(span.through)
    w.string(orNil: fault)
    w.i64(orNil: first)
    w.u32(list.count)
    for o in list {
      w.u8((o.original == nil ? 0 : 1) | (o.days == nil ? 0 : 2))
      w.i64(o.start)
      w.i64(o.end)
      if let original = o.original { w.i64(original) }
      if let days = o.days {
        w.i64(Int64(days.first))
        w.i64(Int64(days.end))
      }
    }
  }

  fileprivate init(from r: inout FactReader) {
    self.init()
    let flags = r.u8()
    isSeries = flags & 1 != 0
    goesOn = flags & 2 != 0
    takesPlace = flags & 4 != 0
    repeats = flags & 8 != 0
    span = MeetingSpan(from: r.i64(), through: r.i64(), isOpen: flags & 16 != 0)
    fault = r.stringOrNil()
    first = r.i64OrNil()
    let n = r.u32()
    // Each takes 17 bytes at least: a number that is no number of these sets nothing aside.
    list.reserveCapacity(min(n, r.view.count / 17))
    var i = 0
    while i < n, !r.isAtEnd {
      let flags = r.u8()
      var o = MeetingOccurrence(start: r.i64(), end: r.i64())
      if flags & 1 != 0 { o.original = r.i64() }
      if flags & 2 != 0 {
        o.days = MeetingOccurrence.Days(first: Int(r.i64()), end: Int(r.i64()))
      }
      list.append(o)
      i += 1
    }
  }
}

extension MeetingParty {
  fileprivate func write(_ w: FactWriter) {
    w.u8((isResource ? 1 : 0) | (isCalendar ? 2 : 0) | (isOrganizer ? 4 : 0))
    key.withByteView { w.bytes($0) }
    w.string(email)
    w.string(name)
    for text in [role, status, kind] { w.string(orNil: text) }
  }

  fileprivate init(from r: inout FactReader) {
    let flags = r.u8()
    self.init(
      key: r.bytes().array, email: r.string(), name: r.string(), role: r.stringOrNil(),
      status: r.stringOrNil(), kind: r.stringOrNil(), isResource: flags & 1 != 0,
      isCalendar: flags & 2 != 0, isOrganizer: flags & 4 != 0)
  }
}
