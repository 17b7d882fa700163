import Bytes
import Records

/// Facts of mails, and the turns of calendars among them, that wait in a file without a name until
/// the whole run is known.
struct WaitingFacts {
  /// False where only the order is kept: nothing of the run may capture a lead.
  let collects: Bool
  private let folder: String
  private var file: OutputFile?
  private let mark = ByteBuffer(capacity: 16)
  // What stands where a mail's fact has its reason.
  private static let calendarMark: UInt8 = 254

  /// - Parameter collects: True when something is only known once every item was read.
  init(folder: String, collects: Bool) throws {
    self.folder = folder
    self.collects = collects
    if collects { try open() }
  }

  /// True where everything has to wait.
  var isOpen: Bool { file != nil }

  /// From now on everything waits.
  mutating func open() throws {
    if file == nil { file = try OutputFile(temporaryIn: folder) }
  }

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
