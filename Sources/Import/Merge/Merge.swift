/// What items of a run say together: a value that the same facts give in any order, however they
/// are shared out, and also where some of them come twice.
///
/// ``combine(_:)`` is associative, commutative and idempotent: parts of a run may each put one
/// together, and the parts are put together afterwards.
protocol Merge {
  /// Takes in what another part of the same run found out.
  mutating func combine(_ other: Self)
}

/// Where an item stands in a run: its file in the order in which the sources are read, and its
/// number in that file, which rises with its byte offset. No counter: the same in every process
/// that has the same sources.
package struct ItemPosition: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The file's number in the order of reading; see ``PathTable``.
  let file: UInt32
  /// The item's number in its file, from 0.
  let index: UInt32

  /// A position; numbers beyond 32 bits count as the last.
  package init(file: Int, index: Int) {
    self.file = UInt32(clamping: file)
    self.index = UInt32(clamping: index)
  }

  package static func < (a: ItemPosition, b: ItemPosition) -> Bool {
    a.file != b.file ? a.file < b.file : a.index < b.index
  }
}
