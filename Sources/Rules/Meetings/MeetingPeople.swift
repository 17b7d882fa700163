import Bytes

/// One participant: everybody who is neither the owner nor a room, each once.
public struct MeetingPerson: Sendable {
  /// What the file says, of several entries put together: the answer and the role of the attendee,
  /// the first name that is given.
  public var party: MeetingParty
  /// Position in the plan's users, or -1.
  public var user: Int
  /// Inside the organisation, as `calendar.internalDomainsFrom` sees it.
  public var isInternal: Bool
  /// A colleague without a licence, where licences count: not named in records (UP-S1).
  public var isUnlicensed: Bool
}

/// Who takes part in a meeting, seen from one owner.
public struct MeetingPeople: Sendable {
  /// Organiser and attendees without rooms, things and the owner, in the order of the file; ways of
  /// writing one address count once.
  public private(set) var participants: [MeetingPerson] = []
  /// Rooms and things, each once.
  public private(set) var rooms: [MeetingParty] = []
  /// The organiser, also when it is the owner; nil without.
  public private(set) var organizer: MeetingParty?
  /// True when the owner is the organiser.
  public private(set) var isOrganizedByOwner = false
  /// What the owner answered: of several entries for them the most willing one; nil without.
  public private(set) var ownerStatus: String?

  /// True when the owner declined in each of their entries that hold an answer.
  public var ownerDeclined: Bool { ownerStatus.map(Self.isDeclined) ?? false }
  /// True when everybody is internal, and there is somebody.
  public var isInternal: Bool {
    !participants.isEmpty && participants.allSatisfy(\.isInternal)
  }
  /// True when at least one participant is external.
  public var hasExternal: Bool { participants.contains { !$0.isInternal } }

  /// Derives them from the parties of an item.
  init(_ parties: [MeetingParty], owner: Int, plan: MeetingPlan, calendar: Config.Calendar) {
    var places: [[UInt8]: Int] = [:]
    // Whose entry so far is ORGANIZER alone, which carries no answer and no role.
    var isBare: [Bool] = []
    var roomPlaces: Set<[UInt8]> = []
    for p in parties {
      let id = Self.identity(p)
      if id.isEmpty { continue }
      if p.isOrganizer, organizer == nil { organizer = p }
      if p.isCalendar { continue }
      if p.isResource {
        if roomPlaces.insert(id).inserted { rooms.append(p) }
        continue
      }
      let user = p.key.isEmpty ? -1 : p.key.withByteView { plan.index.user(addressKey: $0) } ?? -1
      if user >= 0, user == owner {
        if p.isOrganizer { isOrganizedByOwner = true } else { hear(p.status) }
        continue
      }
      if let i = places[id] {
        Self.merge(p, into: &participants[i].party, isBare: isBare[i])
        if !p.isOrganizer { isBare[i] = false }
        continue
      }
      isBare.append(p.isOrganizer)
      places[id] = participants.count
      let from = calendar.internalDomainsFrom
      let isInternal =
        !p.key.isEmpty && p.key.withByteView { plan.index.isInternal($0, domainsFrom: from) }
      let isLicensed = user >= 0 && plan.index.users[user].licensed
      participants.append(
        MeetingPerson(
          party: p, user: user, isInternal: isInternal,
          isUnlicensed: isInternal && from != .organization && !isLicensed))
    }
  }

  // Somebody without an address is told apart from others by what is written instead.
  private static func identity(_ p: MeetingParty) -> [UInt8] {
    p.key.isEmpty
      ? p.email.isEmpty && p.name.isEmpty ? [] : Array("\(p.email) \(p.name)".utf8) : p.key
  }

  private static func merge(_ p: MeetingParty, into known: inout MeetingParty, isBare: Bool) {
    let name = known.name.isEmpty ? p.name : known.name
    let isOrganizer = known.isOrganizer || p.isOrganizer
    if isBare, !p.isOrganizer { known = p }
    known.name = name
    known.isOrganizer = isOrganizer
  }

  private mutating func hear(_ status: String?) {
    guard let status else { return }
    guard let known = ownerStatus else { return ownerStatus = status }
    if Self.willingness(status) > Self.willingness(known) { ownerStatus = status }
  }

  private static func willingness(_ status: String) -> Int {
    status.withByteView { v in
      if v.equalsIgnoringCase("ACCEPTED") { return 4 }
      if v.equalsIgnoringCase("TENTATIVE") { return 3 }
      if v.equalsIgnoringCase("DECLINED") { return 2 }
      return 1
    }
  }

  private static func isDeclined(_ status: String) -> Bool { willingness(status) == 2 }
}
