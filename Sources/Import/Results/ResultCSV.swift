import Bytes
import CSVText
import Glibc

/// The CSV files of a result, read back.
package enum ResultCSV {
  /// A reader of what winnow wrote: cells parted by commas, records as long as it writes them.
  package static func reader(_ descriptor: Int32) -> CSVReader {
    CSVReader(delimiter: 44, longest: LineReader.longest) { target, room in
      while true {
        let n = read(descriptor, target, room)
        if n >= 0 || errno != EINTR { return n }
      }
    }
  }
}
