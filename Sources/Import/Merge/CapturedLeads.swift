import Bytes
import Rules

/// The leads that this run brings in: a set that does not depend on the order of the items.
///
/// Of the items that name an address the earliest-dated one counts (without a date last), among
/// equal dates the first in source order; the name comes from the earliest item that has one. An
/// item says one thing of an address, so date and position tell two sightings of it apart.
///
/// A lead takes 75 bytes at most and its texts; a list's address 19 and itself.
final class CapturedLeads: Merge {
  /// One captured address. Its texts live until the lead changes.
  struct Lead {
    var key: ByteView
    var date: Int64
    var messageID: ByteView
    var user: Int
    var origin: LeadOrigin
    var name: ByteView
  }

  /// What one item says of an address that it makes a lead.
  struct Sighting {
    /// The comparison key of the address.
    var key: ByteView
    /// The display name, or empty.
    var name: ByteView
    /// When, in seconds since 1970; Int64.max where nobody knows.
    var date: Int64
    /// Message-ID of the mail, UID of the meeting.
    var messageID: ByteView
    /// Position of the owner in the plan.
    var user: Int
    /// Where the address stood.
    var origin: LeadOrigin
    /// Where the item stands.
    var position: ItemPosition
  }

  /// What all items of a part of a run say of an address.
  struct Sum {
    /// The first of them, but for the name, which another one may have given.
    var first: Sighting
    /// That item's date and place.
    var nameDate: Int64
    var namePosition: ItemPosition
    /// A mail is among them.
    var isFromMail: Bool
  }

  private struct Row: BitwiseCopyable {
    var date: Int64
    var position: ItemPosition
    var nameDate: Int64
    var namePosition: ItemPosition
    var key: TextStore.Place
    var messageID: TextStore.Place
    var name: TextStore.Place
    var user: Int32
    var origin: LeadOrigin
    var isFromMail: Bool
    var isWritten = false
  }

  private let texts = TextStore()
  private var rows = RowStore<Row>()
  private var index = RowIndex()
  private var lists = RowStore<TextStore.Place>()
  private var listIndex = RowIndex()

  /// Number of leads, written or not.
  var count: Int { rows.count }
  /// Bytes set aside.
  var footprint: Int {
    texts.footprint + rows.footprint + index.footprint + lists.footprint + listIndex.footprint
  }

  /// Takes in one item's view of an address.
  func add(_ v: Sighting) {
    let hash = ByteHash.hash(v.key)
    if let i = row(v.key, hash) {
      merge(v, into: i)
      return
    }
    append(
      Row(
        date: v.date, position: v.position, nameDate: v.date, namePosition: v.position,
        key: texts.add(v.key), messageID: texts.add(v.messageID), name: texts.add(v.name),
        user: Int32(clamping: v.user), origin: v.origin,
        isFromMail: v.origin.direction != nil), hash)
  }

  private func append(_ row: Row, _ hash: UInt64) {
    if index.isFull(for: rows.count) {
      index.grow(rows: rows.count, hash: { i in rows[i].map { ByteHash.hash(texts[$0.key]) } })
    }
    index.insert(hash, rows.count)
    rows.append(row)
  }

  private func row(_ key: ByteView, _ hash: UInt64) -> Int? {
    index.find(hash, where: { i in rows[i].map { texts[$0.key].equals(key) } ?? false })
  }

  private func merge(_ v: Sighting, into i: Int) {
    guard var row = rows[i] else { return }
    let isEarlier = Self.isEarlier(v.date, v.position, than: row.date, row.position)
    let hasBetterName = isBetter(v.name, v.date, v.position, than: row)
    let isFirstMail = v.origin.direction != nil && !row.isFromMail
    guard isEarlier || hasBetterName || isFirstMail else { return }
    if isFirstMail { row.isFromMail = true }
    if isEarlier {
      row.date = v.date
      row.position = v.position
      texts.replace(&row.messageID, with: v.messageID)
      row.user = Int32(clamping: v.user)
      row.origin = v.origin
    }
    if hasBetterName {
      texts.replace(&row.name, with: v.name)
      row.nameDate = v.date
      row.namePosition = v.position
    }
    rows.replace(i, row)
  }

  private static func isEarlier(
    _ date: Int64, _ position: ItemPosition, than otherDate: Int64, _ other: ItemPosition
  ) -> Bool {
    date != otherDate ? date < otherDate : position < other
  }

  private func isBetter(
    _ name: ByteView, _ date: Int64, _ position: ItemPosition, than row: Row
  ) -> Bool {
    !name.isEmpty
      && (texts[row.name].isEmpty
        || Self.isEarlier(date, position, than: row.nameDate, row.namePosition))
  }

  /// Takes in the leads and the lists of another part of the run.
  func combine(_ other: CapturedLeads) {
    other.forEachSum { add($0) }
    for i in 0..<other.rows.count {
      if let row = other.rows[i], row.isWritten {
        let key = other.texts[row.key]
        if let known = self.row(key, ByteHash.hash(key)) { markWritten(known) }
      }
    }
    other.forEachList { addList($0) }
  }

  /// Takes in what another part of the run says of an address.
  func add(_ sum: Sum) {
    let first = sum.first
    let hash = ByteHash.hash(first.key)
    guard let i = row(first.key, hash), var known = rows[i] else {
      add(first)
      guard let i = row(first.key, hash), var row = rows[i] else { return }
      row.nameDate = sum.nameDate
      row.namePosition = sum.namePosition
      row.isFromMail = sum.isFromMail
      return rows.replace(i, row)
    }
    known.isFromMail = known.isFromMail || sum.isFromMail
    if Self.isEarlier(first.date, first.position, than: known.date, known.position) {
      known.date = first.date
      known.position = first.position
      texts.replace(&known.messageID, with: first.messageID)
      known.user = Int32(clamping: first.user)
      known.origin = first.origin
    }
    if isBetter(first.name, sum.nameDate, sum.namePosition, than: known) {
      texts.replace(&known.name, with: first.name)
      known.nameDate = sum.nameDate
      known.namePosition = sum.namePosition
    }
    rows.replace(i, known)
  }

  /// What is known of each address; its views hold during the call.
  ///
  /// - Parameter written: Only of those that records name.
  func forEachSum(written: Bool = false, _ body: (Sum) throws -> Void) rethrows {
    for i in 0..<rows.count {
      guard let row = rows[i], row.isWritten || !written else { continue }
      try body(
        Sum(
          first: Sighting(
            key: texts[row.key], name: texts[row.name], date: row.date,
            messageID: texts[row.messageID], user: Int(row.user), origin: row.origin,
            position: row.position),
          nameDate: row.nameDate, namePosition: row.namePosition, isFromMail: row.isFromMail))
    }
  }

  /// Calls `body` with the address of each mailing list.
  func forEachList(_ body: (ByteView) throws -> Void) rethrows {
    for i in 0..<lists.count {
      if let place = lists[i] { try body(texts[place]) }
    }
  }

  /// Declares an address as a mailing list's own: it is no lead, whoever writes to it.
  func addList(_ key: ByteView) {
    let hash = ByteHash.hash(key)
    if isList(key, hash) { return }
    if listIndex.isFull(for: lists.count) {
      listIndex.grow(rows: lists.count, hash: { i in lists[i].map { ByteHash.hash(texts[$0]) } })
    }
    listIndex.insert(hash, lists.count)
    lists.append(texts.add(key))
  }

  private func isList(_ key: ByteView, _ hash: UInt64) -> Bool {
    listIndex.find(hash, where: { i in lists[i].map { texts[$0].equals(key) } ?? false }) != nil
  }

  /// The lead with this key, or nil.
  func find(_ key: ByteView) -> Int? {
    if rows.count == 0 { return nil }
    let hash = ByteHash.hash(key)
    guard let i = row(key, hash), !isList(key, hash) else { return nil }
    return i
  }

  /// True when everything that a mail adds to the set is in it.
  func covers(_ fact: MailFact) -> Bool {
    func isList(_ key: ByteView) -> Bool { self.isList(key, ByteHash.hash(key)) }
    if !fact.listKey.isEmpty, !isList(fact.listKey) { return false }
    guard fact.verdict.reason == nil else { return true }
    return fact.variants.allSatisfy {
      !$0.mayCapture || row($0.key, ByteHash.hash($0.key)) != nil
    }
  }

  /// Calls `body` with the address of each lead.
  func forEachAddress(_ body: (ByteView) -> Void) {
    for i in 0..<rows.count {
      if let row = rows[i] { body(texts[row.key]) }
    }
  }

  /// True when a mail captured it; false where meetings alone did.
  func isFromMail(_ i: Int) -> Bool { rows[i]?.isFromMail ?? false }

  /// Declares that a record names the lead.
  func markWritten(_ i: Int) {
    guard var row = rows[i], !row.isWritten else { return }
    row.isWritten = true
    rows.replace(i, row)
  }

  /// The lead with this number, or nil.
  subscript(_ i: Int) -> Lead? {
    rows[i].map { row in
      Lead(
        key: texts[row.key], date: row.date, messageID: texts[row.messageID], user: Int(row.user),
        origin: row.origin, name: texts[row.name])
    }
  }

  /// Numbers of the leads that records name, by date, then by address.
  func written() -> [Int] {
    var list: [(date: Int64, row: Int)] = []
    for i in 0..<rows.count {
      if let row = rows[i], row.isWritten { list.append((row.date, i)) }
    }
    list.sort { a, b in
      if a.date != b.date { return a.date < b.date }
      guard let x = rows[a.row], let y = rows[b.row] else { return a.row < b.row }
      return texts[x.key].buffer.lexicographicallyPrecedes(texts[y.key].buffer)
    }
    return list.map(\.row)
  }
}
