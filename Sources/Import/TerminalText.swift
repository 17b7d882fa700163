import Bytes
import Text

/// Text from files on its way to a terminal.
enum TerminalText {
  /// Appends the text with control and direction characters made visible.
  static func append(_ v: ByteView, to out: ByteBuffer) { OneLine.appendEscaped(v, to: out) }
}
