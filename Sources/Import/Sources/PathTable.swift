import Bytes

/// The names of the files of a run, for naming a mail by its place. A name takes its length and some
/// twelve bytes.
final class PathTable: @unchecked Sendable {
  private let monitor = Monitor()
  @exclusivity(unchecked) private var names = RowStore<TextStore.Place>()
  private let texts = TextStore()

  /// Adds files and returns the first one's number; the others follow.
  func add(_ more: [String]) -> Int {
    monitor.locked {
      let first = names.count
      for name in more { name.withByteView { names.append(texts.add($0)) } }
      return first
    }
  }

  /// The path of a file.
  func name(of file: Int) -> String {
    monitor.locked { names[file].map { texts[$0].string } ?? "" }
  }

  /// `path#index`.
  func name(of file: Int, index: Int) -> String {
    monitor.locked { names[file].map { "\(texts[$0].string)#\(index)" } ?? "#\(index)" }
  }
}
