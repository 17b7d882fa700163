import Bytes
import Rules

/// The leads that mail of this run brings in: a set that does not depend on the order of the mail.
///
/// Of the mails that name an address the earliest-dated one counts (without a date last), among
/// equal dates the first in source order; the name comes from the earliest mail that has one. The
/// merge is associative, commutative and idempotent over (date, position, facts).
struct CapturedLeads {
  /// One captured address.
  struct Lead {
    var key: [UInt8]
    var date: Int64
    var position: Int
    var messageID: [UInt8]
    var user: Int
    var direction: Direction
    var field: AddressFields
    var name: [UInt8]
    var nameDate: Int64
    var namePosition: Int
    /// True once a record names it.
    var isWritten = false
  }

  private var table = ByteTable()
  private(set) var leads: [Lead] = []
  private var listAddresses = ByteTable()

  /// Takes in one mail's view of an address.
  mutating func add(_ v: FactVariant, of fact: MailFact, position: Int) {
    if let found = table.find(v.key) {
      merge(v, fact, position, into: Int(found))
      return
    }
    table.insert(v.key, Int32(truncatingIfNeeded: leads.count))
    leads.append(
      Lead(
        key: v.key.array, date: fact.date, position: position, messageID: fact.messageID.array,
        user: fact.user, direction: fact.direction, field: v.field, name: v.name.array,
        nameDate: fact.date, namePosition: position))
  }

  private mutating func merge(_ v: FactVariant, _ fact: MailFact, _ position: Int, into i: Int) {
    guard i < leads.count else { return }
    if (fact.date, position) < (leads[i].date, leads[i].position) {
      leads[i].date = fact.date
      leads[i].position = position
      leads[i].messageID = fact.messageID.array
      leads[i].user = fact.user
      leads[i].direction = fact.direction
      leads[i].field = v.field
    }
    if !v.name.isEmpty,
      leads[i].name.isEmpty
        || (fact.date, position) < (leads[i].nameDate, leads[i].namePosition)
    {
      leads[i].name = v.name.array
      leads[i].nameDate = fact.date
      leads[i].namePosition = position
    }
  }

  /// Declares an address as a mailing list's own: it is no lead, whoever writes to it.
  mutating func addList(_ key: ByteView) { listAddresses.insert(key, 1) }

  /// The lead with this key, or nil.
  func find(_ key: ByteView) -> Int? {
    guard let i = table.find(key), listAddresses.find(key) == nil else { return nil }
    return Int(i)
  }

  /// Declares that a record names the lead.
  mutating func markWritten(_ i: Int) {
    if i >= 0, i < leads.count { leads[i].isWritten = true }
  }
}
