public import Bytes
public import Markup

/// CLASS (RFC 5545 3.8.1.3).
public enum Classification: UInt8, Sendable, Comparable {
  case everyone, personal, confidential, secret

  /// What a CLASS value means: X-PERSONAL is Exchange's "personal"; a value that is not known is
  /// read as PRIVATE, as the RFC asks; an empty one as none, which is PUBLIC.
  public init(_ value: ByteView) {
    let v = value.trimmed()
    if v.isEmpty || v.equalsIgnoringCase("PUBLIC") {
      self = .everyone
    } else if v.equalsIgnoringCase("CONFIDENTIAL") {
      self = .confidential
    } else if v.equalsIgnoringCase("X-PERSONAL") || v.equalsIgnoringCase("PERSONAL") {
      self = .personal
    } else {
      self = .secret
    }
  }

  /// By strictness.
  public static func < (a: Classification, b: Classification) -> Bool { a.rawValue < b.rawValue }

  /// True for PRIVATE and CONFIDENTIAL.
  public var isPrivate: Bool { self >= .confidential }

  /// The strictest CLASS of a component itself, not of those in it; nil without any.
  public init?(strictest component: CalendarComponent) {
    var found: Classification?
    for l in component.properties where l.node == 0 && l.name == .classification {
      found = max(found ?? .everyone, Classification(component.value(l)))
    }
    guard let found else { return nil }
    self = found
  }

  /// The name in capitals as reports spell it: PUBLIC, PERSONAL, CONFIDENTIAL, PRIVATE.
  public var name: StaticString {
    switch self {
    case .everyone: "PUBLIC"
    case .personal: "PERSONAL"
    case .confidential: "CONFIDENTIAL"
    case .secret: "PRIVATE"
    }
  }
}

/// STATUS (RFC 5545 3.8.1.11).
public enum EventStatus: UInt8, Sendable {
  case tentative, confirmed, cancelled, needsAction, completed, inProcess, draft, final
  /// Another value, or none.
  case other

  /// The status of a value in any case; CANCELED is read too.
  public init(_ value: ByteView) {
    let v = value.trimmed()
    for raw in UInt8(0)..<8 {
      guard let status = EventStatus(rawValue: raw) else { continue }
      if v.equalsIgnoringCase(status.name) {
        self = status
        return
      }
    }
    self = v.equalsIgnoringCase("CANCELED") ? .cancelled : .other
  }

  /// The name in capitals, empty for ``other``.
  public var name: StaticString {
    switch self {
    case .tentative: "TENTATIVE"
    case .confirmed: "CONFIRMED"
    case .cancelled: "CANCELLED"
    case .needsAction: "NEEDS-ACTION"
    case .completed: "COMPLETED"
    case .inProcess: "IN-PROCESS"
    case .draft: "DRAFT"
    case .final: "FINAL"
    case .other: ""
    }
  }
}

/// What a calendar's owner shows as: X-MICROSOFT-CDO-BUSYSTATUS. The same words in
/// X-MICROSOFT-CDO-INTENDEDSTATUS are the organiser's wish and say nothing about the owner.
public enum BusyStatus: UInt8, Sendable {
  case free, tentative, busy, outOfOffice, workingElsewhere

  /// The status of a value in any case, or nil.
  public init?(_ value: ByteView) {
    let v = value.trimmed()
    if v.equalsIgnoringCase("FREE") {
      self = .free
    } else if v.equalsIgnoringCase("TENTATIVE") {
      self = .tentative
    } else if v.equalsIgnoringCase("BUSY") {
      self = .busy
    } else if v.equalsIgnoringCase("OOF") || v.equalsIgnoringCase("OUTOFOFFICE") {
      self = .outOfOffice
    } else if v.equalsIgnoringCase("WORKINGELSEWHERE") {
      self = .workingElsewhere
    } else {
      return nil
    }
  }
}

/// METHOD (RFC 5546 1.4).
public enum CalendarMethod: UInt8, Sendable {
  case publish, request, reply, add, cancel, refresh, counter, declineCounter
  /// Another value, or none.
  case other

  /// The method of a value in any case.
  public init(_ value: ByteView) {
    let v = value.trimmed()
    for raw in UInt8(0)..<8 {
      guard let method = CalendarMethod(rawValue: raw) else { continue }
      if v.equalsIgnoringCase(method.name) {
        self = method
        return
      }
    }
    self = .other
  }

  /// The name in capitals, empty for ``other``.
  public var name: StaticString {
    switch self {
    case .publish: "PUBLISH"
    case .request: "REQUEST"
    case .reply: "REPLY"
    case .add: "ADD"
    case .cancel: "CANCEL"
    case .refresh: "REFRESH"
    case .counter: "COUNTER"
    case .declineCounter: "DECLINECOUNTER"
    case .other: ""
    }
  }
}

/// Small values of properties.
public enum CalendarValue {
  /// True for TRANSP:TRANSPARENT in any case and for the 1 of vCalendar 1.0; everything else,
  /// nothing included, is OPAQUE.
  public static func isTransparent(_ value: ByteView) -> Bool {
    let v = value.trimmed()
    return v.equalsIgnoringCase("TRANSPARENT") || v.equals("1")
  }

  /// TRUE in any case.
  public static func isTrue(_ value: ByteView) -> Bool {
    value.trimmed().equalsIgnoringCase("TRUE")
  }

  /// A whole number within `range`. Numbers outside are clamped and reported; nil when it is no
  /// number.
  public static func integer(
    _ value: ByteView, in range: ClosedRange<Int> = 0...Int(Int32.max)
  ) -> (value: Int, isClamped: Bool)? {
    var v = value.trimmed()
    let isNegative = v[0] == 45
    if isNegative || v[0] == 43 { v = v.from(1) }
    guard !v.isEmpty else { return nil }
    var n = 0
    var isOver = false
    for i in 0..<v.count {
      guard ASCII.isDigit(v[i]) else { return nil }
      if n > 1 << 55 { isOver = true } else { n = n &* 10 &+ Int(v[i] &- 48) }
    }
    if isNegative { n = 0 &- n }
    let clamped = min(max(n, range.lowerBound), range.upperBound)
    return (clamped, isOver || clamped != n)
  }

  /// GEO (RFC 5545 3.8.1.6): latitude and longitude in millionths of a degree, or nil.
  public static func geo(_ value: ByteView) -> (latitude: Int, longitude: Int)? {
    // Some write a comma, or escape the semicolon.
    guard let middle = value.firstIndex(of: 59) ?? value.firstIndex(of: 44) else { return nil }
    let isEscaped = value[middle - 1] == 92
    guard let latitude = millionths(value.prefix(isEscaped ? middle - 1 : middle).trimmed()),
      let longitude = millionths(value.from(middle + 1).trimmed()),
      abs(latitude) <= 90_000_000, abs(longitude) <= 180_000_000
    else { return nil }
    return (latitude, longitude)
  }

  private static func millionths(_ value: ByteView) -> Int? {
    var v = value
    let isNegative = v[0] == 45
    if isNegative || v[0] == 43 { v = v.from(1) }
    let point = v.firstIndex(of: 46) ?? v.count
    let fraction = v.from(point + 1).prefix(6)
    guard point < 5, let whole = ASCII.decimal(v.prefix(point)) else { return nil }
    var n = 0
    if !fraction.isEmpty {
      guard let f = ASCII.decimal(fraction) else { return nil }
      n = f
      for _ in fraction.count..<6 { n &*= 10 }
    }
    n &+= whole &* 1_000_000
    return isNegative ? 0 &- n : n
  }
}

extension CalendarComponent {
  /// True when Microsoft's marks say that it takes whole days. That both ends are midnight must be
  /// seen as well (MS-OXCICAL 2.1.3.1.1.20.28).
  public var hasAllDayMark: Bool {
    CalendarValue.isTrue(value(.msAllDayEvent)) || CalendarValue.isTrue(value(.msnAllDayEvent))
  }

  /// Appends the text of X-ALT-DESC;FMTTYPE=text/html as a person would read it; false without.
  public func appendAlternativeText(with html: HTMLText, to out: ByteBuffer) -> Bool {
    guard let line = first(.altDesc), !value(line).trimmed().isEmpty else { return false }
    let markup = ByteBuffer(capacity: value(line).count)
    TextValue.append(line, in: self, to: markup)
    _ = html.convert(markup.view, into: out)
    return true
  }

  /// Calls `body` with each category, its escapes undone, trimmed, empty ones left out; the view
  /// lies in `text`, which is emptied for each, and holds during the call.
  public func forEachCategory(using text: ByteBuffer, _ body: (ByteView) -> Void) {
    for l in properties where l.name == .categories && l.node == 0 {
      for piece in TextValue.pieces(value(l)) {
        text.removeAll()
        TextValue.append(piece, to: text)
        let t = text.view.trimmed()
        if !t.isEmpty { body(t) }
      }
    }
  }
}

/// ATTACH or IMAGE (RFC 5545 3.8.1.1): what it says, never opened.
public struct CalendarAttachment {
  /// The link as written, or empty.
  public let link: ByteView
  /// The encoded bytes of one that is inline (base64), or empty.
  public let inline: ByteView
  /// The media type as written, or empty.
  public let mediaType: ByteView
  /// A name as written (FILENAME, X-FILENAME, LABEL), or empty. Never to be used as a path.
  public let name: ByteView

  /// What an ATTACH line says.
  public init(_ line: ContentLine, in c: CalendarComponent) {
    let isInline =
      c.valueType(line) == .binary
      || c.parameterValue("ENCODING", of: line).trimmed().equalsIgnoringCase("BASE64")
    link = isInline ? .empty : c.value(line).trimmed()
    inline = isInline ? c.value(line) : .empty
    mediaType = c.parameterValue("FMTTYPE", of: line)
    var name = ByteView.empty
    for key in ["FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "LABEL"] as [StaticString]
    where name.isEmpty { name = c.parameterValue(key, of: line) }
    self.name = name
  }
}
