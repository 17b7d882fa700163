import Bytes

/// What a `style` attribute says about whether and how its element's text is read.
///
/// Only the attribute itself is looked at, never style sheets. Hidden is: `display: none`,
/// `visibility: hidden`, `mso-hide: all` (see ``HTMLTokenizer``), and `max-height: 0` or `height:
/// 0` together with `overflow: hidden`. `font-size: 0` hides text until a descendant sets another
/// size, since whole layouts stand in cells of font size 0.
struct HTMLStyle: OptionSet, Sendable {
  let rawValue: UInt8

  /// Nothing inside is seen.
  static let hidden = HTMLStyle(rawValue: 1)
  /// Hidden in Outlook.
  static let hiddenInOutlook = HTMLStyle(rawValue: 2)
  /// Text has no size.
  static let zeroFont = HTMLStyle(rawValue: 4)
  /// Text has a size again.
  static let sizedFont = HTMLStyle(rawValue: 8)
  /// White space counts.
  static let preserved = HTMLStyle(rawValue: 16)
  /// A paragraph without a blank line around it.
  static let tight = HTMLStyle(rawValue: 32)
  // The two halves of "no height": only together they hide.
  private static let noHeight = HTMLStyle(rawValue: 64)
  private static let clipped = HTMLStyle(rawValue: 128)

  /// Reads a declaration list in one pass.
  static func parse(_ v: ByteView) -> HTMLStyle {
    var style: HTMLStyle = []
    var at = 0
    while at < v.count {
      let end = v.firstIndex(of: 0x3B, from: at) ?? v.count
      if let colon = v.firstIndex(of: 0x3A, from: at, to: end) {
        style.formUnion(
          declaration(v.slice(at, colon).trimmed(), v.slice(colon + 1, end).trimmed()))
      }
      at = end + 1
    }
    if style.isSuperset(of: [.noHeight, .clipped]) { style.insert(.hidden) }
    return style.subtracting([.noHeight, .clipped])
  }

  private static func declaration(_ name: ByteView, _ value: ByteView) -> HTMLStyle {
    switch name.count {
    case 6:
      if name.equalsIgnoringCase("margin") { return isZero(value) ? .tight : [] }
      if name.equalsIgnoringCase("height") { return isZero(value) ? .noHeight : [] }
    case 7 where name.equalsIgnoringCase("display"):
      return value.hasPrefixIgnoringCase("none") ? .hidden : []
    case 8:
      if name.equalsIgnoringCase("mso-hide") {
        return value.hasPrefixIgnoringCase("all") ? .hiddenInOutlook : []
      }
      if name.equalsIgnoringCase("overflow") {
        return value.hasPrefixIgnoringCase("hidden") ? .clipped : []
      }
    case 9 where name.equalsIgnoringCase("font-size"):
      if isZero(value) { return .zeroFont }
      // Relative to nothing is nothing.
      let relative =
        value.hasSuffix(ByteView("%"))
        || (value.hasSuffix(ByteView("em")) && !value.hasSuffix(ByteView("rem")))
      return relative ? [] : .sizedFont
    case 10:
      if name.equalsIgnoringCase("visibility") {
        return value.hasPrefixIgnoringCase("hidden") ? .hidden : []
      }
      if name.equalsIgnoringCase("max-height") { return isZero(value) ? .noHeight : [] }
    case 11 where name.equalsIgnoringCase("white-space"):
      return value.hasPrefixIgnoringCase("pre") ? .preserved : []
    case 13 where name.equalsIgnoringCase("margin-bottom"):
      return isZero(value) ? .tight : []
    default: break
    }
    return []
  }

  /// True for 0, 0px, 0.0pt and the like; false for 0.8em.
  private static func isZero(_ value: ByteView) -> Bool {
    guard value[0] == 0x30 || (value[0] == 0x2E && value[1] == 0x30) else { return false }
    var i = 0
    while value[i] == 0x30 || value[i] == 0x2E { i += 1 }
    return !ASCII.isDigit(value[i])
  }
}
