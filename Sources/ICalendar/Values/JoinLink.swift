public import Bytes
import Markup

/// Finds the link that leads into an event's online meeting, and the service behind it.
///
/// Looks at CONFERENCE (RFC 7986), X-GOOGLE-CONFERENCE, Microsoft's properties, URL, LOCATION,
/// DESCRIPTION and X-ALT-DESC, in that order. The first three say themselves that they hold such a
/// link, so there any http link is taken; in the others only those of known services are. Links
/// that mail filters wrapped are unwrapped. Nothing is opened. One instance per thread.
public final class JoinLinkFinder {
  private let text = ByteBuffer(capacity: 4096)
  private let unwrapped = ByteBuffer(capacity: 1024)
  private let found = ByteBuffer(capacity: 256)
  private let html = HTMLText()

  /// The service, such as `Zoom`, of the link found last; empty when the service is not known.
  public private(set) var provider = ByteView.empty
  /// The link found last; holds until the next search.
  public var url: ByteView { found.view }

  /// A finder.
  public init() {}

  /// Longest text that is searched, in bytes: nobody puts a link after that.
  public static let maximumText = 1 << 20

  /// Searches the component `node`; true when there is a link, see ``url`` and ``provider``.
  public func find(in c: CalendarComponent, node: Int = 0) -> Bool {
    provider = .empty
    found.removeAll()
    return conference(c, node) || declared(.googleConference, c, node)
      || declared(.msSkypeTeamsMeetingURL, c, node)
      || declared(.msOnlineMeetingExternalLink, c, node)
      || declared(.msOnlineMeetingConfLink, c, node)
      || inText(.msSkypeTeamsProperties, c, node) || inText(.msOnlineMeetingInformation, c, node)
      || inText(.url, c, node) || inText(.location, c, node) || inText(.description, c, node)
      || inAlternative(c, node)
  }

  /// Searches plain text for a link of a known service.
  public func find(inText plain: ByteView) -> Bool {
    provider = .empty
    found.removeAll()
    return search(plain.prefix(Self.maximumText), anyHost: false)
  }

  // Of several the one with video, else the first that is no telephone or chat.
  private func conference(_ c: CalendarComponent, _ node: Int) -> Bool {
    var best: ContentLine?
    for l in c.properties where l.name == .conference && l.node == node {
      guard LinkScanner.split(c.value(l).trimmed()) != nil else { continue }
      let features = c.parameterValue("FEATURE", of: l)
      if features.firstRangeIgnoringCase(of: ByteView("VIDEO")) != nil {
        best = l
        break
      }
      if best == nil, features.isEmpty || mayBeMeeting(features) { best = l }
    }
    return best.map { take($0, c, anyHost: true) } ?? false
  }

  private func mayBeMeeting(_ features: ByteView) -> Bool {
    for word in ["AUDIO", "SCREEN", "MODERATOR"] as [StaticString]
    where features.firstRangeIgnoringCase(of: ByteView(word)) != nil { return true }
    for word in ["CHAT", "FEED", "PHONE"] as [StaticString]
    where features.firstRangeIgnoringCase(of: ByteView(word)) != nil { return false }
    return true
  }

  private func declared(_ name: PropertyName, _ c: CalendarComponent, _ node: Int) -> Bool {
    guard let l = c.first(name, node: node) else { return false }
    return take(l, c, anyHost: true)
  }

  private func inText(_ name: PropertyName, _ c: CalendarComponent, _ node: Int) -> Bool {
    for l in c.properties where l.name == name && l.node == node {
      if take(l, c, anyHost: false) { return true }
    }
    return false
  }

  private func take(_ l: ContentLine, _ c: CalendarComponent, anyHost: Bool) -> Bool {
    let value = c.value(l)
    // Cheap for the many that hold no link; escaped colons are rare but real.
    guard
      value.firstRange(of: ByteView("//")) != nil
        || value.firstRange(of: ByteView("=3A//")) != nil
    else { return false }
    text.removeAll()
    TextValue.append(l, in: c, to: text)
    return search(text.view.prefix(Self.maximumText), anyHost: anyHost)
  }

  private func inAlternative(_ c: CalendarComponent, _ node: Int) -> Bool {
    for l in c.properties
    where l.node == node && (l.name == .altDesc || l.name == .styledDescription) {
      guard c.value(l).firstRange(of: ByteView("//")) != nil else { continue }
      text.removeAll()
      TextValue.append(l, in: c, to: text)
      // First the targets of links as they stand in the markup, then what a reader sees.
      if search(text.view.prefix(Self.maximumText), anyHost: false) { return true }
      unwrapped.removeAll()
      _ = html.convert(text.view.prefix(Self.maximumText), into: unwrapped)
      text.removeAll()
      text.append(unwrapped.view)
      if search(text.view, anyHost: false) { return true }
    }
    return false
  }

  private func search(_ v: ByteView, anyHost: Bool) -> Bool {
    var scanner = LinkScanner(v)
    while var link = scanner.next() {
      var depth = 0
      unwrapped.removeAll()
      while depth < 3, let inner = LinkScanner.unwrap(link, into: unwrapped) {
        // From one buffer to the other: what is read never grows.
        let copy = inner.url.array
        found.removeAll()
        copy.withByteView { found.append($0) }
        guard let again = LinkScanner.split(found.view) else { break }
        link = again
        unwrapped.removeAll()
        depth += 1
      }
      let name = MeetingProviders.name(host: link.host, path: link.path)
      guard anyHost || !name.isEmpty else { continue }
      provider = name
      write(link.url)
      return true
    }
    found.removeAll()
    return false
  }

  /// The link, with the `&amp;` of markup that was taken for text undone.
  private func write(_ url: ByteView) {
    let copy = url.array
    found.removeAll()
    copy.withByteView { v in
      var i = 0
      while let amp = v.firstRange(of: ByteView("&amp;"), from: i) {
        found.append(v.slice(i, amp + 1))
        i = amp + 5
      }
      found.append(v.from(i))
    }
  }
}
