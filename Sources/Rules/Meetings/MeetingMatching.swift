import Bytes

/// Where a lead that is not in the CRM's list comes from, if it is one.
public enum LeadStanding: Sendable {
  /// It is no lead.
  case none
  /// Meetings of this run make it one (``MeetingMatch/created``).
  case created
  /// Mail of this run or an earlier run captured it.
  case captured
}

/// One external participant who is a lead, or could be one.
public struct MeetingHit: Hashable, Sendable {
  /// The CRM's id; nil while the address is no lead of the CRM's list.
  public var id: [UInt8]?
  /// The lead's number in the index; -1 without.
  public var row = -1
  /// Position among ``MeetingPeople/participants``.
  public var person: Int
  /// The address key.
  public var key: [UInt8]
  /// The address as written.
  public var email: String
  /// The display name.
  public var name: String
  /// The search field that hit, as an index into the leads' search fields; -1 when none did.
  public var searchField = -1
  /// True when several leads of the list carry the address.
  public var sharesAddress = false
  /// True when this meeting makes a lead of the address.
  public var isCreated = false
}

/// What is written of one item.
public enum MeetingRecord: Hashable, Sendable {
  /// A task for each occurrence.
  case task(MeetingTask)
  /// A block for each occurrence.
  case block(Config.CalendarRole)
  /// Nothing.
  case nothing
}

/// What the rules decide about a task's content.
public struct MeetingTask: Hashable, Sendable {
  /// Its leads, in the order of the participants, each once.
  public var leads: [MeetingHit] = []
  /// The participants that are named, as positions in ``MeetingPeople/participants``.
  public var participants: [Int] = []
  /// False when the organiser is somebody who is not named.
  public var namesOrganizer = true
  /// True for the category `internal`: a meeting without a lead.
  public var isInternal = false
  /// `inboundTaskType`
  public var type = ""
  /// True where `guests` or `allowTrigger` lets automations run.
  public var runAutomations = false
  /// `notifications`
  public var notify = Config.Notifications.none
  /// True when it was cancelled; only tasks of an earlier run are written so.
  public var isCancelled = false
}

/// The last word about one item.
public struct MeetingOutcome: Hashable, Sendable {
  /// The reason.
  public var reason: Reason
  /// The setting that decided.
  public var rule: String
  /// What it matched; empty for private events.
  public var matched: String
  /// What is written.
  public var record: MeetingRecord

  /// An outcome.
  public init(reason: Reason, rule: String, matched: String, record: MeetingRecord) {
    self.reason = reason
    self.rule = rule
    self.matched = matched
    self.record = record
  }

  /// True when something is.
  public var isKept: Bool { record != .nothing }
}

/// Step 11 for one item that passed the rules, as far as it can be said alone: the answer waits for
/// the leads of the whole run. A plain value; nothing in it refers to the item.
public struct MeetingMatch: Sendable {
  /// Leads and possible leads in the order of the participants; each lead once.
  public internal(set) var hits: [MeetingHit] = []
  /// The ids of several leads that carry one address, where `onMultiple` is `review`.
  public internal(set) var ambiguous: [[UInt8]] = []
  /// True for the organiser's own copy, which `sharedMeetings: once` prefers.
  public let isOrganizersCopy: Bool
  let way: MeetingWay
  let role: Config.CalendarRole
  let isBusy: Bool
  let hidesContent: Bool
  let isCancelled: Bool
  let hasExternal: Bool
  let unknown: Config.UnknownAttendees
  let unknownRule: String
  let guestsRule: String
  /// Participants by position: the place in a task of those named whatever is hit, and of those
  /// named only when they are a lead.
  var naming: [Naming] = []
  var organizer = Organizer.named
  var task: MeetingTask

  enum Naming: Sendable { case always, asLead, never }
  enum Organizer: Sendable { case named, asPerson(Int) }

  /// The leads that this meeting makes, in the order of the participants.
  public var created: [MeetingHit] { hits.filter(\.isCreated) }
}

/// Step 11 for meetings: which external participants are leads, and what becomes of the meeting.
///
/// Two phases, because the leads that a run captures are one set whatever the order of its items:
/// ``find(_:leads:)`` asks the CRM's list and tells which leads the meeting makes,
/// ``MeetingMatch/settle(_:)`` gives the outcome once it is known who else became a lead.
public enum MeetingMatching {
  /// Looks up the external participants. Nothing is looked up for conflict calendars and
  /// `busy-only`.
  public static func find(_ c: MeetingContext, leads: LeadIndex) -> MeetingMatch {
    let calendar = c.calendar
    let unknown = calendar.unknownAttendeesDecided
    var match = MeetingMatch(
      isOrganizersCopy: c.people.isOrganizedByOwner, way: c.way, role: c.facts.role,
      isBusy: c.isBusy, hidesContent: c.hidesContent,
      isCancelled: c.facts.isCancelled, hasExternal: c.people.hasExternal, unknown: unknown,
      unknownRule: unknownRule(c), guestsRule: c.path("guests", \.guests),
      task: MeetingTask(
        type: calendar.inboundTaskType, runAutomations: calendar.runsAutomations,
        notify: calendar.notifications, isCancelled: c.facts.isCancelled))
    guard c.way == .meeting else { return match }
    name(c, in: &match)
    var rows: Set<Int> = []
    for (i, p) in c.people.participants.enumerated() where !p.isInternal && !p.party.key.isEmpty {
      p.party.key.withByteView { key in
        let hit = MeetingHit(person: i, key: p.party.key, email: p.party.email, name: p.party.name)
        if let found = leads.lookup(addressKey: key) {
          add(found, hit, leads, c.plan.onMultiple, &rows, to: &match)
        } else if LeadMatching.isValid(key) {
          var hit = hit
          hit.isCreated = unknown == .create && mayCreate(key, c)
          match.hits.append(hit)
        }
      }
    }
    return match
  }

  private static func add(
    _ found: LeadMatches, _ hit: MeetingHit, _ leads: LeadIndex, _ onMultiple: Config.OnMultiple,
    _ seen: inout Set<Int>, to match: inout MeetingMatch
  ) {
    let rows = leads.leads(found)
    if rows.count > 1, onMultiple == .review {
      for row in rows { match.ambiguous.append(leads.value(.id, of: row).array) }
      return
    }
    for row in onMultiple == .first ? rows.prefix(1) : rows[...] where seen.insert(row).inserted {
      var hit = hit
      hit.id = leads.value(.id, of: row).array
      hit.row = row
      hit.searchField = found.field
      hit.sharesAddress = rows.count > 1
      match.hits.append(hit)
    }
  }

  /// Never a user, an own domain (also one that counts as external for meetings) or an address
  /// that takes no answers.
  private static func mayCreate(_ key: ByteView, _ c: MeetingContext) -> Bool {
    !c.plan.index.isInternal(key) && !NoReply.isNoReply(key)
  }

  // With domains from usernames the CRM names colleagues with a licence and people it knows
  // (UP-S1, UP-S2, UP-10-nomatch).
  private static func name(_ c: MeetingContext, in match: inout MeetingMatch) {
    let people = c.people
    let namesAll = c.calendar.internalDomainsFrom == .organization
    match.naming = people.participants.map { p in
      if namesAll { return .always }
      return p.isUnlicensed ? .never : p.isInternal ? .always : .asLead
    }
    if let i = people.participants.firstIndex(where: \.party.isOrganizer) {
      match.organizer = .asPerson(i)
    }
  }

  private static func unknownRule(_ c: MeetingContext) -> String {
    let calendar = c.calendar
    let asked = calendar.unknownAttendees ?? (calendar.guests.creates ? .create : nil)
    if asked == .create, calendar.contactCreation == .never {
      return c.path("contactCreation", \.contactCreation)
    }
    return calendar.unknownAttendees == nil
      ? c.path("guests", \.guests) : c.path("unknownAttendees", \.unknownAttendees)
  }
}

extension Config.Guests {
  /// True for the two that make contacts of guests.
  var creates: Bool { self == .create || self == .createQuiet }
}

extension MeetingMatch {
  /// One line for each external participant, for `explain`; says nothing of private events.
  public func words(
    searchFields: [String], _ standing: ([UInt8]) throws -> LeadStanding
  ) rethrows -> [String] {
    switch way {
    case .conflict: return ["a conflict calendar: nobody is looked up"]
    case .busyOnly: return ["guests is busy-only: nobody is looked up"]
    case .meeting: break
    }
    if hidesContent { return ["a private event, of which nothing is shown"] }
    if !hasExternal { return ["no external participant to look up"] }
    var lines = try hits.map { hit -> String in
      if let id = hit.id {
        let field =
          hit.searchField >= 0 && hit.searchField < searchFields.count
          ? searchFields[hit.searchField] : ""
        return "\(hit.email) is lead \(id.withByteView(\.string)), found by \(field)"
      }
      switch try standing(hit.key) {
      case .captured: return "\(hit.email) is a lead that mail or an earlier run captured"
      case .created where !hit.isCreated: return "\(hit.email) is a lead that another meeting makes"
      default:
        return hit.isCreated
          ? "\(hit.email) becomes a lead of this meeting" : "\(hit.email) is no lead"
      }
    }
    for id in ambiguous {
      lines.append("several leads carry the address, among them \(id.withByteView(\.string))")
    }
    return lines.isEmpty ? ["no external participant has an address that could be a lead's"] : lines
  }
}
