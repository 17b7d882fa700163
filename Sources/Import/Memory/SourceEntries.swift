import Ledger

/// What is known of the sources while a run reads them.
extension SourceMemory {
  /// One source of the run.
  struct Entry {
    var path: [UInt8]
    var found: [UInt8] = []
    var isFile = false
    var isMaildir = false
    var state: FileState?
    var known: KnownSource?
    var start = Start.whole
    var id: SourceID?
    var owner: WordID?
    var separators: [Int] = []
    var unread = 0
    var isDistrusted = false
  }

  /// A file of one message that an earlier run read: enough to see that it is the same.
  struct KnownFile {
    var id: SourceID
    var inode: Int64
    var size: Int64
    var modified: Int64
    var isCurrent: Bool
    var owner: WordID?
    var isSeen = false
  }

  /// A file of one message that this run reads.
  struct ReadFile {
    var path: [UInt8]
    var state: FileState
    var owner: WordID?
    var old: SourceID?
    var id: SourceID?
  }
}
