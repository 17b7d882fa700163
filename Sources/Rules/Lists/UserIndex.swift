public import Bytes

/// The CRM's users, found by id and by address; and what is inside the organisation.
public struct UserIndex: Sendable {
  /// The users in list order.
  public let users: [UserRecord]
  /// The comparison keys of each user's addresses, the main address first.
  public let addressKeys: [[[UInt8]]]
  /// `organization.domains`
  public let organizationDomains: AddressSet
  /// The domains of the main addresses of licensed users (UP-S3).
  public let usernameDomains: AddressSet
  private let byAddress: ByteTable
  private let byID: ByteTable

  /// An index of users whose ids and addresses are unique; of equals the first counts.
  public init(_ users: [UserRecord], organizationDomains domains: [String]) {
    var byAddress = ByteTable()
    var byID = ByteTable()
    var keys: [[[UInt8]]] = []
    var usernames = AddressSet()
    for (i, u) in users.enumerated() {
      let own = ([u.email] + u.aliases).compactMap(AddressEntry.key(of:))
      keys.append(own)
      let number = Int32(truncatingIfNeeded: i)
      for k in own { k.withByteView { byAddress.insert($0, number) } }
      u.id.withByteView { byID.insert($0, number) }
      if u.licensed, let main = AddressEntry.key(of: u.email) {
        main.withByteView { v in
          guard let at = v.lastIndex(of: 64) else { return }
          let domain = v.from(at + 1)
          if usernames.matchDomain(domain) == nil {
            usernames.insert(key: domain, entry: domain.string)
          }
        }
      }
    }
    self.users = users
    self.byAddress = byAddress
    self.byID = byID
    addressKeys = keys
    usernameDomains = usernames
    organizationDomains = AddressEntry.set(of: domains)
  }

  /// The user with that address key, or nil.
  public func user(addressKey key: ByteView) -> Int? { byAddress.find(key).map(Int.init) }

  /// The user with that id, byte for byte, or nil.
  public func user(id: ByteView) -> Int? { byID.find(id).map(Int.init) }

  /// The user with that id, or nil.
  public func user(id: String) -> Int? { id.withByteView { user(id: $0) } }

  /// True when an address key is inside the organisation: one of its domains or a listed user's.
  public func isInternal(_ key: ByteView) -> Bool {
    organizationDomains.match(key) != nil || byAddress.find(key) != nil
  }

  /// The same for meetings, where domains may come from usernames (`internalDomainsFrom`). With
  /// usernames alone a listed user without a licence is judged by the domain like anybody else
  /// (UP-S2).
  public func isInternal(_ key: ByteView, domainsFrom: Config.InternalDomains) -> Bool {
    if let i = user(addressKey: key), domainsFrom != .usernames || users[i].licensed {
      return true
    }
    if domainsFrom != .usernames, organizationDomains.match(key) != nil { return true }
    return domainsFrom != .organization && usernameDomains.match(key) != nil
  }
}
