public import Bytes

/// One address of a mail that is a lead, or becomes one when some mail of the run captures it.
public struct LeadHit: Sendable, BitwiseCopyable {
  /// The CRM's id; nil while the address is no lead of the CRM's list.
  public var id: ByteView?
  /// The field it stands in.
  public var field: AddressFields
  /// The address key, in ``MailFacts/keys``.
  public var key: ByteRange
  /// The display name, in the mail's text.
  public var name: ByteRange
  /// The search field that hit, as an index into the leads' search fields; -1 when none did.
  public var searchField = -1
  /// True when several leads of the list carry the address.
  public var sharesAddress = false
  /// The lead's number in the list; -1 without.
  public var row = -1
  /// True when this mail may make a lead of the address.
  public var mayCapture = false
}

/// Step 11: which counterparts of a mail are leads, or become one when some mail of the run
/// captures them (ES-F-identify, ES-W-poc). What comes of it the whole run decides:
/// ``MailRules/settling``.
public enum LeadMatching {
  /// What the addresses of one mail hit. Used again from mail to mail by one thread.
  public struct Result: ~Copyable, Sendable {
    /// Leads and possible leads, in the order of their addresses; each lead once.
    public let hits = ReusedList<LeadHit>()
    /// True when several leads carry an address and `onMultiple` is `review`.
    public fileprivate(set) var isAmbiguous = false
    /// Those leads' ids.
    public let ambiguous = ReusedList<ByteView>()
    /// The addresses that they share, in the facts' keys.
    public let ambiguousKeys = ReusedList<ByteRange>()
    fileprivate var rows = SeenRows()
    fileprivate var keys = SeenKeys()

    /// Nothing yet.
    public init() {}

    fileprivate mutating func forget() {
      hits.removeAll()
      isAmbiguous = false
      ambiguous.removeAll()
      ambiguousKeys.removeAll()
      rows.forget()
      keys.forget()
    }
  }

  /// Looks up the counterparts: a pure function of the mail, the leads and the two settings.
  /// Addresses that are no leads are given as possible leads when `capturesAnywhere` and nothing
  /// forbids that they ever become one.
  ///
  /// - Parameter result: Filled anew; its views are those of the context and the index.
  public static func find(
    _ c: MailContext, leads: LeadIndex, onMultiple: Config.OnMultiple, capturesAnywhere: Bool,
    into result: inout Result
  ) {
    result.forget()
    let settings = c.settings
    let facts = c.facts
    // By number: to walk through the list itself counts a reference to it.
    var i = 0
    while i < facts.parties.count {
      defer { i += 1 }
      let p = facts.parties[i]
      guard settings.counterpartFields.contains(p.field), p.isTrusted, !p.key.isEmpty,
        !c.isExcluded(i)
      else { continue }
      let key = facts.key(p)
      if let match = leads.lookup(addressKey: key) {
        add(match, p, leads, onMultiple, to: &result)
      } else if capturesAnywhere, isLeadAddress(key, c), result.keys.insert(p.key, in: facts.keys) {
        result.hits.append(
          LeadHit(
            id: nil, field: p.field, key: p.key, name: p.name,
            mayCapture: mayCapture(p, c, settings)))
      }
    }
  }

  private static func add(
    _ match: LeadMatches, _ p: MailParty, _ leads: LeadIndex, _ onMultiple: Config.OnMultiple,
    to result: inout Result
  ) {
    var rest = match
    guard let first = rest.next(in: leads) else { return }
    let isShared = rest.next(in: leads) != nil
    rest = match
    if isShared, onMultiple == .review {
      result.isAmbiguous = true
      result.ambiguousKeys.append(p.key)
      while let row = rest.next(in: leads) { result.ambiguous.append(leads.value(.id, of: row)) }
      return
    }
    func take(_ row: Int) {
      guard result.rows.insert(row) else { return }
      result.hits.append(
        LeadHit(
          id: leads.value(.id, of: row), field: p.field, key: p.key, name: p.name,
          searchField: match.field, sharesAddress: isShared, row: row))
    }
    if !isShared || onMultiple == .first { return take(first) }
    while let row = rest.next(in: leads) { take(row) }
  }

  /// True when an address could be a lead at all: nobody of the organisation, no list, valid.
  static func isLeadAddress(_ key: ByteView, _ c: MailContext) -> Bool {
    if c.plan.isInternal(key) || c.facts.keys[c.facts.listKey].equals(key) { return false }
    return isValid(key)
  }

  /// True when mail could be sent to the address from anywhere.
  static func isValid(_ key: ByteView) -> Bool {
    // RFC 5321 section 4.5.3.1: local part at most 64 bytes, the whole at most 254.
    guard key.count <= 254, let at = key.lastIndex(of: 64), at > 0, at <= 64 else { return false }
    let domain = key.from(at + 1)
    return domain[0] != 91 && domain.firstIndex(of: 46) != nil
  }

  private static func mayCapture(_ p: MailParty, _ c: MailContext, _ settings: DirectionPlan)
    -> Bool
  {
    guard settings.capturesLeads, settings.captureFields.contains(p.field), !c.forbidsCapture else {
      return false
    }
    if p.field == .from, c.facts.isSenderDoubtful || c.facts.isSenderRewritten { return false }
    let key = c.facts.key(p)
    // The guard of step 6 looks at the sender; an address that takes no answers is as little a
    // lead in any other field, for as long as the guard is on.
    if p.field != .from, c.plan.guards.noReply != .keep, NoReply.isNoReply(key) { return false }
    if settings.exclude.match(key) != nil { return false }
    return c.owner?.settings(c.direction).exclude.match(key) == nil
  }
}

/// The leads of one mail so far: a list while they are few, as in nearly every mail.
private struct SeenRows {
  private let list = ReusedList<Int>()
  private var set: Set<Int> = []

  mutating func forget() {
    list.removeAll()
    if !set.isEmpty { set = [] }
  }

  /// False when the row is there already.
  mutating func insert(_ row: Int) -> Bool {
    if list.count < 16 {
      if list.contains(row) { return false }
      list.append(row)
      return true
    }
    if set.isEmpty { set = Set(list) }
    return set.insert(row).inserted
  }
}

/// The possible leads of one mail so far, likewise.
private struct SeenKeys {
  private let list = ReusedList<ByteRange>()
  private var table = ByteTable()

  mutating func forget() {
    list.removeAll()
    if table.count > 0 { table = ByteTable() }
  }

  /// False when the key is there already.
  mutating func insert(_ key: ByteRange, in keys: ByteBuffer) -> Bool {
    let bytes = keys[key]
    if list.count < 16 {
      if list.contains(where: { keys[$0].equals(bytes) }) { return false }
      list.append(key)
      return true
    }
    if table.count == 0 { for k in list { table.insert(keys[k], 1) } }
    let before = table.count
    table.insert(bytes, 1)
    return table.count > before
  }
}

extension LeadMatching {
  /// Appends what the decision names when no address is a lead (``MailSettlement/lookedUp``): the
  /// ids of the leads that share one, else the first counterpart.
  public static func appendLookedUp(
    _ c: MailContext, _ result: borrowing Result, to out: ByteBuffer
  ) {
    if result.isAmbiguous {
      for (i, id) in result.ambiguous.enumerated() {
        if i > 0 { out.append(44) }
        out.append(id)
      }
      return
    }
    let fields = c.settings.counterpartFields
    if let first = c.facts.parties.first(where: { fields.contains($0.field) && !$0.key.isEmpty }) {
      out.append(c.facts.key(first))
    }
  }

  /// What was found, in words for `explain`: one line for each lead and possible lead.
  public static func words(
    _ c: MailContext, _ result: borrowing Result, searchFields: [String]
  ) -> [String] {
    var lines: [String] = []
    for hit in result.hits {
      let place = "\(c.facts.keys[hit.key].string) in \(hit.field.name)"
      if let id = hit.id {
        let isField = hit.searchField >= 0 && hit.searchField < searchFields.count
        let field = isField ? searchFields[hit.searchField] : ""
        lines.append("\(place) is lead \(id.string), found by \(field)")
      } else if hit.mayCapture {
        lines.append("\(place) becomes a lead of this mail")
      } else {
        lines.append("\(place) is no lead; another mail of the run may make it one")
      }
    }
    for id in result.ambiguous {
      lines.append("several leads carry the address, among them \(id.string)")
    }
    return lines.isEmpty ? ["no counterpart is a lead or could become one"] : lines
  }
}
