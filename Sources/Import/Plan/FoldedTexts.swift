import Bytes
import Mail
import Text

/// Subject and bodies of the current mail as keywords are compared with: case-folded, normalised,
/// transport white space undone. Made once a mail, when a keyword rule asks.
final class FoldedTexts {
  private let subjectText = ByteBuffer(capacity: 1024)
  private let plainText = ByteBuffer(capacity: 16 << 10)
  private let htmlText = ByteBuffer(capacity: 16 << 10)
  private let scratch = ByteBuffer(capacity: 16 << 10)
  @exclusivity(unchecked) private var hasSubject = false
  @exclusivity(unchecked) private var hasBodies = false

  /// Forgets the mail before.
  func forget() {
    hasSubject = false
    hasBodies = false
  }

  /// Subject, folded.
  func subject(of reader: MessageReader) -> ByteView {
    if !hasSubject {
      hasSubject = true
      subjectText.removeAll()
      if let subject = reader.message.subject {
        fold(reader.message.text[subject], into: subjectText)
      }
    }
    return subjectText.view
  }

  /// The plain bodies (soft line breaks of format=flowed undone) and the HTML as text, folded.
  func bodies(of reader: MessageReader) -> [ByteView] {
    if !hasBodies {
      hasBodies = true
      plainText.removeAll()
      htmlText.removeAll()
      reader.decodeBodies()
      for body in reader.bodies.bodies {
        let part = reader.message.parts[body.part]
        guard part.kind == .textPlain else { continue }
        let text = reader.bodies.buffer[body.range]
        if part.isFlowed {
          let flowed = ByteBuffer(capacity: text.count)
          FlowedText.unflow(text, delSp: part.deletesSpace, into: flowed)
          fold(flowed.view, into: plainText)
        } else {
          fold(text, into: plainText)
        }
        plainText.append(ASCII.lf)
      }
      if reader.hasHTML { fold(reader.htmlAsText(), into: htmlText) }
    }
    return htmlText.isEmpty ? [plainText.view] : [plainText.view, htmlText.view]
  }

  /// Appends a text folded for comparison. No-break spaces are spaces: mail programs put them
  /// where a writer typed a space.
  func fold(_ text: ByteView, into out: ByteBuffer) {
    if text.firstIndex(of: 0xC2) == nil {
      CaseFolding.foldAppend(text, to: out)
      return
    }
    scratch.removeAll()
    var position = 0
    while let c2 = text.firstIndex(of: 0xC2, from: position) {
      scratch.append(text.slice(position, c2))
      if text[c2 + 1] == 0xA0 {
        scratch.append(ASCII.space)
        position = c2 + 2
      } else {
        scratch.append(0xC2)
        position = c2 + 1
      }
    }
    scratch.append(text.from(position))
    CaseFolding.foldAppend(scratch.view, to: out)
  }
}
