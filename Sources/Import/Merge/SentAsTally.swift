import Bytes

/// How many mails each user sent under addresses that nobody lists. Adding is associative and
/// commutative, so that the order of mail does not show.
struct SentAsTally {
  private struct Sender: Hashable {
    var user: Int
    var address: [UInt8]
  }

  private var counts: [Sender: Int] = [:]
  // A flood of made-up addresses costs no memory: beyond these they only count.
  private static let limit = 10_000
  private var others: [Int: Int] = [:]

  /// Adds a mail of a user, by their position in the plan.
  mutating func add(_ address: ByteView, by user: Int) {
    let sender = Sender(user: user, address: address.array)
    if counts[sender] != nil || counts.count < Self.limit {
      counts[sender, default: 0] += 1
    } else {
      others[user, default: 0] += 1
    }
  }

  /// For each user the addresses with their numbers of mails, most first.
  var users: [(user: Int, addresses: [(address: String, mails: Int)])] {
    Dictionary(grouping: counts, by: \.key.user).sorted { $0.key < $1.key }.map { user, list in
      let all = list.map {
        (address: String(decoding: $0.key.address, as: UTF8.self), mails: $0.value)
      }
      return (user, all.sorted { ($1.mails, $0.address) < ($0.mails, $1.address) })
    }
  }
}
