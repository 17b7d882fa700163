public import Bytes
import Text

/// Reads `Content-Type` and `Content-Disposition` values, leniently.
///
/// Holds scratch memory that is used again and again; one per thread. Linear in the value; at most
/// ``maximum`` parameters (sections count) are looked at.
public final class ParameterParser: @unchecked Sendable {
  /// What kind of value stands before the parameters.
  public enum Field: Sendable {
    /// `type/subtype`.
    case contentType
    /// One token.
    case contentDisposition
  }

  /// Most parameters of one value.
  public static let maximum = 128
  /// Most sections of one parameter.
  public static let maximumSections = 100

  struct Segment {
    /// The name without `*`.
    var name: ByteView
    /// Its section number (RFC 2231 section 3), or -1.
    var section: Int
    /// Ends in `*`: percent-encoded, perhaps with a charset.
    var isExtended: Bool
    var content: ByteView
    var isQuoted: Bool
    var isDone = false
  }

  let words: EncodedWords
  let bytes = ByteBuffer()
  @exclusivity(unchecked) var segments: [Segment] = []

  /// A parser with empty scratch memory, or with a decoder that others use too.
  public init(words: EncodedWords = EncodedWords()) { self.words = words }

  /// Reads a raw header value into `result`, whose former contents go; texts go to `text`.
  ///
  /// Accepts missing semicolons, comments, values with spaces and without quotes, encoded words and
  /// unlabelled bytes in values. The first of equal parameters wins, and of plain and extended form
  /// the extended one. Sections are joined from 0 to the first gap. The value may not lie in
  /// `text`.
  @discardableResult
  public func parse(
    _ value: ByteView, as field: Field, text: ByteBuffer, into result: inout HeaderParameters
  ) -> HeaderDefects {
    var defects: HeaderDefects = []
    result.removeAll()
    segments.removeAll(keepingCapacity: true)
    var scanner = ParameterScanner(value)
    let (type, isWell) = scanner.type(field)
    if isWell {
      result.value = text.place { text.appendLowercased(type.0) }
      if field == .contentType {
        text.append(UInt8(ascii: "/"))
        text.appendLowercased(type.1)
        result.value.count = UInt32(clamping: text.count - Int(result.value.start))
      }
    } else {
      defects.insert(.contentTypeMalformed)
    }
    while let segment = scanner.next() {
      guard segments.count < Self.maximum else {
        defects.insert(.parameterLimit)
        break
      }
      segments.append(segment)
    }
    if scanner.isMalformed { defects.insert(.parameterMalformed) }
    for i in segments.indices where !segments[i].isDone {
      let name = text.place { text.appendLowercased(segments[i].name) }
      let value = join(i, text, &defects)
      result.list.append(HeaderParameters.Parameter(name: name, value: value))
    }
    // Views into the header must not outlive this call.
    segments.removeAll(keepingCapacity: true)
    return defects
  }

  // Joins everything that has the name of segment `i`.
  private func join(_ i: Int, _ text: ByteBuffer, _ defects: inout HeaderDefects) -> ByteRange {
    let name = segments[i].name
    var plain: Int?
    var extended: Int?
    var first: Int?
    var sections = 0
    for k in i..<segments.count where segments[k].name.equalsIgnoringCase(name) {
      segments[k].isDone = true
      let s = segments[k]
      if s.section == 0, first == nil { first = k }
      if s.section >= 0 {
        sections += 1
      } else if s.isExtended {
        if extended == nil { extended = k } else { defects.insert(.parameterDuplicate) }
      } else if plain == nil {
        plain = k
      } else {
        defects.insert(.parameterDuplicate)
      }
    }
    let isBoundary = name.equalsIgnoringCase("boundary")
    bytes.removeAll()
    var label = ByteView.empty
    var isLabelled = false
    // Scanners know the plain form of a boundary only; what they saw must be what is read.
    if isBoundary, let plain {
      if extended != nil || first != nil { defects.insert(.parameterConflict) }
      appendContent(segments[plain], to: bytes)
    } else if let k = extended {
      (label, isLabelled) = appendExtended(segments[k], isFirst: true)
    } else if let first {
      (label, isLabelled) = appendSections(first, sections, &defects)
    } else if let plain {
      appendContent(segments[plain], to: bytes)
    } else {
      // Sections without a beginning.
      defects.insert(.parameterSections)
      return ByteRange(start: text.count, count: 0)
    }
    let value = appendValue(label, isLabelled, isBoundary, text, &defects)
    if let plain, extended != nil || first != nil {
      // The plain form may be a mere fallback in ASCII; the defect tells that a choice was made.
      bytes.removeAll()
      appendContent(segments[plain], to: bytes)
      let mark = text.count
      var ignored: HeaderDefects = []
      let fallback = appendValue(.empty, false, isBoundary, text, &ignored)
      if !text[fallback].equals(text[value]) { defects.insert(.parameterConflict) }
      text.truncate(to: mark)
    }
    return value
  }

  private func appendSections(
    _ first: Int, _ count: Int, _ defects: inout HeaderDefects
  ) -> (ByteView, Bool) {
    var result = (ByteView.empty, false)
    let name = segments[first].name
    var section = 0
    var k: Int? = first
    while let at = k, section < Self.maximumSections {
      let s = segments[at]
      if s.isExtended {
        let found = appendExtended(s, isFirst: section == 0)
        if section == 0 { result = found }
      } else {
        appendContent(s, to: bytes)
      }
      section += 1
      k = segments.firstIndex { $0.section == section && $0.name.equalsIgnoringCase(name) }
    }
    if section < count { defects.insert(.parameterSections) }
    return result
  }

  // Appends what a percent-encoded value stands for; the first section may name a charset and a
  // language: `utf-8'en'text`.
  private func appendExtended(_ s: Segment, isFirst: Bool) -> (ByteView, Bool) {
    var v = s.content
    var label = ByteView.empty
    var isLabelled = false
    if isFirst, let a = v.firstIndex(of: UInt8(ascii: "'")),
      let b = v.firstIndex(of: UInt8(ascii: "'"), from: a + 1)
    {
      label = v.prefix(a)
      isLabelled = true
      v = v.from(b + 1)
    }
    var i = 0
    while i < v.count {
      let c = v.base[i]
      if c == UInt8(ascii: "%"), let h = ASCII.hexValue(v[i + 1]), let l = ASCII.hexValue(v[i + 2])
      {
        bytes.append(h << 4 | l)
        i += 3
      } else {
        if !ASCII.isSpace(c) || c == ASCII.space { bytes.append(c) }
        i += 1
      }
    }
    return (label, isLabelled)
  }

  // Quoted pairs are undone where they are needed only: `"C:\temp\x"` is no escape.
  private func appendContent(_ s: Segment, to out: ByteBuffer) {
    let v = s.content
    var i = 0
    while i < v.count {
      let c = v.base[i]
      i += 1
      if c == ASCII.cr || c == ASCII.lf { continue }
      if s.isQuoted, c == UInt8(ascii: "\\"),
        v[i] == UInt8(ascii: "\"") || v[i] == UInt8(ascii: "\\")
      {
        out.append(v[i])
        i += 1
      } else {
        out.append(c)
      }
    }
  }

  private func appendValue(
    _ label: ByteView, _ isLabelled: Bool, _ isBoundary: Bool, _ text: ByteBuffer,
    _ defects: inout HeaderDefects
  ) -> ByteRange {
    let v = bytes.view
    return text.place {
      if isBoundary {
        var end = v.count
        while end > 0, ASCII.isSpace(v[end - 1]) { end -= 1 }
        text.append(v.prefix(end))
        return
      }
      // UTF-7 writes any character in ASCII, also those that names may not hold.
      if isLabelled, !label.isEmpty, !label.hasPrefixIgnoringCase("utf-7"),
        let charset = Charset.named(label)
      {
        defects.formUnion(words.append(v, charset: charset, to: text))
        return
      }
      if isLabelled, !label.isEmpty { defects.insert(.parameterCharset) }
      if !isLabelled, v.firstRange(of: ByteView("=?")) != nil {
        defects.formUnion(words.appendUnstructured(v, to: text))
      } else {
        defects.formUnion(words.appendRaw(v, to: text))
      }
    }
  }
}
