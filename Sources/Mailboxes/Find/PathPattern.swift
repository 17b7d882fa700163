import Bytes
import Glibc

/// A path with `~`, `?`, `*` and `**`, as the configuration writes it, on bytes.
///
/// `?` is one byte, `*` any bytes within a name, `**` any number of directories. A pattern does
/// not match a name that begins with a dot unless its own part does.
public struct PathPattern {
  /// What stands before the first part with a wildcard; the whole path when there is none.
  let root: [UInt8]
  /// The parts from the first wildcard on.
  let parts: [[UInt8]]

  init(_ text: [UInt8]) {
    let path = Self.expandHome(text)
    var pieces = path.split(separator: 47, omittingEmptySubsequences: true).map(Array.init)
    let isAbsolute = path.first == 47
    let first = pieces.firstIndex { $0.contains(42) || $0.contains(63) }
    guard let first else {
      root = path
      parts = []
      return
    }
    parts = Array(pieces[first...])
    pieces.removeSubrange(first...)
    let lead: [UInt8] = isAbsolute ? [47] : []
    root = lead + Array(pieces.joined(separator: [47]))
  }

  private static func expandHome(_ text: [UInt8]) -> [UInt8] {
    guard text.first == 126, text.count == 1 || text[1] == 47, let home = getenv("HOME") else {
      return text
    }
    let base = Array(UnsafeBufferPointer(start: home, count: strlen(home)))
    return base.map(UInt8.init(bitPattern:)) + text.dropFirst()
  }

  /// The files that a path or pattern names, in byte order; empty when there are none.
  public static func files(_ path: [UInt8]) -> [[UInt8]] {
    let pattern = PathPattern(path)
    if case .success(let entry) = Directory.status(pattern.parts.isEmpty ? pattern.root : path) {
      return entry.type == .file ? [pattern.parts.isEmpty ? pattern.root : path] : []
    }
    guard !pattern.parts.isEmpty else { return [] }
    return pattern.expand(depth: SourceWalker.maximumDepth).paths.map {
      $0.reduce(pattern.root, Directory.join)
    }
  }

  /// Linear-time wildcard match of one name: on a mismatch only the last `*` is tried again.
  static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    if name.first == 46, pattern.first != 46 { return false }
    return pattern.withByteView { p in
      name.withByteView { n in
        var i = 0
        var j = 0
        var star = -1
        var mark = 0
        while j < n.count {
          if i < p.count, p[i] == 42 {
            star = i
            mark = j
            i += 1
          } else if i < p.count, p[i] == n[j] || p[i] == 63 {
            i += 1
            j += 1
          } else if star >= 0 {
            mark += 1
            i = star + 1
            j = mark
          } else {
            return false
          }
        }
        while i < p.count, p[i] == 42 { i += 1 }
        return i == p.count
      }
    }
  }

  /// The paths below ``root`` that match, in byte order, and what could not be listed.
  func expand(depth limit: Int) -> (paths: [[[UInt8]]], errors: [MailboxError]) {
    var found: [[[UInt8]]] = []
    var seen: Set<[[UInt8]]> = []
    var errors: [MailboxError] = []
    // Each place to look at: the directory's names below the root and the parts still to match.
    var waiting: [(relative: [[UInt8]], part: Int)] = [([], 0)]
    var visited: Set<Visit> = []
    while let (relative, part) = waiting.popLast() {
      guard visited.insert(Visit(relative: relative, part: part)).inserted else { continue }
      guard relative.count <= limit else {
        errors.append(MailboxError(.tooDeep, path: relative.reduce(root, Directory.join)))
        continue
      }
      let isDeep = parts[part] == [42, 42]
      let isLast = part == parts.count - 1
      switch Directory.list(root: root, relative: relative) {
      case .failure(let e): errors.append(e)
      case .success(let entries):
        if isDeep, !isLast { waiting.append((relative, part + 1)) }
        for e in entries {
          let isHit = isDeep ? e.name.first != 46 : Self.matches(parts[part], e.name)
          guard isHit else { continue }
          let path = relative + [e.name]
          if isLast, !isDeep || e.type == .file {
            if seen.insert(path).inserted { found.append(path) }
          }
          if e.type == .directory {
            if isDeep { waiting.append((path, part)) }
            if !isDeep, !isLast { waiting.append((path, part + 1)) }
          }
        }
      }
    }
    found.sort { Self.precedes($0, $1) }
    return (found, errors)
  }

  private struct Visit: Hashable {
    var relative: [[UInt8]]
    var part: Int
  }

  static func precedes(_ a: [[UInt8]], _ b: [[UInt8]]) -> Bool {
    a.lexicographicallyPrecedes(b) { $0.lexicographicallyPrecedes($1) }
  }
}
