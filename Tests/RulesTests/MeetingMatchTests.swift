import Bytes
import Testing

@testable import Rules

private let ann = "ann@client.example"
private let bob = "bob@client.example"
private let eve = "eve@else.example"
private let kim = "kim@own.example"

private func calendar(_ settings: String) -> Desk { Desk("{\"calendar\": {\(settings)}}") }

/// What becomes of guests (HL), and the lead match.
@Suite struct MeetingGuestRows {
  @Test("unknownAttendees, guests and contactCreation decide about an unknown guest")
  func unknownGuest() {
    let guests = ["match", "busy-only", "create", "known-only", "create-quiet"]
    // Rows: unknownAttendees; columns: guests.
    let auto: [(String, [String])] = [
      (
        "null",
        ["no-lead-task", "blocked-slot", "contact-created", "blocked-slot", "contact-created"]
      ),
      (
        "\"task\"",
        ["no-lead-task", "blocked-slot", "no-lead-task", "no-lead-task", "no-lead-task"]
      ),
      ("\"block\"", Array(repeating: "blocked-slot", count: 5)),
      (
        "\"create\"",
        [
          "contact-created", "blocked-slot", "contact-created", "contact-created",
          "contact-created",
        ]
      ),
      ("\"skip\"", ["no-lead", "blocked-slot", "no-lead", "no-lead", "no-lead"]),
    ]
    for (unknown, wanted) in auto {
      for creation in ["auto", "never"] {
        let found = guests.map {
          calendar(
            "\"guests\": \"\($0)\", \"unknownAttendees\": \(unknown), \"contactCreation\": \"\(creation)\""
          ).reason(meeting([eve]))
        }
        let expected = wanted.map {
          creation == "never" && $0 == "contact-created" ? "no-lead-task" : $0
        }
        #expect(found == expected, "\(unknown) \(creation)")
      }
    }
  }

  @Test("the decision names the setting that decided")
  func rules() {
    func rule(_ settings: String, _ item: MeetingItem = meeting([eve])) -> String {
      calendar(settings).outcome(item).rule
    }
    #expect(rule("") == "calendar.guests")
    #expect(rule(#""unknownAttendees": "task""#) == "calendar.unknownAttendees")
    #expect(rule(#""guests": "create", "contactCreation": "never""#) == "calendar.contactCreation")
    #expect(
      rule(#""unknownAttendees": "block", "contactCreation": "never""#)
        == "calendar.unknownAttendees")
    #expect(rule(#""guests": "busy-only""#) == "calendar.guests")
    #expect(rule("", meeting([ann])) == "leads.searchBy")
    #expect(rule("", meeting()) == "no external participant")
    #expect(rule("", meeting { $0.role = .conflict }) == "sources.calendar")
  }

  @Test("HL-group-contacts, HL-two-way, HL-unassigned-pull: each external guest becomes a lead")
  func create() {
    let desk = Desk(#"{"profile": "highlevel"}"#)
    let item = meeting([eve, kim, "room:r@else.example", "Eve@Else.example", "bo@else.example"])
    let o = desk.outcome(item)
    #expect(o.reason == .contactCreated && o.matched == eve)
    let task = desk.task(item)
    #expect(task?.leads.map(\.email) == [eve, "bo@else.example"])
    #expect(task?.leads.allSatisfy { $0.isCreated && $0.id == nil } == true)
    #expect(task?.runAutomations == true && task?.isInternal == false)
    let match = MeetingMatching.find(MeetingContext(plan: desk.plan, item: item), leads: desk.leads)
    #expect(match.created.map(\.email) == [eve, "bo@else.example"])
    // Beside a known one the others become leads and are listed, too, in the order of the guests.
    let mixed = desk.outcome(meeting([eve, ann]))
    #expect(mixed.reason == .matched && mixed.matched == ann)
    #expect(desk.task(meeting([eve, ann]))?.leads.map(\.email) == [eve, ann])
    #expect(desk.plan.createsLeads)
  }

  @Test("nobody inside, no invalid address and no machine becomes a lead")
  func neverCreated() {
    let long = String(repeating: "x", count: 65) + "@else.example"
    for guest in [
      "noreply@else.example", "do-not-reply@else.example", "someone", "x@localhost", long,
    ] {
      let desk = calendar(#""guests": "create""#)
      let o = desk.outcome(meeting([guest]))
      #expect(o.reason == .noLeadTask && o.isKept, "\(guest)")
      #expect(desk.task(meeting([guest, eve]))?.leads.map(\.email) == [eve])
    }
    // An own domain that meetings do not take as internal makes no lead all the same.
    let desk = calendar(#""guests": "create", "internalDomainsFrom": "usernames""#)
    #expect(desk.reason(meeting([kim])) == "internal")
    let other = Desk(
      """
      {"organization": {"domains": ["own.example", "more.example"]},
       "calendar": {"guests": "create", "internalDomainsFrom": "usernames"}}
      """)
    #expect(other.reason(meeting(["x@more.example"])) == "no-lead-task")
  }

  @Test("HL-group-default: contactCreation never makes tasks without a lead")
  func never() {
    let desk = Desk(#"{"profile": "highlevel", "calendar": {"allowContactCreation": false}}"#)
    #expect(desk.reason(meeting([eve])) == "no-lead-task")
    #expect(desk.task(meeting([eve, ann]))?.leads.map(\.email) == [ann])
    #expect(!desk.plan.createsLeads)
  }

  @Test(
    "HL-group-trigger, HL-disable-trigger: automations only where guests or allowTrigger says so")
  func automations() {
    func runs(_ settings: String) -> Bool? {
      calendar(settings).task(meeting([ann]))?.runAutomations
    }
    #expect(runs("") == false)
    #expect(runs(#""guests": "create""#) == true)
    #expect(runs(#""mode": "two-way""#) == true)
    #expect(runs(#""guests": "known-only""#) == true)
    #expect(runs(#""mode": "disable-trigger""#) == false)
    #expect(runs(#""guests": "create-quiet", "allowTrigger": true"#) == true)
    #expect(runs(#""allowTrigger": true, "defaultCalendar": "c1""#) == true)
    #expect(calendar(#""mode": "disable-trigger""#).reason(meeting([eve])) == "contact-created")
  }

  @Test("HL-one-way: every busy event a block, private ones too; no tasks, no leads")
  func busyOnly() {
    let desk = calendar(#""mode": "one-way", "requireParticipants": true"#)
    let items: [MeetingItem] = [
      meeting([ann]), meeting([kim]), meeting(), meeting([eve]) { $0.isPrivate = true },
    ]
    for item in items {
      let o = desk.outcome(item)
      #expect(o.reason == .blockedSlot && o.record == .block(.primary) && o.matched.isEmpty)
    }
    #expect(desk.reason(meeting { $0.isAllDay = true }) == "all-day", "allDay does apply")
    let keep = calendar(#""guests": "busy-only", "allDay": "keep""#)
    #expect(keep.reason(meeting { $0.isAllDay = true }) == "blocked-slot")
    #expect(desk.reason(meeting { $0.role = .other }) == "not-primary-calendar")
    let other = calendar(#""guests": "busy-only", "primaryOnly": false"#)
    #expect(other.outcome(meeting { $0.role = .other }).record == .block(.other))
    #expect(desk.plan.writesTasks && !desk.plan.createsLeads)
  }

  @Test("HL-one-way: free, cancelled and declined events never block")
  func neverBlocks() {
    let changes: [(inout MeetingItem) -> Void] = [
      { $0.isFree = true }, { $0.isCancelled = true }, { $0.ownerDeclined = true },
      { $0.parties = [party("eve@else.example", isOrganizer: true), party("s@own.example!")] },
    ]
    for change in changes {
      let o = calendar(#""guests": "busy-only""#).outcome(meeting([eve], change))
      #expect(o.reason == .notBusy && !o.isKept)
      let conflict = Desk().outcome(
        meeting([eve]) {
          change(&$0)
          $0.role = .conflict
        })
      #expect(conflict.reason == .notBusy && !conflict.isKept)
    }
    // Where a block would have been written; a task is written all the same.
    let smart = calendar(#""guests": "known-only""#)
    #expect(smart.reason(meeting([eve]) { $0.isFree = true }) == "not-busy")
    #expect(smart.reason(meeting([ann]) { $0.isFree = true }) == "matched")
    #expect(Desk().reason(meeting([eve]) { $0.isFree = true }) == "no-lead-task")
  }

  @Test("HL-smart-unknown, HL-smart-known, HL-unassigned-smart: known guests only, else a block")
  func smart() {
    let desk = calendar(#""mode": "smart""#)
    #expect(desk.outcome(meeting([eve])).record == .block(.primary))
    let task = desk.task(meeting([eve, ann]))
    #expect(task?.leads.map(\.email) == [ann], "unknown guests are no leads")
    #expect(task?.participants == [0, 1], "but they take part")
    #expect(desk.reason(meeting([kim, ann])) == "matched")
    #expect(desk.reason(meeting()) == "no-lead-task", "nobody from outside: a task")
  }

  @Test("LG-3-conflict: a conflict calendar gives busy times only, whatever else holds")
  func conflictCalendar() {
    let strict = """
      "allDay": "skip", "private": "skip", "requireParticipants": true, "declined": "skip",
      "connectedAt": "2030-01-01", "primaryOnly": true
      """
    for settings in ["", strict, #""guests": "create""#, #""guests": "busy-only""#] {
      let changes: [(inout MeetingItem) -> Void] = [
        { _ in }, { $0.isPrivate = true }, { $0.isAllDay = true }, { $0.parties = [] },
        { $0.isFromTask = true },
      ]
      for change in changes {
        let o = calendar(settings).outcome(
          meeting([ann]) {
            change(&$0)
            $0.role = .conflict
          })
        #expect(o.reason == .conflictCalendar && o.record == .block(.conflict), "\(settings)")
      }
    }
    let window = calendar(#""window": {"from": "2026-03-04"}"#)
    #expect(window.reason(meeting { $0.role = .conflict }) == "outside-window")
  }

  @Test("UP-10-match, UP-4-external: who invites whom does not matter")
  func invited() {
    #expect(Desk().reason(meeting([ann])) == "matched")
    #expect(Desk().reason(meeting(["sam@own.example"], by: ann)) == "matched")
    #expect(Desk().reason(meeting([], by: ann)) == "matched")
  }
}

/// The two phases, and lists in which several leads have one address.
@Suite struct MeetingLeadMatch {
  private let several = """
    "leads": [{"id": "L1", "email": "ann@client.example"}, {"id": "L2", "email": "ann@client.example"},
              {"id": "L3", "email": "bob@client.example"}]
    """

  @Test("several leads of one address: all, first, review")
  func onMultiple() {
    func outcome(_ how: String, _ guests: [String], _ settings: String = "") -> (String, [String]) {
      let leads = #"{"files": [], "searchBy": ["email"], "onMultiple": "\#(how)"}"#
      let desk = Desk("{\"calendar\": {\(settings)}, \"leads\": \(leads)}", list: several)
      let o = desk.outcome(meeting(guests))
      guard case .task(let task) = o.record else {
        return ("\(o.reason.rawValue) \(o.matched)", [])
      }
      return (o.reason.rawValue, task.leads.map { ($0.id ?? []).withByteView(\.string) })
    }
    #expect(outcome("all", [ann, bob]) == ("matched", ["L1", "L2", "L3"]))
    #expect(outcome("first", [bob, ann]) == ("matched", ["L3", "L1"]))
    #expect(outcome("review", [ann]) == ("ambiguous-lead L1,L2", []))
    #expect(outcome("review", [ann, eve]) == ("ambiguous-lead L1,L2", []))
    // Beside a lead that is certain the doubtful one is left out.
    #expect(outcome("review", [ann, bob]) == ("matched", ["L3"]))
    #expect(outcome("review", [ann, eve], #""guests": "create""#) == ("contact-created", [""]))
    #expect(outcome("review", [ann], #""guests": "known-only""#) == ("ambiguous-lead L1,L2", []))
  }

  @Test("a lead with two addresses is listed once, under the first")
  func oneLeadOnce() {
    let desk = Desk(#"{"leads": [{"id": "L1", "email": "ann@client.example; a@client.example"}]}"#)
    let task = desk.task(meeting(["a@client.example", ann]))
    #expect(task?.leads.map(\.email) == ["a@client.example"])
    #expect(task?.leads.first?.searchField == 0 && task?.leads.first?.sharesAddress == false)
  }

  @Test("the leads of a run are one set: captured anywhere hits here")
  func captured() {
    let desk = Desk()
    let o = desk.outcome(meeting([eve]), captured: [eve])
    #expect(o.reason == .captured && o.rule == "captureLeads" && o.matched == eve)
    #expect(desk.outcome(meeting([eve]), created: [eve]).reason == .captured)
    let task = desk.task(meeting([eve, ann]), captured: [eve])
    #expect(task?.leads.map(\.email) == [eve, ann])
    #expect(desk.outcome(meeting([eve, ann]), captured: [eve]).reason == .matched)
    let smart = calendar(#""guests": "known-only""#)
    #expect(smart.outcome(meeting([eve]), captured: [eve]).reason == .captured)
    // The meeting's own new contact; another meeting may make the same one, mail is first.
    let create = calendar(#""guests": "create""#)
    #expect(create.outcome(meeting([eve]), created: [eve]).reason == .contactCreated)
    #expect(create.outcome(meeting([eve]), captured: [eve]).reason == .captured)
    // A captured lead counts before a lead in doubt.
    let review = Desk(
      #"{"leads": {"files": [], "searchBy": ["email"], "onMultiple": "review"}}"#, list: several)
    #expect(review.outcome(meeting([ann, eve]), captured: [eve]).reason == .captured)
  }

  @Test(
    "without external participants it is a task without lead, whatever unknown says")
  func nobodyOutside() {
    for unknown in ["task", "block", "create", "skip"] {
      let desk = calendar(#""unknownAttendees": "\#(unknown)", "allowInternal": true"#)
      for item in [meeting(), meeting([kim])] {
        let o = desk.outcome(item)
        #expect(o.reason == .noLeadTask && desk.task(item)?.isInternal == true)
      }
    }
    #expect(Desk().outcome(meeting([kim, ann])).matched == ann)
  }

  @Test("explain: every guest has a line, every outcome an opposite")
  func words() {
    let desk = calendar(#""guests": "create""#)
    let item = meeting([ann, eve, bob, "noreply@else.example"])
    let match = MeetingMatching.find(MeetingContext(plan: desk.plan, item: item), leads: desk.leads)
    let lines = match.words(searchFields: ["email"]) { $0 == Array(bob.utf8) ? .captured : .none }
    #expect(
      lines == [
        "ann@client.example is lead L1, found by email",
        "eve@else.example becomes a lead of this meeting",
        "bob@client.example is a lead that mail or an earlier run captured",
        "noreply@else.example is no lead",
      ])
    for json in MeetingRuleTable.settings {
      for change in MeetingRuleTable.changes {
        let outcome = Desk(json).outcome(meeting([eve], change))
        #expect(
          !MeetingLeadMatchRule.opposite(
            of: Finding(reason: outcome.reason, rule: outcome.rule)
          ).isEmpty)
      }
    }
  }

  @Test("sharedMeetings once prefers the organiser's copy")
  func organizersCopy() {
    func isOrganizers(_ item: MeetingItem) -> Bool {
      let desk = Desk()
      return MeetingMatching.find(
        MeetingContext(plan: desk.plan, item: item), leads: desk.leads
      ).isOrganizersCopy
    }
    #expect(isOrganizers(meeting([ann], by: "S@own.example")))
    #expect(!isOrganizers(meeting(["sam@own.example"], by: ann)))
    #expect(!isOrganizers(meeting([ann], by: nil)))
  }
}
