/// The bytes of a file that was found, inflated where it is gzip, as one stream from its beginning:
/// for readers of formats that are not mail. No links below the source's root are followed.
public final class SourceBytes {
  private let input: any ByteInput

  /// Opens the file, or tells why not.
  public static func open(_ source: FoundSource) -> Result<SourceBytes, MailboxError> {
    Directory.openFile(root: source.root, relative: source.relative).map { file in
      SourceBytes(FileReader.inflated(file, path: source.path))
    }
  }

  private init(_ input: any ByteInput) { self.input = input }

  /// What ended the stream before its time; nil where nothing did.
  public var error: MailboxError? { input.error }

  /// Reads up to `capacity` bytes; 0 is the end, also after a failure.
  public func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    input.read(into: destination, capacity: capacity)
  }
}
