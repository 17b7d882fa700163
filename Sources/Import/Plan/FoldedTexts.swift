import Bytes
import Mail
import Rules
import Text

/// What rules read of the current mail only when they ask for it. Subject and bodies are folded as
/// keywords are: case-folded, normalised, transport white space undone; once a mail.
final class FoldedTexts: MailTextSource {
  private let reader: MessageReader
  private let folder = TextFolder()
  private let subjectText = ByteBuffer(capacity: 1024)
  private let plainText = ByteBuffer(capacity: 16 << 10)
  private let htmlText = ByteBuffer(capacity: 16 << 10)
  private var hasSubject = false
  private var hasBodies = false

  /// The texts of the mail that the reader holds.
  init(_ reader: MessageReader) { self.reader = reader }

  var isBulk: Bool { reader.message.isBulk }
  var isAutomatic: Bool { reader.message.isAutomatic }

  func isDelivered(to isWanted: (ByteView) -> Bool) -> Bool {
    let message = reader.message
    let key = ByteBuffer(capacity: 64)
    for field in message.fields where field.name == .deliveredTo || field.name == .originalTo {
      key.removeAll()
      var address = message.bytes[field.value].trimmed()
      if address[0] == 60, address[address.count - 1] == 62 {
        address = address.slice(1, address.count - 1)
      }
      _ = AddressKey.append(address, to: key)
      if !key.isEmpty, isWanted(key.view) { return true }
    }
    return false
  }

  /// Forgets the mail before.
  func forget() {
    hasSubject = false
    hasBodies = false
  }

  /// Subject, folded.
  var foldedSubject: ByteView {
    if !hasSubject {
      hasSubject = true
      subjectText.removeAll()
      if let subject = reader.message.subject {
        folder.fold(reader.message.text[subject], into: subjectText)
      }
    }
    return subjectText.view
  }

  /// The plain bodies (soft line breaks of format=flowed undone) and the HTML as text, folded.
  var foldedBodies: [ByteView] {
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
          folder.fold(flowed.view, into: plainText)
        } else {
          folder.fold(text, into: plainText)
        }
        plainText.append(ASCII.lf)
      }
      if plainText.view.isBlank, !reader.hasHTML {
        folder.fold(reader.readableText(), into: plainText)
      }
      if reader.hasHTML { folder.fold(reader.htmlAsText(), into: htmlText) }
    }
    return htmlText.isEmpty ? [plainText.view] : [plainText.view, htmlText.view]
  }
}

/// Folds texts as keywords and the text that they are looked for in are compared.
final class TextFolder {
  private let scratch = ByteBuffer(capacity: 16 << 10)

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
