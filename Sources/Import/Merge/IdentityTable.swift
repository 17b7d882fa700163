import Bytes

/// Which mail was kept under each identity, of several the first by its position, and how many bear
/// a Message-ID that another one has: 32 bytes a kept mail and 11 to 22 for the two indexes, at any
/// moment, growing included.
struct IdentityTable: Merge {
  private struct Kept: BitwiseCopyable {
    var identity: (UInt64, UInt64)
    var messageID: UInt64
    var position: ItemPosition
  }

  private var rows = RowStore<Kept>()
  private var byIdentity = RowIndex()
  private var byMessageID = RowIndex()
  private var withMessageID = 0

  /// Number of kept mails.
  var count: Int { rows.count }
  /// Bytes set aside.
  var footprint: Int { rows.footprint + byIdentity.footprint + byMessageID.footprint }

  /// Where the first mail with this identity lay, or nil.
  func find(_ id: (UInt64, UInt64)) -> ItemPosition? {
    row(id).flatMap { rows[$0]?.position }
  }

  private func row(_ id: (UInt64, UInt64)) -> Int? {
    byIdentity.find(id.0, where: { rows[$0].map { $0.identity == id } ?? false })
  }

  /// Kept mails whose Message-ID another kept mail bears, too, but for one of each.
  var reusedMessageIDs: Int { withMessageID - byMessageID.count }

  /// Asks for the memory that the mails of a batch's facts will be looked for in: all at once,
  /// instead of waiting for it at each of them. Puts the hashes of their Message-IDs into `hashes`.
  func expect(_ facts: ByteView, _ hashes: ReusedList<UInt64>) {
    hashes.removeAll()
    byIdentity.withHomes { identities in
      byMessageID.withHomes { messageIDs in
        MailFact.forEach(in: facts) {
          identities.expect($0)
          let hash = Self.hash(messageID: $1)
          hashes.append(hash)
          messageIDs.expect(hash)
        }
      }
    }
  }

  /// The hash that mails are looked for under by their Message-ID; 0 for none. It means something
  /// in this process only.
  static func hash(messageID: ByteView) -> UInt64 {
    messageID.isEmpty ? 0 : ByteHash.hash(messageID) | 1
  }

  /// Declares a kept mail whose identity is new.
  ///
  /// - Parameter messageID: See ``hash(messageID:)``; spread over all 64 bits.
  /// - Returns: True when a mail kept before bears the same Message-ID.
  mutating func insert(
    _ id: (UInt64, UInt64), messageID: UInt64, _ position: ItemPosition
  ) -> Bool {
    let number = rows.count
    rows.append(Kept(identity: id, messageID: messageID, position: position))
    if byIdentity.isFull(for: number) { growByIdentity(number) }
    byIdentity.insert(id.0, number)
    guard messageID != 0 else { return false }
    withMessageID += 1
    if byMessageID.find(messageID, where: { rows[$0]?.messageID == messageID }) != nil {
      return true
    }
    if byMessageID.isFull(for: number) { growByMessageID(number) }
    byMessageID.insert(messageID, number)
    return false
  }

  /// Takes in a kept mail whose identity may be known: then the one that stands first is kept.
  mutating func add(_ id: (UInt64, UInt64), messageID: UInt64, _ position: ItemPosition) {
    if combine(Kept(identity: id, messageID: messageID, position: position)) {
      growByMessageID(rows.count)
    }
  }

  /// Takes in the mails that another part of the run kept.
  mutating func combine(_ other: IdentityTable) {
    var isStale = false
    for i in 0..<other.rows.count {
      if let row = other.rows[i], combine(row) { isStale = true }
    }
    if isStale { growByMessageID(rows.count) }
  }

  // True when the index of Message-IDs does not say any more what the rows say.
  private mutating func combine(_ new: Kept) -> Bool {
    guard let i = row(new.identity), let known = rows[i] else {
      _ = insert(new.identity, messageID: new.messageID, new.position)
      return false
    }
    guard new.position < known.position else { return false }
    rows.replace(i, new)
    if new.messageID == known.messageID { return false }
    withMessageID += (new.messageID == 0 ? 0 : 1) - (known.messageID == 0 ? 0 : 1)
    return true
  }

  private mutating func growByIdentity(_ count: Int) {
    let rows = rows
    byIdentity.grow(rows: count, hash: { rows[$0]?.identity.0 })
  }

  private mutating func growByMessageID(_ count: Int) {
    let rows = rows
    byMessageID.grow(
      rows: count, hash: { i in rows[i].flatMap { $0.messageID == 0 ? nil : $0.messageID } },
      isSame: { rows[$0]?.messageID == rows[$1]?.messageID })
  }
}

/// A set of SHA-256 digests by their first eight bytes, 13 to 19 bytes each. Two files that share
/// these bytes count as one.
struct DigestSet {
  private var rows = RowStore<UInt64>()
  private var index = RowIndex()

  /// Bytes set aside.
  var footprint: Int { rows.footprint + index.footprint }

  /// Number of digests.
  var count: Int { rows.count }

  /// True for a digest whose first eight bytes, in big-endian order, are `word`.
  func contains(_ word: UInt64) -> Bool {
    index.find(word, where: { rows[$0] == word }) != nil
  }

  /// Adds a digest by its first eight bytes, in big-endian order.
  mutating func insert(_ word: UInt64) {
    if contains(word) { return }
    if index.isFull(for: rows.count) {
      let rows = rows
      index.grow(rows: rows.count, hash: { rows[$0] })
    }
    index.insert(word, rows.count)
    rows.append(word)
  }
}
