import Bytes
import CZlib

/// The inflated contents of a gzip stream (RFC 1952), all its members one after another.
final class GzipInput: ByteInput {
  private let source: any ByteInput
  private let path: [UInt8]
  private let stream: UnsafeMutablePointer<z_stream>
  private let chunk: UnsafeMutablePointer<UInt8>
  private static let chunkSize = 1 << 16
  private var isOpen: Bool
  private var isBetweenMembers = false
  private var isDone = false
  private(set) var error: MailboxError?
  var isSeekable: Bool { false }

  init(_ source: any ByteInput, path: [UInt8]) {
    self.source = source
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    chunk = .allocate(capacity: Self.chunkSize)
    // 31 = largest window (15) plus 16 for the gzip wrapper.
    isOpen =
      inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    if !isOpen { fail() }
  }

  deinit {
    if isOpen { inflateEnd(stream) }
    stream.deinitialize(count: 1)
    stream.deallocate()
    chunk.deallocate()
  }

  private func fail() {
    isDone = true
    error = source.error ?? MailboxError(.damagedGzip, path: path)
  }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    let room = min(capacity, 1 << 30)
    stream.pointee.next_out = destination
    stream.pointee.avail_out = UInt32(truncatingIfNeeded: room)
    while !isDone, Int(stream.pointee.avail_out) == room {
      if stream.pointee.avail_in == 0 {
        let n = source.read(into: chunk, capacity: Self.chunkSize)
        if n == 0 {
          // Between two members is the only place where a gzip file may end.
          if isBetweenMembers, source.error == nil { isDone = true } else { fail() }
          break
        }
        stream.pointee.next_in = chunk
        stream.pointee.avail_in = UInt32(truncatingIfNeeded: n)
      }
      if isBetweenMembers, !nextMember() { continue }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetweenMembers = true
      default: fail()
      }
    }
    return room - Int(stream.pointee.avail_out)
  }

  // Tapes and dd pad with zeros after the last member; anything else there is damage.
  private func nextMember() -> Bool {
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    guard stream.pointee.avail_in > 0 else { return false }
    isBetweenMembers = false
    inflateReset(stream)
    return true
  }

  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    nil
  }

  // Reading on in a gzip stream means inflating what comes before.
  func skip(to offset: Int) -> Bool {
    let sink = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.chunkSize)
    defer { sink.deallocate() }
    var left = offset
    while left > 0 {
      let n = read(into: sink, capacity: min(left, Self.chunkSize))
      if n == 0 { return false }
      left -= n
    }
    return true
  }
}
