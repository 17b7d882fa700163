import Bytes

/// How many mails each user sent under addresses that nobody lists.
struct SentAsTally {
  private struct Sender: Hashable {
    var user: Int
    var address: [UInt8]
  }

  private var mails = BoundedCounts<Sender>()

  /// Adds a mail of a user, by their position in the plan.
  mutating func add(_ address: ByteView, by user: Int) {
    mails.add(Sender(user: user, address: address.array))
  }

  /// For each user the addresses with their numbers of mails, most first.
  var users: [(user: Int, addresses: [(address: String, mails: Int)])] {
    Dictionary(grouping: mails.counts, by: \.key.user).sorted { $0.key < $1.key }.map {
      user, list in
      let all = list.map {
        (address: String(decoding: $0.key.address, as: UTF8.self), mails: $0.value)
      }
      return (user, all.sorted { ($1.mails, $0.address) < ($0.mails, $1.address) })
    }
  }
}
