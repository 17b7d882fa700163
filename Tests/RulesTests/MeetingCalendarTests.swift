import Testing

@testable import Rules

private let ann = "ann@client.example"
private let eve = "eve@else.example"
private let kim = "kim@own.example"

private let profiles = ["generic", "leadsquared", "highlevel", "upsales", "leadgains"]

/// CS: the rules for calendars that the first connector knows.
@Suite struct MeetingCalendarRows {
  @Test("CS-1-no-leads, CS-F-leads: meetings make no leads, in this profile whatever else is set")
  func noLeads() {
    let desk = Desk(#"{"profile": "leadsquared", "calendar": {"guests": "create"}}"#)
    #expect(!desk.plan.createsLeads)
    let o = desk.outcome(meeting([eve]))
    #expect(o.reason == .noLeadTask && o.rule == "calendar.contactCreation")
    #expect(desk.task(meeting([ann, eve]))?.leads.map(\.email) == [ann])
  }

  @Test("CS-1-appointment-only: to-dos and journal entries are no appointments, on every way")
  func appointmentsOnly() {
    for json in ["{}", #"{"calendar": {"guests": "busy-only"}}"#] {
      for role in Config.CalendarRole.allCases where role != .other {
        let reasons = [MeetingKind.todo, .journal].map { kind in
          Desk(json).reason(
            meeting([ann]) {
              $0.kind = kind
              $0.role = role
            })
        }
        #expect(reasons == ["not-appointment", "not-appointment"])
      }
    }
  }

  @Test("CS-3-direction, CS-6.2: meetings come in unless the direction is outbound")
  func direction() {
    for (direction, wanted) in [
      ("inbound", "matched"), ("two-way", "matched"), ("outbound", "direction-disabled"),
    ] {
      let desk = Desk(#"{"calendar": {"direction": "\#(direction)"}}"#)
      #expect(desk.reason(meeting([ann])) == wanted)
      #expect(desk.plan.writesTasks == (direction != "inbound"))
    }
    let off = Desk(#"{"calendar": {"enabled": false}}"#)
    #expect(off.outcome(meeting([ann])).rule == "calendar.enabled")
    #expect(off.reason(meeting([ann]) { $0.role = .conflict }) == "sync-disabled")
  }

  @Test("CS-5: access by role, by field; administrators always; absent lets in as the profile says")
  func access() {
    func reason(_ profile: String, _ access: String, _ user: String) -> String {
      Desk(
        """
        {"profile": "\(profile)", "access": {\(access)},
         "users": [{"id": "sam", "email": "sam@own.example", \(user)}]}
        """
      ).reason(meeting([ann]))
    }
    let role = #""calendar": {"basedOn": "role", "roles": ["Sales"]}"#
    let field = #""calendar": {"basedOn": "field", "field": "Is Employee"}"#
    #expect(reason("generic", role, #""role": " sales ""#) == "matched")
    #expect(reason("generic", role, #""role": "Support""#) == "user-no-access")
    #expect(reason("generic", role, #""role": "Administrator""#) == "matched")
    #expect(reason("generic", field, #""fields": {"Is Employee": "Yes"}"#) == "matched")
    #expect(reason("generic", field, #""fields": {"Is Employee": "No"}"#) == "user-no-access")
    #expect(reason("generic", field, #""role": "Sales""#) == "user-no-access")
    #expect(reason("generic", "", #""role": "Sales""#) == "matched")
    #expect(reason("leadsquared", "", #""role": "Sales""#) == "user-no-access")
    #expect(reason("leadsquared", "", #""role": "Administrator""#) == "matched")
    #expect(reason("upsales", "", #""licensed": "no""#) == "user-no-access")
  }

  @Test("CS-7-disable, CS-7-delete, CS-8: paused and removed users; nobody known")
  func states() {
    for (status, wanted) in [
      ("active", "matched"), ("paused", "user-paused"), ("removed", "user-removed"),
    ] {
      let desk = Desk(
        #"{"users": [{"id": "sam", "email": "sam@own.example", "status": "\#(status)"}]}"#)
      #expect(desk.reason(meeting([ann])) == wanted)
      #expect(
        desk.reason(meeting([ann]) { $0.role = .conflict })
          == (status == "active" ? "conflict-calendar" : wanted))
    }
    #expect(Desk().reason(meeting([ann]) { $0.user = -1 }) == "user-unknown")
    #expect(Desk().reason(meeting([ann]) { $0.user = 7 }) == "user-unknown")
  }

  @Test(
    "CS-6.3-in, CS-6.3-one-type: the one task type of imported meetings, by user when they say so")
  func taskType() {
    #expect(Desk().task(meeting([ann]))?.type == "Meeting")
    let desk = Desk(
      """
      {"calendar": {"inboundTaskType": "Visit"}, "users": [
        {"id": "a", "email": "a@own.example"},
        {"id": "b", "email": "b@own.example", "overrides": {"calendar": {"inboundTaskType": "Call"}}}]}
      """)
    #expect(desk.task(meeting([ann]))?.type == "Visit")
    #expect(desk.task(meeting([ann]) { $0.user = 1 })?.type == "Call")
  }

  @Test("CS-6.3-no-lead, CS-F-unknown-lead: an owner but no lead, internal as a category only")
  func unknownLead() {
    for profile in ["generic", "leadsquared", "upsales", "leadgains"] {
      let desk = Desk(
        #"{"profile": "\#(profile)", "calendar": {"contactCreation": "never", "internalDomainsFrom": "organization"}}"#
      )
      let o = desk.outcome(meeting([eve]))
      #expect(o.reason == .noLeadTask && o.isKept, "\(profile)")
      let task = desk.task(meeting([eve]))
      #expect(task?.isInternal == true && task?.leads.isEmpty == true)
      #expect(desk.named(meeting([eve])) == [eve])
    }
    #expect(Desk().task(meeting([ann]))?.isInternal == false)
  }

  @Test("CS-6.4-domains, CS-6.4-internal: one outsider makes a meeting external")
  func internalMeetings() {
    func reasons(_ attendees: [String], by organizer: String? = "sam@own.example") -> [String] {
      profiles.map {
        Desk(#"{"profile": "\#($0)"}"#).reason(meeting(attendees, by: organizer))
      }
    }
    let dropped = ["internal", "internal", "no-lead-task", "internal", "no-lead-task"]
    #expect(reasons([kim]) == dropped)
    #expect(reasons([], by: kim) == dropped, "the organiser is a participant")
    #expect(reasons([kim, "s@own.example", "room:big@own.example"]) == dropped)
    #expect(reasons([kim, ann]) == ["matched", "matched", "matched", "matched", "matched"])
    // Exactly the domains that are listed: a subdomain is somebody else's.
    #expect(Desk().reason(meeting(["x@sub.own.example"])) == "no-lead-task")
    #expect(
      Desk(#"{"organization": {"domains": ["own.example", "*.own.example"]}}"#).reason(
        meeting(["x@sub.own.example"])) == "internal")
    // Somebody without an address cannot be told to be a colleague.
    #expect(Desk().reason(meeting([kim, "unknown guest"])) == "no-lead-task")
  }

  @Test("CS-6.4-internal: a listed colleague with an address elsewhere is a colleague")
  func listedColleagues() {
    let users = """
      "users": [{"id": "sam", "email": "sam@own.example"},
                {"id": "lea", "email": "lea@own.example", "aliases": ["lea@home.example"], "licensed": "no"}]
      """
    #expect(Desk("{\(users)}").reason(meeting(["lea@home.example"])) == "internal")
    #expect(Desk("{\(users)}").reason(meeting(["eve@home.example"])) == "no-lead-task")
  }

  @Test("CS-6.4-lock: users' own settings count unless they are locked")
  func lock() {
    let user = """
      "users": [{"id": "sam", "email": "sam@own.example", "role": "Administrator",
                 "overrides": {"calendar": {"allowInternal": true, "allDay": "skip"}}}]
      """
    let open = Desk("{\(user)}")
    #expect(open.reason(meeting([kim])) == "no-lead-task")
    for desk in [
      Desk("{\"calendar\": {\"lockUserConfig\": true}, \(user)}"),
      Desk("{\"profile\": \"leadsquared\", \(user)}"),
    ] {
      #expect(desk.reason(meeting([kim])) == "internal")
      #expect(desk.warnings.contains { $0.contains("lockUserConfig") })
    }
    // The decision names where the setting stands: the user's own only where it says something
    // else.
    let own = Desk("{\"calendar\": {\"allDay\": \"keep\"}, \(user)}")
    let o = own.outcome(meeting([ann]) { $0.isAllDay = true })
    #expect(o.reason == .allDay && o.rule == "users.overrides.calendar.allDay")
    #expect(open.outcome(meeting { $0.isAllDay = true }).rule == "calendar.allDay")
  }

  @Test("CS-F-primary, UP-3.5-main, LG-3-linked: only the primary calendar, unless told otherwise")
  func primary() {
    for profile in profiles {
      let desk = Desk(#"{"profile": "\#(profile)"}"#)
      let o = desk.outcome(meeting([ann]) { $0.role = .other })
      #expect(o.reason == .notPrimaryCalendar && o.rule == "calendar.primaryOnly", "\(profile)")
      #expect(desk.reason(meeting([ann])) == "matched")
    }
    let all = Desk(#"{"calendar": {"primaryOnly": false}}"#)
    #expect(all.reason(meeting([ann]) { $0.role = .other }) == "matched")
  }

  @Test("CS-F-history: made before the connection, by CREATED or what stands in for it")
  func history() {
    func made(_ text: String?, _ source: CreationBasis = .created) -> MeetingItem {
      meeting([ann]) {
        $0.created = text.map(seconds)
        $0.createdSource = source
      }
    }
    let desk = Desk(#"{"calendar": {"connectedAt": "2026-01-01T00:00:00Z"}}"#)
    let o = desk.outcome(made("2025-12-31T23:59:59Z", .stamp))
    #expect(o.reason == .beforeConnected && o.rule == "calendar.connectedAt")
    #expect(o.matched == "DTSTAMP")
    #expect(desk.reason(made("2026-01-01T00:00:00Z")) == "matched")
    #expect(desk.reason(made(nil)) == "matched", "where nothing tells it is kept")
    #expect(Desk().reason(made("1990-01-01T00:00:00Z")) == "matched")
    // It opens no window: what starts long before is kept when it was made later.
    #expect(desk.reason(meeting([ann]) { $0.start = 0 }) == "matched")
    // Of the user's own and the organisation's the later one; an override replaces the latter.
    let own = Desk(
      """
      {"calendar": {"connectedAt": "2026-01-01T00:00:00Z"}, "users": [
       {"id": "a", "email": "a@own.example", "connectedAt": "2026-02-01"},
       {"id": "b", "email": "b@own.example", "connectedAt": "2025-02-01"},
       {"id": "c", "email": "c@own.example", "overrides": {"calendar": {"connectedAt": null}}}]}
      """)
    let rules = (0..<3).map { user in
      var item = made("2025-12-01T00:00:00Z")
      item.user = user
      return own.outcome(item).rule
    }
    #expect(rules == ["users.connectedAt", "calendar.connectedAt", "leads.searchBy"])
    #expect(desk.reason(made("2025-01-01T00:00:00Z")) == "before-connected")
    var conflict = made("2025-01-01T00:00:00Z")
    conflict.role = .conflict
    #expect(desk.reason(conflict) == "conflict-calendar")
  }

  @Test(
    "CS-F-multi-email: found by the address that the list holds")
  func addresses() {
    #expect(Desk().reason(meeting(["ann@CLIENT.example"])) == "matched")
    #expect(Desk().reason(meeting(["ann+x@client.example"])) == "no-lead-task")
  }

  @Test("CS-F-allday, UP-3.4-fullday-rec: all-day events as the profile says")
  func allDay() {
    func reasons(_ isRecurring: Bool) -> [String] {
      profiles.map {
        Desk(#"{"profile": "\#($0)"}"#).reason(
          meeting([ann]) {
            $0.isAllDay = true
            $0.isRecurring = isRecurring
          })
      }
    }
    #expect(reasons(false) == ["all-day", "all-day", "matched", "matched", "matched"])
    #expect(reasons(true) == ["all-day", "all-day", "matched", "all-day-recurring", "matched"])
  }

  @Test("CS-F-private: private events are not synced, and nothing of them is shown")
  func privacy() {
    for profile in profiles {
      let o = Desk(#"{"profile": "\#(profile)"}"#).outcome(meeting([ann]) { $0.isPrivate = true })
      #expect(o.reason == .private && o.rule == "calendar.private" && o.matched.isEmpty)
    }
    // What was synced while it was public stays as it is.
    let frozen = Desk().outcome(
      meeting([ann]) {
        $0.isPrivate = true
        $0.isKnown = true
      })
    #expect(frozen.reason == .privateFrozen && !frozen.isKept)
    let keep = Desk(#"{"calendar": {"private": "keep"}}"#)
    #expect(keep.outcome(meeting([ann]) { $0.isPrivate = true }).matched == ann)
  }

  @Test("CS-F-private: no rule's words name anybody of a private event")
  func privateWords() {
    let secret = meeting([eve, ann, "room:secret@own.example"]) {
      $0.isPrivate = true
      $0.uid = "u@x.example"
    }
    for json in ["{}", #"{"calendar": {"guests": "busy-only"}}"#] {
      let desk = Desk(json)
      for role in Config.CalendarRole.allCases {
        var item = secret
        item.role = role
        let c = MeetingContext(plan: desk.plan, item: item)
        #expect(c.hidesContent)
        var words = MeetingRules.book.rules.flatMap { rule -> [String] in
          let f = rule.ask(c)
          return [rule.looksAt(c), rule.opposite(c, f), f.matched]
        }
        let match = MeetingMatching.find(c, leads: desk.leads)
        words += match.words(searchFields: desk.leads.searchFields) { _ in .none }
        words.append(match.settle { _ in .none }.matched)
        #expect(words.allSatisfy { !$0.contains("@") }, "\(words)")
      }
    }
  }

  @Test("CS-W-alerts: nobody is told unless it is asked for")
  func notifications() {
    for profile in profiles {
      #expect(
        Desk(#"{"profile": "\#(profile)"}"#).task(meeting([ann]))?.notify
          == Config.Notifications.none)
    }
    let desk = Desk(#"{"calendar": {"notifications": "invitees"}}"#)
    #expect(desk.task(meeting([ann]))?.notify == .invitees)
  }

  @Test("CS-6.2-two-way: an event that came from a CRM task is no second task")
  func loops() {
    for json in ["{}", #"{"calendar": {"guests": "busy-only"}}"#] {
      let o = Desk(json).outcome(meeting([ann]) { $0.isFromTask = true })
      #expect(o.reason == .duplicate && o.rule == "the CRM's own task")
    }
  }

  @Test("an older version of an event is a duplicate, on every way")
  func versions() {
    for role in [Config.CalendarRole.primary, .conflict] {
      let o = Desk().outcome(
        meeting([ann]) {
          $0.role = role
          $0.isSuperseded = true
          $0.newerVersion = "b.ics#3"
        })
      #expect(o.reason == .duplicate && o.matched == "b.ics#3")
    }
  }

  @Test("a cancelled event is dropped; its task of an earlier run is written again")
  func cancelled() {
    let gone = meeting([ann]) { $0.isCancelled = true }
    var known = gone
    known.isKnown = true
    #expect(
      profiles.map { Desk(#"{"profile": "\#($0)"}"#).reason(gone) }
        == Array(repeating: "cancelled", count: 5))
    let desk = Desk()
    #expect(desk.outcome(gone).rule == "the event's status")
    #expect(desk.task(known)?.isCancelled == true)
    #expect(Desk(#"{"calendar": {"onCancel": "delete-row"}}"#).task(known)?.isCancelled == true)
    // UP-9-delete: cancellations do not reach the CRM there.
    let upsales = Desk(#"{"profile": "upsales"}"#).outcome(known)
    #expect(upsales.reason == .cancelled && upsales.rule == "calendar.onCancel")
  }

  @Test("the owner's declined meetings are kept unless `declined` is skip")
  func declined() {
    let item = meeting(["sam@own.example!", ann], by: ann)
    #expect(Desk().reason(item) == "matched")
    #expect(MeetingContext(plan: Desk().plan, item: item).people.ownerStatus == "DECLINED")
    let desk = Desk(#"{"calendar": {"declined": "skip"}}"#)
    let o = desk.outcome(item)
    #expect(o.reason == .notBusy && o.rule == "calendar.declined" && !o.isKept)
    // With two addresses of the owner the more willing answer counts; others' answers do not.
    #expect(
      desk.reason(meeting(["sam@own.example!", "s@own.example?", ann], by: ann)) == "matched")
    #expect(desk.reason(meeting([ann + "!"])) == "matched")
    #expect(desk.reason(meeting([ann]) { $0.ownerDeclined = true }) == "not-busy")
    // A task that was written is still cancelled, and blocks have their own say.
    var gone = item
    gone.isCancelled = true
    gone.isKnown = true
    #expect(desk.task(gone)?.isCancelled == true)
    let busy = Desk(#"{"calendar": {"declined": "skip", "guests": "busy-only"}}"#)
    #expect(busy.outcome(item).rule == "calendar.guests")
  }
}
