import Bytes
import Records

/// Facts of mails, and the turns of calendars among them, that wait in a file without a name until
/// the whole run is known.
struct WaitingFacts {
  /// True where leads are looked for in what waits.
  let collects: Bool
  private var file: OutputFile?
  private let mark = ByteBuffer(capacity: 16)
  // What stands where a mail's fact has its reason.
  private static let calendarMark: UInt8 = 254

  /// - Parameters:
  ///   - folder: Where the file is made.
  ///   - waits: False where nothing has to wait.
  ///   - collects: True where leads are looked for in what waits.
  init(folder: String, waits: Bool, collects: Bool) throws {
    self.collects = collects
    if waits { file = try OutputFile(temporaryIn: folder) }
  }

  /// True where everything has to wait.
  var isOpen: Bool { file != nil }

  /// Adds the facts of a batch, where they wait.
  func add(_ facts: ByteView) throws { try file?.write(facts) }

  /// Adds a calendar's turn; false where nothing waits.
  func add(calendar number: Int) throws -> Bool {
    guard let file else { return false }
    mark.removeAll()
    let w = FactWriter(out: mark)
    let at = w.open()
    w.u8(Self.calendarMark)
    w.u32(number)
    w.close(at)
    try file.write(mark.view)
    return true
  }

  /// The file, to be read from its beginning; from now on nothing waits any more.
  mutating func take() throws -> OutputFile? {
    guard let file else { return nil }
    self.file = nil
    try file.rewind()
    return file
  }

  /// What waits.
  enum Item {
    /// A mail's fact, with its length before it.
    case mail(ByteView)
    /// The turn of the calendar with this number.
    case calendar(Int)
  }

  /// Calls `body` with everything in the file, in order; views live until it returns.
  static func forEach(in file: OutputFile, _ body: (Item) throws -> Void) throws {
    let window = ByteBuffer(capacity: 4 << 20)
    var start = 0
    while true {
      // Everything from `start` on is unread; facts begin with their length.
      let view = window.view.from(start)
      var peek = FactReader(view)
      let length = view.count >= 4 ? peek.u32() + 4 : Int.max
      if length <= view.count {
        if view[4] == calendarMark {
          var reader = FactReader(view.slice(5, length))
          try body(.calendar(reader.u32()))
        } else {
          try body(.mail(view.prefix(length)))
        }
        start += length
        continue
      }
      window.discardPrefix(start)
      start = 0
      if try file.read(1 << 20, into: window) == 0 { return }
    }
  }
}
