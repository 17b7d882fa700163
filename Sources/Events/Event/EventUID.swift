import Bytes
import Glibc
import ICalendar

/// The identity of a component: its UID, or one made of what it says.
struct EventUID {
  private let hash = SHA256()
  private let text = ByteBuffer(capacity: 256)
  private let upper = ByteBuffer(capacity: 64)

  /// A digest under which components of the same kind with the same UID meet.
  func digest(_ c: CalendarComponent, uid: ContentLine?) -> Digest {
    guard let v = value(c, uid) else { return content(c) }
    hash.update(byte: c.kind.rawValue)
    hash.update(v)
    return hash.finish()
  }

  /// The UID as text, and whether it is the event's own and whole.
  func uid(
    _ c: CalendarComponent, _ line: ContentLine?, limits: EventLimits
  ) -> (text: String, isOwn: Bool, isCut: Bool) {
    guard let v = value(c, line) else { return (content(c).hex(), false, false) }
    guard v.count > limits.uidBytes else { return (v.string, true, false) }
    var n = max(limits.uidBytes, 0)
    while n > 0, v[n] & 0xC0 == 0x80 { n -= 1 }
    return (v.prefix(n).string + "-" + SHA256.digest(v).hex(bytes: 16), true, true)
  }

  private func value(_ c: CalendarComponent, _ line: ContentLine?) -> ByteView? {
    guard let line else { return nil }
    // Blanks are part of it: UIDs are compared byte by byte.
    let v = c.value(line)
    if v.trimmed().isEmpty { return nil }
    guard v.firstIndex(of: 92) != nil else { return v }
    text.removeAll()
    TextValue.append(v, to: text)
    return text.isEmpty ? nil : text.view
  }

  /// The same for the same event wherever and whenever it was exported: DTSTAMP, which exports
  /// write anew, and alarms, which are each user's own, are left out.
  private func content(_ c: CalendarComponent) -> Digest {
    hash.update(byte: c.kind.rawValue)
    for l in c.properties where l.node == 0 && l.name != .dtstamp && l.name != .uid {
      name(c.name(l))
      for p in c.parameters(l) {
        name(c.text[p.name])
        hash.update(c.text[p.value])
        hash.update(byte: 0)
      }
      hash.update(byte: 1)
      hash.update(c.value(l))
      hash.update(byte: 0)
    }
    return hash.finish()
  }

  private func name(_ v: ByteView) {
    upper.removeAll()
    upper.appendLowercased(v)
    hash.update(upper.view)
    hash.update(byte: 0)
  }
}
