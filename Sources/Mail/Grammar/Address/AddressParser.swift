public import Bytes

/// Reads address fields (RFC 5322 sections 3.4 and 4.4, RFC 6532) as they are really written.
///
/// Structure is read first and encoded words are decoded after, in display names only (RFC 2047
/// section 6.2). Everything is iterative and linear in the value. Holds scratch memory that is used
/// again and again; one per thread.
public final class AddressParser: @unchecked Sendable {
  let words: EncodedWords
  let phrase = ByteBuffer()
  // Only one thread has this parser and no closure runs while it works, so that the runtime's
  // exclusivity checks can find nothing; they took half of the time.
  @exclusivity(unchecked) var tokens: [AddressToken] = []
  @exclusivity(unchecked) var spec = AddrSpec()
  // Elements without an address that may turn out the beginning of a display name.
  @exclusivity(unchecked) var pending: [Pending] = []
  @exclusivity(unchecked) var lexer = AddressLexer(.empty)
  @exclusivity(unchecked) var elementStart = 0
  // Index of the token after the `>` that closed the element's mailbox, when it is closed.
  @exclusivity(unchecked) var closedAt: Int?
  @exclusivity(unchecked) var inAngle = false
  @exclusivity(unchecked) var groups = 0
  @exclusivity(unchecked) var defects: HeaderDefects = []
  @exclusivity(unchecked) var value = ByteView.empty
  // The caller's, while a value is read.
  @exclusivity(unchecked) var list: ReusedList<MailAddress>
  private let own = ReusedList<MailAddress>(capacity: 1)
  // The element is joined to another without a comma.
  @exclusivity(unchecked) var isGlued = false
  // Between `<@` and `:`, where commas belong to the route.
  @exclusivity(unchecked) private var isRoute = false
  @exclusivity(unchecked) private var hasAt = false

  /// An element of the list that has no address.
  struct Pending {
    var start: Int
    var end: Int
    var isWord: Bool
    var comment: AddressToken?
  }

  /// A parser with empty scratch memory, or with a decoder that others use too.
  public init(words: EncodedWords = EncodedWords()) {
    self.words = words
    list = own
  }

  /// Appends the mailboxes of a raw header value to `list`, their names and addresses to `text`.
  ///
  /// Groups are flattened, comments and routes dropped. `a@b (Name)` gives the comment as name, and
  /// a display name may hold commas without quotes. An element that cannot be read gives its text
  /// as name and no address. With `authors` (fields that should name one mailbox, such as From)
  /// all are ambiguous when there are several. The value may not lie in `text`. All mailboxes are
  /// kept, in order.
  @discardableResult
  public func parse(
    _ value: ByteView, text: ByteBuffer, into list: ReusedList<MailAddress>, authors: Bool = false
  ) -> HeaderDefects {
    let before = list.count
    let mark = text.count
    if Self.parsePlain(value, text: text, into: list) {
      if !authors || list.count == before + 1 { return [] }
      list.truncate(to: before)
      text.truncate(to: mark)
    }
    return parseFully(value, text: text, into: list, authors: authors)
  }

  /// The same without the fast path.
  func parseFully(
    _ value: ByteView, text: ByteBuffer, into list: ReusedList<MailAddress>, authors: Bool
  ) -> HeaderDefects {
    begin(value)
    self.list = list
    defer { self.list = own }
    let first = list.count
    run(text)
    if authors, list.count > first + 1 {
      defects.insert(.addressSeveralAuthors)
      for i in first..<list.count where list[i].validity == .valid {
        list[i].validity = .ambiguous
      }
    }
    defects.formUnion(lexer.defects)
    self.value = .empty
    lexer = AddressLexer(.empty)
    return defects
  }

  private func begin(_ v: ByteView) {
    value = v
    lexer = AddressLexer(v)
    pending.removeAll(keepingCapacity: true)
    beginElement(at: 0)
    groups = 0
    defects = []
  }

  private func run(_ text: ByteBuffer) {
    while true {
      let item = lexer.next(inAngle: inAngle, afterAt: tokens.last?.kind == .at)
      switch item {
      case .end:
        endElement(text, at: value.count)
        flushPending(text)
        return
      case .semicolon:
        endElement(text, at: lexer.position)
        flushPending(text)
        if groups > 0 { groups -= 1 } else { defects.insert(.addressSeparator) }
      case .token(let t):
        switch t.kind {
        case .comma:
          if isRoute { tokens.append(t) } else { endElement(text, at: t.end) }
        case .colon: colon(t, text)
        case .open: open(t, text)
        case .close:
          tokens.append(t)
          if inAngle {
            inAngle = false
            if closedAt == nil { closedAt = tokens.count }
          }
        case .at:
          hasAt = true
          if inAngle, tokens.last?.kind == .open { isRoute = true }
          tokens.append(t)
        default: tokens.append(t)
        }
      }
    }
  }

  private func colon(_ t: AddressToken, _ text: ByteBuffer) {
    if inAngle {
      isRoute = false
      if let last = tokens.last, isScheme(last) { tokens.removeLast() } else { tokens.append(t) }
      return
    }
    let next = value[t.end]
    let isTime = ASCII.isDigit(value[t.start - 1]) && ASCII.isDigit(next)
    if isTime || next == UInt8(ascii: "/") || hasAt || closedAt != nil {
      tokens.append(
        AddressToken(kind: .atom, spaced: t.spaced, start: t.start, end: t.end))
      return
    }
    if tokens.count == 1, let last = tokens.last, isScheme(last) {
      beginElement(at: t.end)
      return
    }
    // The phrase before it was the name of a group, which says nothing about its members.
    flushPending(text)
    beginElement(at: t.end)
    groups += 1
    if groups > 1 { defects.insert(.addressGroupNested) }
  }

  func beginElement(at start: Int) {
    tokens.removeAll(keepingCapacity: true)
    elementStart = start
    closedAt = nil
    inAngle = false
    isRoute = false
    hasAt = false
    isGlued = false
  }

  private func isScheme(_ t: AddressToken) -> Bool {
    let s = value.slice(t.start, t.end)
    let isOne =
      t.kind == .atom && (s.equalsIgnoringCase("mailto") || s.equalsIgnoringCase("smtp"))
    if isOne { defects.insert(.addressMailto) }
    return isOne
  }

  private func open(_ t: AddressToken, _ text: ByteBuffer) {
    if let cut = closedAt {
      // A second mailbox without a comma: what stands between is its display name.
      let tail = Array(tokens[cut...])
      tokens.removeSubrange(cut...)
      isGlued = true
      endElement(text, at: tail.first?.start ?? t.start)
      isGlued = true
      tokens.append(contentsOf: tail)
      defects.insert(.addressSeparator)
    }
    tokens.append(t)
    inAngle = true
    if let name = lexer.exchangeName() { tokens.append(name) }
  }
}
