import Bytes
import CPlatform
import Glibc

/// A stream of bytes that is read once from its beginning to its end.
protocol ByteInput: AnyObject {
  /// Reads up to `capacity` bytes. 0 is the end, also after a failure (see ``error``).
  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int
  /// Reads bytes at an offset without moving the stream; nil when that cannot be done.
  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int?
  /// Begins at an offset instead of 0; only before the first read. False when that failed.
  func skip(to offset: Int) -> Bool
  /// Bytes can be read again at an offset.
  var isSeekable: Bool { get }
  /// What ended the stream before its time.
  var error: MailboxError? { get }
}

/// An open file or pipe.
final class FileInput: ByteInput {
  private let descriptor: Int32
  private let path: [UInt8]
  private let before: stat
  private(set) var error: MailboxError?
  let isSeekable: Bool

  /// Takes over an open descriptor.
  init(descriptor: Int32, path: [UInt8]) {
    self.descriptor = descriptor
    self.path = path
    var s = stat()
    isSeekable = fstat(descriptor, &s) == 0 && s.st_mode & S_IFMT == S_IFREG
    before = s
    if isSeekable { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
  }

  deinit { close(descriptor) }

  /// Size in bytes when it was opened.
  var size: Int { Int(before.st_size) }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    guard error == nil else { return 0 }
    while true {
      let n = Glibc.read(descriptor, destination, capacity)
      if n > 0 { return n }
      if n == 0 {
        noteChange()
        return 0
      }
      if errno == EINTR { continue }
      error = MailboxError(.system, path: path, errno: errno)
      return 0
    }
  }

  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    guard isSeekable else { return nil }
    var got = 0
    while got < capacity {
      let n = pread(descriptor, destination + got, capacity - got, off_t(offset + got))
      if n < 0, errno == EINTR { continue }
      if n <= 0 { break }
      got += n
    }
    return got
  }

  func skip(to offset: Int) -> Bool {
    lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset)
  }

  private func noteChange() {
    guard isSeekable else { return }
    var s = stat()
    guard fstat(descriptor, &s) == 0 else { return }
    if s.st_size != before.st_size || s.st_mtim.tv_sec != before.st_mtim.tv_sec
      || s.st_mtim.tv_nsec != before.st_mtim.tv_nsec
    {
      error = MailboxError(.changedWhileReading, path: path)
    }
  }
}

/// Bytes in memory, for tests and for messages cut out of others.
final class MemoryInput: ByteInput {
  private let bytes: [UInt8]
  private let step: Int
  private var at = 0
  let isSeekable: Bool
  var error: MailboxError? { nil }

  /// `step`: most bytes given by one read, to see what chunk borders do.
  init(_ bytes: [UInt8], step: Int = .max, isSeekable: Bool = true) {
    self.bytes = bytes
    self.step = max(1, step)
    self.isSeekable = isSeekable
  }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    let n = copy(from: at, into: destination, capacity: min(capacity, step))
    at += n
    return n
  }

  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    isSeekable ? copy(from: offset, into: destination, capacity: capacity) : nil
  }

  func skip(to offset: Int) -> Bool {
    at = max(0, min(offset, bytes.count))
    return at == offset
  }

  private func copy(from start: Int, into to: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    bytes.withByteView { all in
      let part = all.slice(start, start + min(capacity, all.count))
      if part.count > 0 { memcpy(to, part.base, part.count) }
      return part.count
    }
  }
}

/// Another input's bytes from its beginning, read without moving it.
final class PeekInput: ByteInput {
  private let input: any ByteInput
  private var at = 0
  var isSeekable: Bool { input.isSeekable }
  var error: MailboxError? { nil }

  /// `input`: one that can be peeked into.
  init(_ input: any ByteInput) { self.input = input }

  func read(into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
    let n = input.peek(at: at, into: destination, capacity: capacity) ?? 0
    at += n
    return n
  }

  func peek(at offset: Int, into destination: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    input.peek(at: offset, into: destination, capacity: capacity)
  }

  func skip(to offset: Int) -> Bool {
    at = offset
    return true
  }
}
