import Bytes
import Rules

extension CalendarFact {
  /// Appends the fact with its length before it.
  func write(to out: ByteBuffer) {
    let w = FactWriter(out: out)
    let at = w.open()
    var c = FactBytesWriter(w: w)
    switch self {
    case .meeting(var fact):
      w.u8(0)
      fact.walk(&c)
    case .fault(var fault):
      w.u8(1)
      fault.walk(&c)
    }
    w.close(at)
  }

  /// Reads the next fact. Total: throws for what is no fact, or not a whole one.
  init(from reader: inout FactReader) throws(FactError) {
    let bytes = reader.bytes()
    if reader.isCut { throw FactError() }
    var c = FactBytesReader(bytes.from(1))
    switch bytes[0] {
    case 0 where !bytes.isEmpty:
      var fact = MeetingFact()
      fact.walk(&c)
      self = .meeting(fact)
    case 1:
      var fault = MeetingFault()
      fault.walk(&c)
      self = .fault(fault)
    default: throw FactError()
    }
    if !c.isWhole { throw FactError() }
  }
}

extension EventPlace: FactFields {
  /// Nowhere.
  package init() { self.init(path: "", index: 0, offset: 0) }

  mutating func walk(_ c: inout some FactCoder) {
    c.text("path", &path)
    c.number("index", &index)
    c.number("offset", &offset)
    c.optional("mail", &mail)
  }
}

extension LedgerItem: FactFields {
  init() { self.init(path: [], offset: 0, isInvitation: false) }

  mutating func walk(_ c: inout some FactCoder) {
    c.text("path", &path)
    c.number("offset", &offset)
    c.flag("invitation", &isInvitation)
  }
}

extension MeetingFault: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    place.walk(&c)
    c.number("length", &length)
    c.text("message", &message)
    c.flag("private", &isPrivate)
    c.digest("sha256", &digest)
    c.data("bytes", &bytes)
  }
}

extension MeetingFact: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    place.walk(&c)
    c.number("number", &index)
    c.flag("hasUID", &hasUID)
    c.flag("override", &isOverride)
    c.flag("namesDates", &namesDates)
    c.text("newer", &newer)
    c.number("sequence", &sequence)
    c.number("modified", &modified)
    c.number("changed", &changed)
    c.number("instance", &instance)
    c.optional("span", &span)
    c.text("summary", &summary)
    c.optional("content", &content)
    facts.walk(&c)
  }
}

extension MeetingFact.Span: FactFields {
  init() { self.init(start: 0, end: 0) }

  mutating func walk(_ c: inout some FactCoder) {
    c.number("start", &start)
    c.number("end", &end)
  }
}

extension MeetingFact.Content: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.text("description", &description)
    c.text("location", &location)
    c.text("link", &link)
    c.text("timeZone", &timeZone)
    c.text("provider", &provider)
    c.flag("tentative", &isTentative)
  }
}

extension MeetingFacts: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.choice("kind", &kind)
    c.text("uid", &uid)
    c.word("role", &role)
    c.position("user", &user)
    c.text("answer", &answer)
    c.flag("private", &isPrivate)
    c.flag("allDay", &isAllDay)
    c.flag("recurring", &isRecurring)
    c.flag("cancelled", &isCancelled)
    c.flag("free", &isFree)
    c.flag("declined", &ownerDeclined)
    c.flag("fromTask", &isFromTask)
    c.number("created", &created)
    c.choice("createdFrom", &createdSource)
    c.number("start", &start)
    c.optional("when", &occurrences)
    c.list("parties", &parties)
  }
}

extension MeetingOccurrences: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.flag("series", &isSeries)
    c.flag("goesOn", &goesOn)
    c.flag("takesPlace", &takesPlace)
    c.flag("repeats", &repeats)
    c.flag("open", &span.isOpen)
    c.number("from", &span.from)
    c.number("through", &span.through)
    c.text("fault", &fault)
    c.number("first", &first)
    c.list("list", &list)
  }
}

extension MeetingOccurrence: FactFields {
  package init() { self.init(start: 0, end: 0) }

  mutating func walk(_ c: inout some FactCoder) {
    c.number("start", &start)
    c.number("end", &end)
    c.number("original", &original)
    c.optional("days", &days)
  }
}

extension MeetingOccurrence.Days: FactFields {
  package init() { self.init(first: 0, end: 0) }

  mutating func walk(_ c: inout some FactCoder) {
    c.number("first", &first)
    c.number("end", &end)
  }
}

extension MeetingParty: FactFields {
  /// Nobody.
  public init() { self.init(key: [], email: "") }

  mutating func walk(_ c: inout some FactCoder) {
    c.text("key", &key)
    c.text("email", &email)
    c.text("name", &name)
    c.text("role", &role)
    c.text("status", &status)
    c.text("kind", &kind)
    c.flag("resource", &isResource)
    c.flag("calendar", &isCalendar)
    c.flag("organizer", &isOrganizer)
  }
}
