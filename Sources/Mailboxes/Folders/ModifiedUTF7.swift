import Bytes
import Text

/// The encoding of mailbox names in IMAP (RFC 3501 section 5.1.3), which Maildir++ and
/// Thunderbird keep in file names.
enum ModifiedUTF7 {
  /// The name decoded; bytes that are no modified UTF-7 are read as UTF-8.
  static func decode(_ name: [UInt8]) -> String {
    guard name.contains(38) else { return String(decoding: name, as: UTF8.self) }
    let out = ByteBuffer()
    let found = name.withByteView { Charset.mailboxName.decode($0, into: out) }
    return found.isEmpty ? out.string : String(decoding: name, as: UTF8.self)
  }
}
