import Bytes
import Glibc
import Testing

@testable import Mailboxes

@Suite struct `What comes through a pipe` {
  /// A pipe that holds a text and has no writer any more; the path leads to it.
  private func pipe(_ text: String) throws -> (path: [UInt8], descriptor: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    let bytes = Array(text.utf8)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    return (Array("/proc/self/fd/\(ends[0])".utf8), ends[0])
  }

  private func walk(_ path: [UInt8], _ spool: Spool, folder: String? = "/tmp") -> SourceList {
    SourceWalker.walk([path], pipes: SourceWalker.Pipes(spool, folder: folder))
  }

  @Test func `is a source like a file, as often as it is named`() throws {
    let spool = Spool()
    let p = try pipe("From a Mon Mar  2 10:00:00 2026\nFrom: a@b.example\n\nHello\n")
    defer { close(p.descriptor) }
    let first = try #require(walk(p.path, spool).sources.first)
    #expect(first.kind == .mbox && first.pipe == p.path && first.shownPath == p.path)
    #expect(first.path != p.path && first.folder.path.isEmpty)
    #expect(walk(p.path, spool, folder: nil).sources == [first])
    for _ in 0..<2 {
      let source = MessageSource(first)
      var count = 0
      while let batch = source.next() { count += batch.entries.count }
      #expect(count == 1 && source.summary.error == nil)
    }
  }

  @Test func `is not read where only what was read before counts`() throws {
    let p = try pipe("x")
    defer { close(p.descriptor) }
    #expect(walk(p.path, Spool(), folder: nil).missing.map(\.kind) == [.unreadPipe])
    #expect(SourceWalker.walk([p.path]).missing.map(\.kind) == [.notRegularFile])
    var byte: UInt8 = 0
    #expect(read(p.descriptor, &byte, 1) == 1)
  }

  @Test func `has to have room`() throws {
    let p = try pipe("x")
    defer { close(p.descriptor) }
    let error = try #require(walk(p.path, Spool(), folder: "/nowhere").missing.first)
    #expect(error.kind == .noRoom && error.path == p.path && error.reason.contains("TMPDIR"))
  }
}
