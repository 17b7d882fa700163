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
  public fileprivate(set) var hits: [MeetingHit] = []
  /// The ids of several leads that carry one address, where `onMultiple` is `review`.
  public fileprivate(set) var ambiguous: [[UInt8]] = []
  /// True for the organiser's own copy, which `sharedMeetings: once` prefers.
  public let isOrganizersCopy: Bool
  fileprivate let way: MeetingWay
  fileprivate let role: Config.CalendarRole
  fileprivate let isBusy: Bool
  fileprivate let hidesContent: Bool
  fileprivate let isCancelled: Bool
  fileprivate let hasExternal: Bool
  fileprivate let unknown: Config.UnknownAttendees
  fileprivate let unknownRule: String
  fileprivate let guestsRule: String
  /// Participants by position: the place in a task of those named whatever is hit, and of those
  /// named only when they are a lead.
  fileprivate var naming: [Naming] = []
  fileprivate var organizer = Organizer.named
  fileprivate var task: MeetingTask

  fileprivate enum Naming: Sendable { case always, asLead, never }
  fileprivate enum Organizer: Sendable { case named, asPerson(Int) }

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
  fileprivate var creates: Bool { self == .create || self == .createQuiet }
}

extension MeetingMatch {
  /// The outcome. `standing` is asked about the keys of ``hits`` that have no id.
  public func settle(
    _ standing: ([UInt8]) throws -> LeadStanding
  ) rethrows -> MeetingOutcome {
    switch way {
    case .conflict: return block(.conflictCalendar, "sources.calendar")
    case .busyOnly: return block(.blockedSlot, guestsRule)
    case .meeting: break
    }
    if !hasExternal { return task([], .noLeadTask, "no external participant") }
    var leads: [MeetingHit] = []
    var firstKnown: MeetingHit?
    var firstCaptured: MeetingHit?
    var firstCreated: MeetingHit?
    for hit in hits {
      if hit.id != nil {
        firstKnown = firstKnown ?? hit
      } else {
        let found = try standing(hit.key)
        if found == .captured || (found == .created && !hit.isCreated) {
          firstCaptured = firstCaptured ?? hit
        } else if hit.isCreated {
          firstCreated = firstCreated ?? hit
        } else {
          continue
        }
      }
      leads.append(hit)
    }
    if let hit = firstKnown { return task(leads, .matched, "leads.searchBy", hit) }
    // A guest of its own that another item captured, too, is a lead already.
    if let hit = firstCaptured { return task(leads, .captured, "captureLeads", hit) }
    if let hit = firstCreated { return task(leads, .contactCreated, unknownRule, hit) }
    if !ambiguous.isEmpty {
      return outcome(
        .ambiguousLead, "leads.onMultiple",
        ambiguous.map { $0.withByteView(\.string) }.joined(separator: ","), .nothing)
    }
    switch unknown {
    case .task, .create: return task([], .noLeadTask, unknownRule)
    case .block: return block(.blockedSlot, unknownRule)
    case .skip: return outcome(.noLead, unknownRule, "", .nothing)
    }
  }

  private func outcome(
    _ reason: Reason, _ rule: String, _ matched: String, _ record: MeetingRecord
  ) -> MeetingOutcome {
    MeetingOutcome(
      reason: reason, rule: rule, matched: hidesContent ? "" : matched, record: record)
  }

  private func block(_ reason: Reason, _ rule: String) -> MeetingOutcome {
    isBusy ? outcome(reason, rule, "", .block(role)) : outcome(.notBusy, rule, "", .nothing)
  }

  private func task(
    _ leads: [MeetingHit], _ reason: Reason, _ rule: String, _ first: MeetingHit? = nil
  ) -> MeetingOutcome {
    var task = task
    task.leads = leads
    task.isInternal = leads.isEmpty
    func isNamed(_ i: Int) -> Bool {
      switch naming[i] {
      case .always: true
      case .asLead: leads.contains { $0.person == i }
      case .never: false
      }
    }
    task.participants = naming.indices.filter(isNamed)
    if case .asPerson(let i) = organizer { task.namesOrganizer = isNamed(i) }
    return outcome(
      reason, rule, first.map { $0.key.withByteView(\.string) } ?? "", .task(task))
  }

  // MARK: telling people

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

  /// What would have to change for another outcome, in words, for `explain`.
  public static func opposite(_ outcome: MeetingOutcome) -> String {
    switch outcome.reason {
    case .matched, .captured: "take the participants out of the leads"
    case .contactCreated: "set calendar.contactCreation to never, or unknownAttendees to skip"
    case .noLeadTask where outcome.rule == "no external participant":
      "invite somebody from outside who is a lead"
    case .noLeadTask, .noLead:
      "put a participant into the leads list, or set calendar.unknownAttendees (\(outcome.rule) decided)"
    case .blockedSlot where outcome.rule.hasSuffix("guests"):
      "set \(outcome.rule) to match or create to have a task, or free the time in the calendar"
    case .blockedSlot: "put a participant into the leads list, or set \(outcome.rule) to task"
    case .conflictCalendar: "declare the source with `calendar`: primary, or show the time as free"
    case .notBusy: "show the time as busy, and have the event neither cancelled nor declined"
    case .ambiguousLead: "set leads.onMultiple to all or first"
    default: "see the rule that dropped it"
    }
  }
}
