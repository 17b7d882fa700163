import Bytes

/// When a link's words already say where it leads.
enum LinkTarget {
  /// True when the words are the target, its scheme or last slash left out or not.
  static func isNamed(by words: ByteView, _ target: ByteView) -> Bool {
    let bare = bareTarget(target)
    return words.equalsIgnoringCase(target) || bareTarget(words).equalsIgnoringCase(bare)
  }

  private static func bareTarget(_ url: ByteView) -> ByteView {
    var v = url
    for scheme in ["https://", "http://", "mailto:"] as [StaticString]
    where v.hasPrefixIgnoringCase(scheme) {
      v = v.from(scheme.utf8CodeUnitCount)
      break
    }
    return v[v.count - 1] == 0x2F ? v.prefix(v.count - 1) : v
  }
}
