import Bytes
import CPlatform
import Glibc
import JSONText

/// One line of facts.
struct FactLine {
  /// Its number, from 1.
  var number: Int
  /// The round's letter.
  var round: FactRound
  /// The key: 32 hexadecimal digits.
  var key: ByteView
  /// The JSON text.
  var json: ByteView
}

/// Reads lines of facts. What a line holds is valid until the next one is read.
final class FactInput {
  private let descriptor: Int32
  private let window = ByteBuffer(capacity: 1 << 20)
  private var start = 0
  private var number = 0
  private var isAtEnd = false
  private static let longest = 300 << 20
  private static let keyLength = 34

  /// Facts that are open under a number.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// What a message begins with.
  static func place(_ line: Int) -> String { "standard input, line \(line)" }

  /// The next line, or nil at the end.
  ///
  /// - Throws: ``RunError`` 65 for a line that is no fact, 74 where reading fails.
  func next() throws -> FactLine? {
    var searched = start
    while true {
      if let end = window.view.firstIndex(of: ASCII.lf, from: searched) {
        let line = window.view.slice(start, end)
        start = end + 1
        number += 1
        return try parse(line)
      }
      searched = window.count
      if isAtEnd {
        if start == window.count { return nil }
        throw Self.damaged(number + 1, "it has no end, so the facts were cut off")
      }
      if window.count - start > Self.longest { throw Self.damaged(number + 1, "it is too long") }
      searched -= start
      window.discardPrefix(start)
      start = 0
      try fill()
    }
  }

  private func fill() throws {
    let count = 1 << 20
    while true {
      let n = read(descriptor, window.reserve(count), count)
      if n < 0, errno == EINTR { continue }
      if n < 0 {
        throw RunError(.ioError, "standard input: read failed: \(String(cString: strerror(errno)))")
      }
      window.advance(by: n)
      isAtEnd = n == 0
      return
    }
  }

  private func parse(_ line: ByteView) throws -> FactLine {
    guard let round = FactRound(rawValue: line[0]), line[1] == 58, line.count > Self.keyLength,
      line[Self.keyLength] == 9, Digest(hex: line.slice(2, Self.keyLength)) != nil
    else {
      throw Self.damaged(number, "it does not begin with a key (a:, 32 hexadecimal digits, a tab)")
    }
    return FactLine(
      number: number, round: round, key: line.slice(2, Self.keyLength),
      json: line.from(Self.keyLength + 1))
  }

  /// The error about a line that is damaged.
  static func damaged(_ line: Int, _ what: String) -> RunError {
    RunError(
      .badSource, "\(place(line)): no fact of winnow map: \(what); nothing was published")
  }
}

/// Reads the JSON of lines, and holds each against the run.
final class FactDecoder {
  private let document = JSONDocument()
  /// What was decoded from base64 of the fact read last.
  private let scratch = ByteBuffer(capacity: 256)
  private let config: String
  /// The run's present time; that of the first fact which has one where nothing else says it.
  private(set) var now: Int64?

  /// A decoder for a run's facts.
  init(_ header: FactHeader) {
    config = header.config
    now = header.now
  }

  /// Reads a line; what is given back holds until the next one is read.
  ///
  /// - Throws: ``RunError`` 65 for a damaged line, 78 for one of another run.
  func read(_ json: ByteView, line: Int) throws -> Fact {
    document.read(json)
    guard let root = document.root, root.kind == .object, document.faults.isEmpty else {
      let fault = document.faults.last
      throw FactInput.damaged(
        line, fault.map { "\($0.message) (byte \($0.offset) of its JSON)" } ?? "no JSON object")
    }
    var fact: Fact?
    var hasHeader = (false, false)
    for (key, value) in root.members {
      if key.bytes.equals("v") {
        hasHeader.0 = true
        try check(version: value, line)
      } else if key.bytes.equals("config") {
        hasHeader.1 = true
        try check(config: value, line)
      } else if key.bytes.equals("now") {
        try check(now: value, line)
      } else if value.kind == .object {
        fact = Fact(kind: key.bytes, value: value, line: line, decoder: self)
      }
    }
    guard let fact, hasHeader == (true, true) else {
      throw FactInput.damaged(line, "v, config or the fact itself is missing")
    }
    return fact
  }

  private func check(version: JSONValue, _ line: Int) throws {
    if version.int == FactHeader.version { return }
    throw RunError(
      .configuration,
      "\(FactInput.place(line)): facts of version \(version.literal.string), this winnow reads version \(FactHeader.version): run map and reduce of one version"
    )
  }

  private func check(config value: JSONValue, _ line: Int) throws {
    if value.kind == .string, config.withByteView(value.bytes.equals) { return }
    throw RunError(
      .configuration,
      "\(FactInput.place(line)): these facts were made with another configuration, other lists or other options (\(Plain.line(value.string ?? "")), this run: \(config)): give map and reduce the same --config, lists, --from, --to and --user"
    )
  }

  private func check(now value: JSONValue, _ line: Int) throws {
    guard let seconds = value.int.map(Int64.init) else { return }
    guard let now else { return now = seconds }
    if now == seconds { return }
    throw RunError(
      .configuration,
      "\(FactInput.place(line)): these facts were made for \(TimePoint.rfc3339(seconds)), this run is for \(TimePoint.rfc3339(now)): give map and reduce the same --now"
    )
  }

  /// One fact.
  struct Fact {
    /// What kind of fact it is.
    let kind: ByteView
    fileprivate let value: JSONValue
    let line: Int
    fileprivate let decoder: FactDecoder

    /// Gives its fields to `body`; throws ``RunError`` 65 where they cannot be.
    func walk<T>(_ body: (inout FactJSONReader) -> T) throws -> T {
      decoder.scratch.removeAll()
      var reader = FactJSONReader(value, scratch: decoder.scratch)
      let result = body(&reader)
      if reader.isDamaged {
        throw FactInput.damaged(
          line, "a field of \"\(Plain.line(kind.string))\" is not what it must be")
      }
      return result
    }

    /// The error about an item of which the source said nothing.
    var unknown: RunError { FactSources.unknown(line) }

    /// The error about a fact that stands where it cannot.
    var misplaced: RunError {
      FactInput.damaged(line, "\"\(Plain.line(kind.string))\" does not stand in this round")
    }
  }
}
