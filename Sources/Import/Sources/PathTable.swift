import Bytes

/// Numbers the files of a run in the order in which their items come, which is the order of
/// reading; so that the place of an item takes eight bytes. A name takes its length and some twelve
/// bytes.
final class PathTable {
  private var names = RowStore<TextStore.Place>()
  private let texts = TextStore()
  private var source = -1
  private var last = -1

  /// The number of the file that an item lies in: another one where the file is not the last one's.
  func number(source: Int, path: ByteView) -> Int {
    if last >= 0, source == self.source, names[last].map({ texts[$0].equals(path) }) == true {
      return last
    }
    self.source = source
    last = names.count
    names.append(texts.add(path))
    return last
  }

  /// The path of a file.
  func name(of file: Int) -> String { names[file].map { texts[$0].string } ?? "" }

  /// `path#index`.
  func name(of file: Int, index: Int) -> String { "\(name(of: file))#\(index)" }
}
