import Bytes
import CivilTime
import Mail

/// Readings of header values as plain Swift values, for the tables of the tests.
enum Reading {
  static func unstructured(_ s: String) -> (text: String, defects: HeaderDefects) {
    unstructured(Array(s.utf8))
  }

  static func unstructured(_ bytes: [UInt8]) -> (text: String, defects: HeaderDefects) {
    let text = ByteBuffer()
    let defects = bytes.withByteView { EncodedWords().appendUnstructured($0, to: text) }
    return (text.string, defects)
  }

  struct Mailbox: Equatable, CustomStringConvertible {
    var name: String
    var address: String
    var validity: MailAddress.Validity
    var description: String { "\(name) <\(address)> \(validity)" }
  }

  static func addresses(_ bytes: [UInt8], authors: Bool = false) -> (
    list: [Mailbox], defects: HeaderDefects
  ) {
    let text = ByteBuffer()
    let list = ReusedList<MailAddress>()
    let defects = bytes.withByteView {
      AddressParser().parse($0, text: text, into: list, authors: authors)
    }
    return (
      list.map {
        Mailbox(
          name: text[$0.name].string, address: text[$0.address].string, validity: $0.validity)
      }, defects
    )
  }

  static func addresses(_ s: String, authors: Bool = false) -> (
    list: [Mailbox], defects: HeaderDefects
  ) { addresses(Array(s.utf8), authors: authors) }

  static func parameters(_ s: String, as field: ParameterParser.Field = .contentType) -> (
    value: String, list: [[String]], defects: HeaderDefects
  ) { parameters(Array(s.utf8), as: field) }

  static func parameters(_ bytes: [UInt8], as field: ParameterParser.Field = .contentType) -> (
    value: String, list: [[String]], defects: HeaderDefects
  ) {
    let text = ByteBuffer()
    var p = HeaderParameters()
    let defects = bytes.withByteView {
      ParameterParser().parse($0, as: field, text: text, into: &p)
    }
    return (
      text[p.value].string, p.list.map { [text[$0.name].string, text[$0.value].string] }, defects
    )
  }

  static func date(_ s: String) -> MailDate? { s.withByteView { MailDate.parse($0) } }

  static func instant(_ d: MailDate?) -> String? {
    guard let d else { return nil }
    let out = ByteBuffer()
    CivilDate.append(utcSeconds: d.seconds, to: out)
    return out.string
  }

  static func messageID(_ bytes: [UInt8]) -> String {
    let text = ByteBuffer()
    return bytes.withByteView { text[MessageID.parse($0, text: text).id].string }
  }

  static func references(_ s: String) -> (ids: [String], defects: HeaderDefects) {
    let text = ByteBuffer()
    let list = ReusedList<ByteRange>()
    let defects = s.withByteView { References.parse($0, text: text, into: list) }
    return (list.map { text[$0].string }, defects)
  }
}
