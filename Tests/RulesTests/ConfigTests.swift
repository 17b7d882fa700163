import Bytes
import Testing

@testable import JSONText
@testable import Rules

func read(_ text: String) -> ConfigFile {
  text.withByteView { ConfigFile.read($0, file: "winnow.json") }
}

/// A configuration with every part, as the manual's page Configuration has it.
let wholeExample = """
  {
    "version": 1, "profile": "generic",
    "organization": { "domains": ["example.com", "*.example.org"], "timeZone": "Europe/Stockholm",
                      "region": "EU", "retentionDays": null },
    "users": "crm/users.csv",
    "leads": { "files": ["crm/leads.csv"], "id": "ProspectID", "searchBy": ["EmailAddress"],
               "onMultiple": "all", "columns": { "name": "FullName", "owner": "OwnerId" } },
    "tasks": { "files": ["crm/tasks.csv"], "types": [
      { "name": "Meeting", "category": "appointment" }, { "name": "Demo" }],
               "columns": { "id": "TaskId", "type": "TaskType" } },
    "sources": [ { "path": "exports/sam/*.mbox", "owner": "sam", "folder": "auto" },
                 { "path": "exports/sam/calendar.ics", "owner": "sam", "calendar": "primary" } ],
    "access": { "settings": { "basedOn": "role", "roles": ["Sales Manager"] },
                "calendar": { "basedOn": "field", "field": "Is Employee" } },
    "email": {
      "enabled": true, "disableForAllUsers": false, "provider": "any", "connectedAt": null,
      "folders": ["inbox", "sent"], "internal": { "skip": false },
      "guards": { "bulk": "noCapture", "automatic": "noCapture", "noReply": "noCapture",
                  "unauthenticated": "keep" },
      "outbound": {
        "enabled": true, "behaviour": "keywords",
        "keywords": { "admin": ["Festive Offer"], "allowUser": true, "checkIn": ["subject", "body"],
                      "match": "contains" },
        "exclude": { "admin": ["news.example", "boss@example.com"], "allowUser": false,
                     "applyTo": ["to", "cc", "bcc"], "scope": "message" },
        "activity": { "type": "Email Sent", "capture": ["cc", "bcc", "subject", "body"],
                      "attachmentTypes": "all", "bodyScope": "full" },
        "captureLeads": { "enabled": false, "from": ["to"], "source": "Email Sent" } },
      "inbound": { "exclude": { "applyTo": ["from"] } }
    },
    "calendar": {
      "enabled": true, "provider": "any", "direction": "inbound", "guests": "match",
      "unknownAttendees": null, "inboundTaskType": "Meeting",
      "outboundTaskTypes": ["Meeting", "Demo"], "outboundAttendees": "invited",
      "allowInternal": false, "internalDomainsFrom": "organization", "primaryOnly": true,
      "private": "skip", "allDay": "skip", "declined": "keep", "requireParticipants": false,
      "connectedAt": null, "window": { "from": null, "months": null, "rolling": true },
      "recurrence": "occurrences", "sharedMeetings": "perOwner",
      "online": { "keywords": ["online"], "emptyLocationIsOnline": false },
      "onCancel": "mark", "onMissing": "keep", "freezePast": false, "conflict": "newest",
      "lockUserConfig": false, "contactCreation": "auto", "defaultCalendar": null,
      "allowTrigger": false, "notifications": "none", "invitesInMail": false
    },
    "output": { "directory": "out", "formats": ["jsonl", "csv"], "targets": ["hubspot"],
                "csvFormulaGuard": true, "privacy": "full" }, // the last
  }
  """

@Suite struct ConfigReading {
  @Test func everySettingIsRead() {
    let f = read(wholeExample)
    #expect(f.diagnostics.map(\.text) == [])
    let c = f.config
    #expect(c.organization.domains == ["example.com", "*.example.org"])
    #expect(c.users.source.files == ["crm/users.csv"])
    #expect(c.leads.searchBy == ["EmailAddress"])
    #expect(c.leads.columns.company == nil)
    #expect(c.tasks.types.map(\.name) == ["Meeting", "Demo"])
    #expect(c.sources.map(\.calendar) == [nil, .primary])
    #expect(c.access.inbox == nil)
    #expect(c.email.outbound.behaviour == .keywords)
    #expect(c.email.inbound.activity.type == "Email Received")
    #expect(c.email.inbound.captureLeads.from == [.from])
    #expect(c.email.inbound.leadSource == "Email Received")
    #expect(c.output.targets == ["hubspot"])
  }

  @Test func anEmptyObjectIsTheGenericDefaults() {
    let f = read("{}")
    #expect(f.diagnostics.isEmpty)
    #expect(f.config.email.guards.bulk == .noCapture)
    #expect(f.config.email.outbound.exclude.applyTo == [.to, .cc, .bcc])
    #expect(f.config.calendar.onMissing == .keep)
  }

  @Test func theEffectiveConfigurationReadsBackTheSame() {
    for profile in Config.Profile.allCases {
      let out = ByteBuffer()
      read("{\"profile\": \"\(profile.rawValue)\"}").config.writeEffective(to: out)
      let again = out.view.string.withByteView { ConfigFile.read($0, file: "x") }
      #expect(again.diagnostics.map(\.text) == [], "\(profile)")
      let second = ByteBuffer()
      again.config.writeEffective(to: second)
      #expect(out.string == second.string)
    }
    let out = ByteBuffer()
    read(wholeExample).config.writeEffective(to: out)
    #expect(out.string.withByteView { ConfigFile.read($0, file: "x") }.diagnostics.isEmpty)
    #expect(out.string.contains("\"freezePast\": false"))
  }

  @Test func everyProfileHasTheDefaultsOfItsColumn() {
    let c = Config.Profile.allCases.map { Config.defaults($0) }
    #expect(c.map(\.calendar.direction) == [.inbound, .inbound, .twoWay, .twoWay, .twoWay])
    #expect(c.map(\.calendar.guests) == [.match, .match, .create, .match, .match])
    #expect(c.map(\.calendar.contactCreation) == [.auto, .never, .auto, .never, .never])
    #expect(c.map(\.calendar.allowInternal) == [false, false, true, false, true])
    #expect(c.map(\.calendar.requireParticipants) == [false, false, false, true, false])
    #expect(c.map(\.calendar.allDay) == [.skip, .skip, .keep, .skipRecurring, .keep])
    #expect(c.map(\.calendar.window.months) == [nil, nil, nil, 3, nil])
    #expect(
      c.map(\.calendar.internalDomainsFrom) == [
        .organization, .organization, .organization, .usernames, .organization,
      ])
    #expect(c.map(\.calendar.onCancel) == [.mark, .mark, .mark, .keep, .mark])
    #expect(c.map(\.calendar.freezePast) == [false, false, false, true, false])
    #expect(c.map(\.calendar.lockUserConfig) == [false, true, false, false, false])
    #expect(
      c.map { $0.email.inbound.activity.attachmentTypes == .all } == [
        true, false, true, true, true,
      ])
    #expect(Config.leadSquaredAttachmentTypes.count == 14)
    #expect(!Config.leadSquaredAttachmentTypes.contains("pdf"))
    #expect(
      c.map(\.email.guards.automatic) == [.noCapture, .keep, .noCapture, .noCapture, .noCapture])
  }

  @Test func explicitKeysWinOverTheProfileWhereverItStands() {
    let f = read(#"{"calendar": {"lockUserConfig": false}, "profile": "leadsquared"}"#)
    #expect(f.config.calendar.lockUserConfig == false)
    #expect(f.config.calendar.contactCreation == .never)
  }

  @Test func aliasesStillWork() {
    for (mode, guests) in [
      ("matched", Config.Guests.match), ("one-way", .busyOnly), ("two-way", .create),
      ("smart", .knownOnly), ("disable-trigger", .createQuiet),
    ] {
      #expect(read("{\"calendar\": {\"mode\": \"\(mode)\"}}").config.calendar.guests == guests)
    }
    #expect(
      read(#"{"calendar": {"allowContactCreation": false}}"#).config.calendar.contactCreation
        == .never)
    #expect(
      read(#"{"profile": "upsales", "calendar": {"allowContactCreation": null}}"#).config.calendar
        .contactCreation == .auto)
    #expect(read(#"{"calendar": {"mode": "smart", "guests": "match"}}"#).diagnostics.hasErrors)
  }

  @Test func guestsDecideWhatStrangersBecome() {
    var c = Config.Calendar()
    #expect(c.unknownAttendeesDecided == .task)
    c.guests = .knownOnly
    #expect(c.unknownAttendeesDecided == .block)
    #expect(c.runsAutomations)
    c.guests = .createQuiet
    #expect(c.unknownAttendeesDecided == .create)
    #expect(!c.runsAutomations)
    c.contactCreation = .never
    #expect(c.unknownAttendeesDecided == .task)
    c.unknownAttendees = .skip
    #expect(c.unknownAttendeesDecided == .skip)
  }

  @Test(arguments: [
    ("2024-02-29", 1_709_164_800, false), ("2024-03-01T00:00:00Z", 1_709_251_200, true),
    ("2024-03-01T02:00:00+02:00", 1_709_258_400, true), ("1970-01-01 00:00", 0, false),
    ("2000-01-01T00:00:00.5z", 946_684_800, true), ("2200-12-31", 7_289_568_000, false),
  ])
  func timesAreRead(_ text: String, _ local: Int64, _ isInstant: Bool) throws {
    let t = try #require(ConfigTime(text))
    #expect(t.localSeconds == local)
    #expect((t.epochSeconds != nil) == isInstant)
  }

  @Test(arguments: [
    "", "2024", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "1969-12-31", "2201-01-01",
    "2024-01-01T", "2024-01-01T24:00", "2024-01-01T10:00+2", "2024-01-01T10:00:00Zx", "24-01-01",
  ])
  func whatIsNoTimeIsRefused(_ text: String) { #expect(ConfigTime(text) == nil) }
}

@Suite struct ConfigFaults {
  @Test func allFaultsAreToldWithTheirPlaces() {
    let f = read(
      """
      {
        "email": {
          "outbond": { "secret": "sk-TEST-1" },
          "outbound": { "behaviour": "keyword", "enabled": "yes" }
        },
        "calendar": { "window": { "months": 1.5 } },
        "sources": [ { "owner": 3 } ]
      }
      """)
    let texts = f.diagnostics.map(\.text)
    #expect(
      texts == [
        "winnow.json:3:5: email.outbond: unknown key; did you mean \"outbound\"?",
        "winnow.json:4:32: email.outbound.behaviour: not one of the values; did you mean "
          + "\"keywords\"? allowed: all, keywords",
        "winnow.json:4:54: email.outbound.enabled: expected true or false, found a string",
        "winnow.json:6:39: calendar.window.months: expected a whole number written with digits alone",
        "winnow.json:7:16: sources[0].path: is needed",
        "winnow.json:7:27: sources[0].owner: expected a string, found a number",
      ])
    #expect(!texts.joined().contains("sk-TEST"))
  }

  @Test(arguments: [
    (#"{"email":{"outbound":{"behaviour":"keywords"}}}"#, "email.outbound.keywords.admin"),
    (
      #"{"email":{"inbound":{"behaviour":"keywords","keywords":{"admin":[" "]}}}}"#,
      "email.inbound.keywords.admin"
    ),
    (#"{"email":{"outbound":{"keywords":{"checkIn":[]}}}}"#, "email.outbound.keywords.checkIn"),
    (#"{"email":{"outbound":{"exclude":{"applyTo":[]}}}}"#, "email.outbound.exclude.applyTo"),
    (
      #"{"email":{"outbound":{"exclude":{"applyTo":["from"]}}}}"#,
      "email.outbound.exclude.applyTo[0]"
    ),
    (#"{"email":{"inbound":{"captureLeads":{"from":[]}}}}"#, "email.inbound.captureLeads.from"),
    (
      #"{"email":{"inbound":{"exclude":{"admin":["*@example.com"]}}}}"#,
      "email.inbound.exclude.admin[0]"
    ),
    (#"{"email":{"internal":{"skip":true}}}"#, "email.internal.skip"),
    (#"{"email":{"folders":["Trash"]}}"#, "email.folders[0]"),
    (#"{"version":2}"#, "version"), (#"{"version":null}"#, "version"),
    (#"{"version":1e0}"#, "version"),
    (#"{"profile":"hubspot"}"#, "profile"),
    (#"{"organization":{"domains":["a@example.com"]}}"#, "organization.domains[0]"),
    (#"{"organization":{"timeZone":"Mars/Pole to Pole"}}"#, "organization.timeZone"),
    (#"{"organization":{"retentionDays":-1}}"#, "organization.retentionDays"),
    (#"{"organization":{"retentionDays":9223372036854775808}}"#, "organization.retentionDays"),
    (#"{"access":{"inbox":{"basedOn":"role","roles":["a"],"field":"b"}}}"#, "access.inbox.field"),
    (#"{"access":{"inbox":{"basedOn":"role","field":"b"}}}"#, "access.inbox.field"),
    (#"{"access":{"inbox":{"basedOn":"field"}}}"#, "access.inbox.field"),
    (#"{"access":{"inbox":{}}}"#, "access.inbox.basedOn"),
    (#"{"access":{"inbox":null}}"#, "access.inbox"),
    (#"{"sources":[{"path":"a\u0000b"}]}"#, "sources[0].path"),
    (#"{"output":{"directory":""}}"#, "output.directory"),
    (#"{"output":{"formats":[]}}"#, "output.formats"),
    (#"{"output":{"targets":["../x"]}}"#, "output.targets[0]"),
    (#"{"users":3}"#, "users"), (#"{"leads":[3]}"#, "leads[0]"),
    (#"{"calendar":{"connectedAt":"yesterday"}}"#, "calendar.connectedAt"),
    (
      #"{"tasks":{"types":[{"name":"Call","category":"todo"}]},"calendar":{"inboundTaskType":"Call"}}"#,
      "calendar.inboundTaskType"
    ),
  ])
  func contradictionsAreErrors(_ text: String, _ path: String) {
    let errors = read(text).diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.keyPath) == [path])
    #expect(errors.allSatisfy { $0.line == 1 && $0.column > 0 })
  }

  @Test(arguments: [
    (#"{"email":{"outbound":{"keywords":{"admin":["x"]}}}}"#, "email.outbound.keywords.admin"),
    (
      #"{"email":{"outbound":{"captureLeads":{"enabled":true}}}}"#,
      "email.outbound.captureLeads.enabled"
    ),
    (#"{"profile":"leadsquared","leads":{"files":["l"],"searchBy":["a","b"]}}"#, "leads.searchBy"),
    (#"{"email":{"disableForAllUsers":true}}"#, "email.disableForAllUsers"),
    (#"{"email":{"inbound":{"enabled":false}}}"#, "email.inbound.enabled"),
    (#"{"calendar":{"allowTrigger":true}}"#, "calendar.allowTrigger"),
  ])
  func doubtfulSettingsAreWarnings(_ text: String, _ path: String) {
    let found = read(text).diagnostics
    #expect(found.map(\.keyPath) == [path])
    #expect(!found.hasErrors)
    #expect(found.allSatisfy { $0.text.contains(": warning: ") })
  }

  @Test func aNewerVersionSaysThatANewerProgramIsNeeded() {
    #expect(read(#"{"version": 999}"#).diagnostics.first?.text.contains("newer winnow") == true)
  }

  @Test func syntaxFaultsHavePlaces() {
    #expect(
      read("").diagnostics.map(\.text) == [
        "winnow.json:1:1: the text is empty, expected a JSON value"
      ])
    #expect(read("{\n \"email\": \n}").diagnostics.map(\.line) == [3])
    #expect(read(#"{"version":1,"version":1}"#).diagnostics.count == 1)
  }

  @Test func whatTurnsTheDirectionOfWritingIsEscapedInFindings() {
    let finding = Diagnostic(
      .error, file: "w.json", line: 1, column: 2,
      message: "a\u{61C}\u{200E}\u{200F}\u{202E}\u{2066}\u{1B}b")
    #expect(finding.text == #"w.json:1:2: a\u{61c}\u{200e}\u{200f}\u{202e}\u{2066}\u{1b}b"#)
  }

  @Test func controlCharactersInKeysDoNotReachTheTerminal() {
    let text = read(#"{"a\u001b[31m\nb": 1}"#).diagnostics.map(\.text).joined()
    #expect(!text.utf8.contains { $0 < 32 })
  }

  @Test func anUnknownTimeZoneIsToldWhenZonesCanBeAsked() {
    let f = #"{"organization":{"timeZone":"Europe/Stokholm"}}"#.withByteView {
      ConfigFile.read($0, file: "c", isTimeZone: { $0 == "UTC" })
    }
    #expect(f.diagnostics.map(\.keyPath) == ["organization.timeZone"])
  }

  @Test func outputInsideAnInputIsFound() {
    #expect(Config.inputs(["/a/in", "/a/inner"], containing: "/a/in/out") == ["/a/in"])
    #expect(Config.inputs(["/a/in/", "/"], containing: "/a/in") == ["/a/in/", "/"])
    #expect(Config.inputs(["/a/in/x.mbox"], containing: "/a/in").isEmpty)
  }

  @Test func slipsAreRecognised() {
    #expect(Nearest.name(to: "outbond", in: ["inbound", "outbound"]) == "outbound")
    #expect(Nearest.name(to: "FolderS", in: ["folders"]) == "folders")
    #expect(Nearest.name(to: "xyz", in: ["folders", "path"]) == nil)
    #expect(Nearest.distance(Array("abcd".utf8), Array("abdc".utf8)) == 1)
    #expect(Nearest.distance([], Array("ab".utf8)) == 2)
  }
}
