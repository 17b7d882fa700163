import Testing

@testable import Rules

/// UP-11: licences, usernames, and the names of the example.
@Suite struct MeetingUpsalesRows {
  /// Karl has a licence; Johanna has none, and is listed or not.
  private func desk(johanna: String = "", lucas: String = "", leads: String = "[]") -> Desk {
    Desk(
      """
      {"profile": "upsales", "organization": {"domains": ["exempel.se"]}, "leads": \(leads),
       "users": [
        {"id": "karl", "email": "karl.andersson@exempel.se",
         "aliases": ["karl@exempel.se", "karl@sthlm.exempel.se"]}\(johanna)\(lucas)]}
      """)
  }
  private static let johanna = """
    , {"id": "johanna", "email": "johanna.svennson@exempel.se", "licensed": "no",
       "aliases": ["johanna@exempel.se", "johanna@gbg.exempel.se"]}
    """
  private static let lucas = #", {"id": "lucas", "email": "lucas@gbg.exempel.se"}"#
  private static let externalLead = #"[{"id": "L1", "email": "ann@client.example"}]"#

  @Test("UP-S1: an outsider invites both; the colleague without a licence is not named")
  func s1() {
    for johanna in ["", Self.johanna] {
      let d = desk(johanna: johanna, leads: Self.externalLead)
      let item = meeting(
        ["karl@exempel.se", "johanna.svennson@exempel.se"], by: "ann@client.example")
      #expect(d.reason(item) == "matched")
      #expect(d.named(item) == ["ann@client.example"])
      #expect(d.task(item)?.leads.map(\.email) == ["ann@client.example"])
      // A colleague with a licence is named.
      let withLucas = desk(johanna: johanna, lucas: Self.lucas, leads: Self.externalLead)
      var other = item
      other.parties.append(party("lucas@gbg.exempel.se"))
      #expect(withLucas.named(other) == ["ann@client.example", "lucas@gbg.exempel.se"])
    }
    // Elsewhere everybody is named.
    let all = Desk(#"{"profile": "leadgains"}"#)
    #expect(all.named(meeting(["kim@own.example", "ann@client.example"])).count == 2)
  }

  @Test("UP-S2: another domain is an outsider, also when it is a listed colleague's alias")
  func s2() {
    for johanna in ["", Self.johanna] {
      let d = desk(johanna: johanna)
      let item = meeting(["johanna@gbg.exempel.se"], by: "karl@exempel.se")
      let o = d.outcome(item)
      #expect(o.reason == .noLeadTask && o.isKept)
      #expect(d.named(item).isEmpty, "who is no contact is not named")
      let known = desk(
        johanna: johanna, leads: #"[{"id": "J", "email": "johanna@gbg.exempel.se"}]"#)
      #expect(known.reason(item) == "matched")
      #expect(known.named(item) == ["johanna@gbg.exempel.se"])
    }
  }

  @Test("UP-S3: a licensed colleague's username makes the domain internal, so it is not synced")
  func s3() {
    for johanna in ["", Self.johanna] {
      let d = desk(johanna: johanna, lucas: Self.lucas)
      let o = d.outcome(meeting(["johanna@gbg.exempel.se"], by: "karl@exempel.se"))
      #expect(o.reason == .internal && o.rule == "calendar.allowInternal")
    }
    // UP-11-user1: all addresses are the user's own, but only the username's domain is internal.
    let item = meeting(["karl@sthlm.exempel.se"], by: "karl@exempel.se")
    #expect(desk().reason(item) == "no-participants")
    #expect(desk().reason(meeting(["x@sthlm.exempel.se"], by: "karl@exempel.se")) == "no-lead-task")
    // Under `both` the listed domains count beside those of usernames.
    let both = Desk(
      """
      {"organization": {"domains": ["own.example", "sub.example"]},
       "users": [{"id": "sam", "email": "sam@user.example"}],
       "calendar": {"internalDomainsFrom": "both"}}
      """)
    #expect(both.reason(meeting(["x@sub.example"])) == "internal")
    #expect(both.reason(meeting(["x@user.example"])) == "internal")
  }

  @Test("UP-4-solo: an event without participants is dropped, one of rooms too")
  func solo() {
    #expect(desk().reason(meeting([], by: "karl@exempel.se")) == "no-participants")
    #expect(desk().reason(meeting(["room:r@exempel.se"], by: nil)) == "no-participants")
    #expect(Desk().reason(meeting()) == "no-lead-task")
  }

  @Test("UP-4-declined: who declined still takes part, with their answer")
  func declined() {
    let d = desk(leads: Self.externalLead)
    let item = meeting(["ann@client.example!"], by: "karl@exempel.se")
    #expect(d.named(item) == ["ann@client.example"])
    #expect(
      MeetingContext(plan: d.plan, item: item).people.participants.first?.party.status == "DECLINED"
    )
  }

  @Test("UP-10-nomatch: an unknown organiser: a task without lead, and the address is not shown")
  func nomatch() {
    let d = desk()
    let item = meeting(["karl@exempel.se"], by: "ann@client.example")
    let task = d.task(item)
    #expect(d.reason(item) == "no-lead-task" && task?.leads.isEmpty == true)
    #expect(task?.participants.isEmpty == true && task?.namesOrganizer == false)
    let known = desk(leads: Self.externalLead).task(item)
    #expect(known?.namesOrganizer == true)
    #expect(d.task(meeting(["eve@else.example"], by: "karl@exempel.se"))?.namesOrganizer == true)
    #expect(
      Desk().task(meeting(["sam@own.example"], by: "eve@else.example"))?.namesOrganizer == true)
  }

  @Test("UP-4-never-met: the first meeting with somebody is taken as the export has it")
  func neverMet() {
    let item = meeting(["karl@exempel.se"], by: "new@client.example")
    #expect(desk().outcome(item).isKept)
  }
}
