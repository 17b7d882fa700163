import Testing

@testable import Rules

/// The rules as a list, who takes part, and what is told about them.
@Suite struct MeetingRuleTable {
  @Test func theStepsAreInTheContractsOrder() {
    let steps = MeetingRules.book.rules.map(\.step)
    #expect(steps == steps.sorted() && steps.first == 2 && steps.last == 11)
    #expect(Set(MeetingRules.book.rules.map(\.name)).count == MeetingRules.book.rules.count)
    let given = MeetingRules.book.rules.flatMap(\.reasons)
    let order = given.compactMap { Reason.allCases.firstIndex(of: $0) }
    #expect(order == order.sorted() && Set(given).count == given.count)
  }

  /// Every fact that a rule looks at, one at a time.
  static let changes: [@Sendable (inout MeetingItem) -> Void] = [
    { _ in }, { $0.user = -1 }, { $0.role = .other }, { $0.role = .conflict }, { $0.kind = .todo },
    { $0.isPrivate = true }, { $0.isAllDay = true }, { $0.isCancelled = true },
    { $0.parties = [] }, { $0.isSuperseded = true }, { $0.isFromTask = true },
    { $0.ownerDeclined = true }, { $0.isFree = true }, { $0.created = 0 }, { $0.start = 0 },
    {
      $0.isRecurring = true
      $0.occurrences = occurrences([])
    },
  ]

  static let settings = [
    "{}", #"{"calendar": {"guests": "busy-only"}}"#,
    #"{"calendar": {"direction": "outbound"}}"#, #"{"calendar": {"enabled": false}}"#,
    #"{"calendar": {"declined": "skip", "connectedAt": "2026-01-01", "requireParticipants": true}}"#,
    #"{"profile": "upsales"}"#, #"{"profile": "highlevel"}"#,
  ]

  @Test func everyRuleExplainsItselfAndGivesOnlyItsReasons() {
    for json in Self.settings {
      let plan = Desk(json).plan
      for change in Self.changes {
        let c = MeetingContext(plan: plan, item: meeting(["eve@else.example"], change))
        for rule in MeetingRules.book.rules {
          let f = rule.ask(c)
          #expect(!rule.looksAt(c).isEmpty && !rule.opposite(c, f).isEmpty)
          #expect(f.reason.map { rule.reasons.contains($0) } ?? true)
          #expect((f.reason == nil) == f.rule.isEmpty, "a drop names what decided")
          #expect(f.reason == nil || rule.matters(plan), "\(rule.name)")
        }
      }
    }
  }

  @Test func opinionsOfRulesThatDoNotMatterAreNotAsked() {
    let plan = Desk(#"{"calendar": {"allDay": "keep", "private": "keep", "allowInternal": true}}"#)
      .plan
    let silent = MeetingRules.book.rules.filter { !$0.matters(plan) }.map(\.name)
    #expect(silent == ["switches", "private", "all-day", "participants", "internal", "declined"])
  }

  @Test func anOutsiderIsNamedWhereHeIsNoSecret() {
    let c = MeetingContext(
      plan: Desk().plan, item: meeting(["kim@own.example", "eve@else.example"]))
    let rule = MeetingRules.book.rules.first { $0.name == "internal" }
    #expect(rule?.looksAt(c).contains("eve@else.example") == true)
  }
}

@Suite struct MeetingParticipants {
  private func people(_ item: MeetingItem, _ json: String = "{}") -> MeetingPeople {
    MeetingContext(plan: Desk(json).plan, item: item).people
  }

  @Test("without rooms, things, calendars and the owner under any of their addresses")
  func whoCounts() {
    let p = people(
      meeting([
        "S@Own.example", "room:big@own.example", "ann@client.example", "room:BIG@own.example",
      ]) {
        $0.parties.append(
          MeetingParty(
            key: AddressEntry.key(of: "c@group.calendar.example") ?? [],
            email: "c@group.calendar.example", isCalendar: true))
        $0.parties.append(MeetingParty(key: [], email: ""))
      })
    #expect(p.participants.map(\.party.email) == ["ann@client.example"])
    #expect(p.rooms.map(\.email) == ["big@own.example"])
    #expect(p.organizer?.email == "sam@own.example" && p.isOrganizedByOwner)
  }

  @Test("ways of writing one address count once; the attendee's answer is kept")
  func onePersonOnce() {
    var item = meeting(["ANN@client.example.?", "ann@client.example"], by: "Ann@Client.example")
    item.parties[0].name = "Ann A"
    let p = people(item).participants
    #expect(p.count == 1)
    #expect(p.first?.party.status == "TENTATIVE" && p.first?.party.isOrganizer == true)
    #expect(p.first?.party.name == "Ann A")
    #expect(
      people(meeting(["x@b\u{FC}cher.example", "X@XN--BCHER-KVA.example"])).participants.count == 1)
  }

  @Test("people without an address are told apart by what stands there")
  func withoutAddress() {
    let p = people(meeting(["nobody", "nobody", "somebody"]))
    #expect(p.participants.count == 2 && !p.isInternal && p.hasExternal)
    #expect(people(meeting()).participants.isEmpty)
  }

  @Test(
    "UP-6-rooms: a room as the only guest is nobody; a room that organises is no organiser's copy")
  func rooms() {
    let upsales = Desk(#"{"profile": "upsales"}"#)
    #expect(upsales.reason(meeting(["room:big@own.example"])) == "no-participants")
    #expect(Desk().reason(meeting(["room:big@else.example"])) == "no-lead-task")
  }
}
