import Bytes
import Rules

/// What every line of facts says of the run that it belongs to: facts of different runs are not put
/// together.
struct FactHeader: Equatable {
  /// The form of the facts.
  static let version = 1
  /// Over everything that facts follow from beside the sources; 16 hexadecimal digits.
  var config: String
  /// The present time of the run, seconds since 1970; nil where nothing asked for it.
  var now: Int64?

  /// The header of a run.
  ///
  /// - Throws: ``RunError`` 78 for a list that cannot be read any more.
  init(_ setup: RunSetup, _ options: ImportOptions) throws {
    let hash = SHA256()
    func add(_ text: String) {
      text.withByteView { hash.update($0) }
      hash.update(byte: 0)
    }
    add(setup.configDigest?.hex() ?? "")
    for path in setup.listPaths {
      guard let digest = Fingerprint.of(path, whole: true)?.whole else {
        throw RunError(.configuration, "\(Plain.line(path)): cannot be read any more")
      }
      add(digest.hex())
    }
    let zone = setup.config.organization.timeZone
    for time in [options.from?.start(zone: zone), options.to?.end(zone: zone)] {
      add(time.map { "\($0)" } ?? "")
    }
    add(options.user ?? "")
    config = hash.finish().hex(bytes: 8)
    now = options.now.map { $0.start(zone: zone) }
  }

  /// The beginning of the JSON of each line, up to the fact.
  func append(to out: ByteBuffer) {
    out.append("{\"v\":")
    out.append(decimal: Self.version)
    out.append(",\"config\":\"")
    out.append(string: config)
    out.append("\",\"now\":")
    if let now { out.append(decimal: Int(now)) } else { out.append("null") }
    out.append(44)
  }
}

/// The rounds of a run over facts, by the letters that their keys begin with.
enum FactRound: UInt8 {
  /// What every part must know: sources, leads, lists' own addresses, versions of meetings.
  case leads = 97
  /// Mails by what is in them, meetings by UID.
  case items = 98
}

/// Writes facts, one a line: key, tab, JSON.
struct FactLines {
  private let start = ByteBuffer(capacity: 128)
  private let hash = SHA256()
  private let text = ByteBuffer(capacity: 256)

  /// Lines of a run.
  init(_ header: FactHeader) { header.append(to: start) }

  /// Appends a line.
  ///
  /// - Parameters:
  ///   - key: What it is grouped by.
  ///   - kind: What kind of fact it is.
  ///   - body: Writes its fields.
  func append(
    _ round: FactRound, _ key: Digest, _ kind: StaticString, to out: ByteBuffer,
    _ body: (inout FactJSONWriter) -> Void
  ) {
    out.append(round.rawValue)
    out.append(58)
    key.appendHex(to: out, bytes: 16)
    out.append(9)
    out.append(start.view)
    out.append(34)
    out.append(kind)
    out.append("\":{")
    var c = FactJSONWriter(out)
    body(&c)
    out.append("}}\n")
  }

  /// The key of what is grouped by a text.
  func key(_ texts: ByteView...) -> Digest {
    text.removeAll()
    for t in texts {
      text.append(t)
      text.append(0)
    }
    return hash.digest(text.view)
  }
}

/// Names a source in facts: eight hexadecimal digits of its rank, sixteen of its path.
struct SourceName: Hashable {
  /// The text.
  let text: String

  /// The name of a source.
  init(rank: Int, path: String) {
    let out = ByteBuffer(capacity: 32)
    var rank = UInt32(clamping: rank).bigEndian
    withUnsafeBytes(of: &rank) { bytes in
      for byte in bytes {
        for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 48 + digit : 87 + digit) }
      }
    }
    path.withByteView { SHA256.digest($0).appendHex(to: out, bytes: 8) }
    text = out.string
  }
}
