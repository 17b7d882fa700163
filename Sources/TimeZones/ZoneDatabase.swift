public import Bytes
import CPlatform
import Glibc
import Synchronization

/// The system's time zone database: TZif files in a folder, one for each IANA name.
///
/// Names come from calendars, so they are checked before anything is opened: only letters, digits,
/// `+`, `-`, `_` and `/`, and the file must really lie in the folder, whatever links say. Shared
/// between threads; each zone is read once.
public final class ZoneDatabase: Sendable {
  /// The folder, without links; nil where there is none (then only UTC is known).
  public let folder: String?
  private let known = Mutex<[String: Zone?]>([:])

  /// The database in `folder`, or the system's: `$TZDIR`, else the first usual place.
  public init(folder: String? = nil) {
    var places: [String] = []
    if let folder {
      places = [folder]
    } else if let dir = getenv("TZDIR"), dir.pointee != 0 {
      places = [String(cString: dir)]
    } else {
      places = [
        "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
      ]
    }
    self.folder = places.lazy.compactMap(Self.realPath).first
  }

  /// The one of the system.
  public static let system = ZoneDatabase()

  /// The zone with this IANA name (`Europe/Berlin`, case matters), or nil where the name is not
  /// one, the database lacks it, or its file is damaged.
  public func zone(named name: ByteView) -> Zone? {
    guard Self.isName(name) else { return nil }
    for s in ["UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu"] as [StaticString] {
      if name.equals(s) { return .utc }
    }
    let id = name.string
    if let z = known.withLock({ $0[id] }) { return z }
    let zone = read(id).flatMap { bytes -> Zone? in
      do throws(ZoneError) { return try Zone(id: id, tzif: bytes) } catch { return nil }
    }
    known.withLock {
      // Names that do not exist are without number.
      if zone != nil || $0.count < 4096 { $0[id] = .some(zone) }
    }
    return zone
  }

  /// The zone with this IANA name, or nil; see ``zone(named:)-(ByteView)``.
  public func zone(named name: String) -> Zone? { name.withByteView { zone(named: $0) } }

  /// True where the name could be one of the database and can do no harm as a path.
  static func isName(_ name: ByteView) -> Bool {
    guard name.count >= 1, name.count <= 64, ASCII.isLetter(name[0]) else { return false }
    var last: UInt8 = 0
    for i in 0..<name.count {
      let c = name[i]
      guard
        ASCII.isAlphanumeric(c) || c == UInt8(ascii: "+") || c == UInt8(ascii: "-")
          || c == UInt8(ascii: "_") || (c == UInt8(ascii: "/") && last != c)
      else { return false }
      last = c
    }
    // The same zones again, counted with leap seconds.
    return last != UInt8(ascii: "/") && !name.hasPrefix("right/")
  }

  private static func realPath(_ path: String) -> String? {
    guard let p = realpath(path, nil) else { return nil }
    defer { free(p) }
    return String(cString: p)
  }

  private func read(_ id: String) -> [UInt8]? {
    guard let folder, let path = Self.realPath(folder + "/" + id),
      path.hasPrefix(folder + "/")
    else { return nil }
    // A pipe put there must not hold us up.
    let fd = cplatform_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var status = stat()
    guard fstat(fd, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      status.st_size <= TZifTable.maximumBytes
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let n = bytes.withUnsafeMutableBytes {
        Glibc.read(fd, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return nil }
      filled += n
    }
    return bytes
  }
}
