import Bytes
import Testing

@testable import JSONText
@testable import Rules

/// Reads lists written into a configuration.
func lists(_ text: String) -> (file: ConfigFile, users: UserIndex, report: ListReport) {
  let f = read(text)
  let (users, report) = ListLoader.users(f, paths: [])
  return (f, users, report)
}

@Suite struct LeadLists {
  static func leads(_ text: String) -> (LeadIndex, ListReport, ConfigFile) {
    let f = read(text)
    let (index, report) = ListLoader.leads(f, paths: [])
    return (index, report, f)
  }

  static func match(_ index: LeadIndex, _ address: String) -> (field: Int, ids: [String])? {
    guard let key = AddressEntry.key(of: address),
      let m = key.withByteView({ index.lookup(addressKey: $0) })
    else { return nil }
    return (m.field, index.leads(m).map { index.value(.id, of: $0).string })
  }

  @Test func addressesAreFoundInTheFirstFieldThatHits() {
    let index = LeadIndex(searchFields: ["Email", "Contact"])
    func add(_ id: String, _ fields: [String]) {
      let lead = id.withByteView { v in
        index.add(id: v, name: ByteView("N"), owner: .empty, company: .empty, phone: ByteView("1"))
      }
      let key = ByteBuffer()
      for (i, f) in fields.enumerated() {
        f.withByteView { cell in
          ListLoader.addresses(cell, key) { valid in
            if let valid, let lead { index.add(addressKey: valid, field: i, lead: lead) }
          }
        }
      }
    }
    add("1", ["", "a@x.example; b@x.example"])
    add("2", ["A@X.example,c@x.example , c@x.example", "b@x.example"])
    add("3", ["c@x.example", ""])
    #expect(Self.match(index, " a@x.example ")?.field == 0)
    #expect(Self.match(index, "a@x.example")?.ids == ["2"])
    #expect(Self.match(index, "b@x.example")?.field == 1)
    #expect(Self.match(index, "b@x.example")?.ids == ["1", "2"])
    #expect(Self.match(index, "c@x.example")?.ids == ["2", "3"])
    #expect(Self.match(index, "d@x.example") == nil)
    #expect(index.value(.name, of: 0).string == "N")
    #expect(index.value(.phone, of: 2).string == "1")
    #expect(index.value(.owner, of: 9).isEmpty)
    #expect(ByteView("2").count == 1 && index.lead(id: ByteView("2")) == 1)
    #expect(
      index.add(id: ByteView("2"), name: .empty, owner: .empty, company: .empty, phone: .empty)
        == nil)
  }

  @Test func manyLeadsAreAllFound() {
    let index = LeadIndex(searchFields: ["e"])
    for i in 0..<5000 {
      "\(i)".withByteView { id in
        let lead = index.add(id: id, name: id, owner: .empty, company: .empty, phone: .empty)
        "u\(i % 2500)@x.example".withByteView {
          index.add(addressKey: $0, field: 0, lead: lead ?? -1)
        }
      }
    }
    #expect(index.count == 5000)
    #expect(index.addressCount == 2500)
    for i in stride(from: 0, to: 2500, by: 7) {
      #expect(Self.match(index, "u\(i)@x.example")?.ids == ["\(i)", "\(i + 2500)"])
    }
  }

  @Test func recordsInTheConfigurationAreLeads() {
    let (index, report, f) = Self.leads(
      #"{"leads": [{"id": 7, "email": ["a@x.example", "b@x.example"], "name": "A\nB"}, {"id": "8"}, {"email": "c@x.example"}]}"#
    )
    #expect(f.diagnostics.isEmpty)
    #expect(index.count == 2)
    #expect(report.errorRows == 1)
    #expect(Self.match(index, "b@x.example")?.ids == ["7"])
    #expect(index.value(.name, of: 0).string == "A B")
  }
}

@Suite struct UserLists {
  @Test func usersAreFoundByIdAndEveryAddress() {
    let (_, users, report) = lists(
      """
      {"organization": {"domains": ["corp.example", "*.corp.example"]},
       "users": [{"id": "u1", "email": "Ann@corp.example", "aliases": ["ann@home.example"]},
                 {"id": "u2", "email": "bob@sub.corp.example", "licensed": "No", "status": "paused",
                  "fields": {"Is Employee": true}},
                 {"id": "u3", "email": "cid@agency.example"}]}
      """)
    #expect(report.diagnostics.map(\.text) == [])
    #expect(users.users.map(\.licensed) == [true, false, true])
    #expect(users.users.map(\.status) == [.active, .paused, .active])
    func who(_ a: String) -> Int? { a.withByteView { users.user(addressKey: $0) } }
    #expect(who("ann@corp.example") == 0)
    #expect(who("ann@home.example") == 0)
    #expect(who("x@corp.example") == nil)
    #expect(users.user(id: "u2") == 1)
    #expect(users.user(id: "U2") == nil)
    func inside(_ a: String) -> Bool { a.withByteView { users.isInternal($0) } }
    #expect(inside("x@corp.example") && inside("x@a.b.corp.example") && inside("ann@home.example"))
    #expect(!inside("x@home.example") && !inside("x@notcorp.example"))
    func meeting(_ a: String, _ from: Config.InternalDomains) -> Bool {
      a.withByteView { users.isInternal($0, domainsFrom: from) }
    }
    #expect(meeting("x@agency.example", .usernames) && !meeting("x@agency.example", .organization))
    #expect(!meeting("x@home.example", .both), "aliases make no domain internal")
    #expect(meeting("x@corp.example", .both))
  }

  @Test(arguments: [
    (
      #"{"users":[{"id":"a","email":"a@x.example"},{"id":"b","email":"A@X.example"}]}"#,
      "belongs to"
    ),
    (
      #"{"users":[{"id":"a","email":"a@x.example"},{"id":"b","email":"b@x.example","aliases":["a@x.example"]}]}"#,
      "belongs to"
    ),
    (
      #"{"users":[{"id":"a","email":"a@x.example"},{"id":"a","email":"b@x.example"}]}"#,
      "occurs twice"
    ),
    (#"{"users":[{"email":"a@x.example"}]}"#, "has no id"),
    (#"{"users":[{"id":"a","email":"nobody"}]}"#, "no address"),
    (#"{"users":[{"id":"a"}]}"#, "missing"),
    (
      #"{"users":[{"id":"a","email":"a@x.example","statsu":"paused"}]}"#, "did you mean \"status\"?"
    ),
    (#"{"users":[{"id":"a","email":"a@x.example","licensed":"maybe"}]}"#, "yes or a no"),
    (
      #"{"users":[{"id":"a","email":"a@x.example","overrides":{"outbound":{"enabled":false}}}]}"#,
      "unknown key"
    ),
    (#"{"users":[{"id":"a","email":"a@x.example","overrides":{"access":{}}}]}"#, "unknown key"),
    (
      #"{"users":[{"id":"a","email":"a@x.example","overrides":{"calendar":{"lockUserConfig":true}}}]}"#,
      "administrator"
    ),
    (
      #"{"users":[{"id":"a","email":"a@x.example"}],"sources":[{"path":"p","owner":"aa"}]}"#,
      "did you mean \"a\"?"
    ),
    (#"{"sources":[{"path":"p","owner":"sam"}]}"#, "no user has this id"),
    (
      #"{"access":{"inbox":{"basedOn":"field","field":"F"}},"users":[{"id":"a","email":"a@x.example","fields":{"F":"perhaps"}}]}"#,
      "user \"a\": the field \"F\""
    ),
  ])
  func usersThatCannotBeToldApartOrAreWrongAreRefused(_ text: String, _ part: String) {
    let (f, _, report) = lists(text)
    #expect(!f.diagnostics.hasErrors)
    let errors = report.diagnostics.filter { $0.severity == .error }.map(\.text)
    #expect(errors.count == 1)
    #expect(errors.first?.contains(part) == true, "\(errors)")
  }

  @Test func whatNobodyAdmitsIsIgnoredWithAWarning() {
    let user = """
      "users":[{"id":"a","email":"a@x.example","overrides":{"outbound":{"keywords":["k"],
      "exclude":["d.example"]},"calendar":{"allDay":"keep"}}}]
      """
    let plain = lists("{\(user)}")
    #expect(plain.users.users[0].overrides.outbound.exclude.isEmpty)
    #expect(plain.users.users[0].overrides.outbound.keywords == ["k"])
    #expect(plain.users.users[0].overrides.calendar?.allDay == .keep)
    #expect(plain.report.diagnostics.map(\.severity) == [.warning, .warning])
    let locked = lists("{\"calendar\":{\"lockUserConfig\":true},\(user)}")
    #expect(locked.users.users[0].overrides.calendar == nil)
    let admitted = lists(
      "{\"email\":{\"outbound\":{\"behaviour\":\"keywords\",\"keywords\":{\"admin\":[\"x\"]},\"exclude\":{\"allowUser\":true}}},\(user)}"
    )
    #expect(admitted.users.users[0].overrides.outbound.exclude == ["d.example"])
    #expect(admitted.report.diagnostics.isEmpty)
  }

  @Test func accessFollowsRolesAndFields() {
    // ES-F-who: who may change settings and whose mailboxes are synced.
    let people = [
      ("bob", "Administrator"), ("john", "sales manager "), ("paul", "Sales Manager"),
      ("frodo", "Sales User"), ("george", "Marketing User"),
    ]
    let users = people.map {
      "{\"id\":\"\($0.0)\",\"email\":\"\($0.0)@x.example\",\"role\":\"\($0.1)\"}"
    }
    let (f, index, _) = lists(
      """
      {"access":{"settings":{"basedOn":"role","roles":["Sales Manager"]},
                 "inbox":{"basedOn":"role","roles":["Sales User"]}},
       "users":[\(users.joined(separator: ","))]}
      """)
    let policy = AccessPolicy(f.config)
    #expect(index.users.filter(policy.mayChangeSettings).map(\.id) == ["bob", "john", "paul"])
    #expect(index.users.filter(policy.mayUseInbox).map(\.id) == ["frodo"])
    #expect(index.users.filter(policy.mayUseCalendar).count == 5)
    let leadsquared = AccessPolicy(Config.defaults(.leadsquared))
    #expect(index.users.filter(leadsquared.mayUseInbox).map(\.id) == ["frodo", "george"])
    #expect(index.users.filter(leadsquared.mayUseCalendar).map(\.id) == ["bob"])
    var noLicence = UserRecord()
    noLicence.licensed = false
    #expect(!AccessPolicy(Config.defaults(.upsales)).mayUseInbox(noLicence))
    #expect(AccessPolicy(Config()).mayUseInbox(noLicence))
  }

  @Test(arguments: [
    ("Yes", true), (" yes ", true), ("TRUE", true), ("1", true), ("No", false), ("false", false),
    ("0", false), ("", false), ("perhaps", false),
  ])
  func fieldsLetInWhenTheySayYes(_ value: String, _ admitted: Bool) {
    var c = Config()
    c.access.inbox = Config.AccessRule(basedOn: .field, field: "F")
    var u = UserRecord()
    #expect(!AccessPolicy(c).mayUseInbox(u))
    u.fields = ["F": value]
    #expect(AccessPolicy(c).mayUseInbox(u) == admitted)
    #expect(AccessPolicy(c).faults(of: u).isEmpty == (value != "perhaps"))
  }

  @Test func personalMailboxesAreAWarningUnderLeadsquared() {
    let user = #""users":[{"id":"a","email":"a@gmail.com"}]"#
    #expect(
      lists("{\"profile\":\"leadsquared\",\(user)}").report.diagnostics.map(\.severity) == [
        .warning
      ])
    #expect(lists("{\(user)}").report.diagnostics.isEmpty)
  }
}

@Suite struct AddressEntries {
  @Test(arguments: [
    ("a@b.example", "a@b.example"), (" A@B.Example. ", "a@b.example"),
    ("linkedin.com", "linkedin.com"),
    ("@linkedin.com", "linkedin.com"), ("*.X.example", "*.x.example"),
    ("\"a@b\"@c.example", "\"a@b\"@c.example"),
  ])
  func entriesBecomeKeys(_ written: String, _ key: String) {
    let out = ByteBuffer()
    #expect(written.withByteView { AddressEntry.appendEntry($0, to: out) })
    #expect(out.string == key)
  }

  @Test(arguments: [
    "", "@", "a@", "*", "%", "*@b.example", "a b@c.example", "a@b@c.example", "a@b..c",
    "+4930123456@",
    "a;b@c.example", "a@-b c", "*.", "<a@b.example>", "a\u{0}@b.example",
  ])
  func whatIsNoneIsRefusedAndLeavesNothing(_ written: String) {
    let out = ByteBuffer()
    #expect(!written.withByteView { AddressEntry.appendEntry($0, to: out) })
    #expect(out.isEmpty)
  }
}
