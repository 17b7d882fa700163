import Bytes
import CivilTime
import Recurrence
import Testing
import TimeZones

@Suite struct ZoneNaming {
  private func resolve(_ name: String, _ r: ZoneResolver? = nil) -> ResolvedZone {
    var r = r ?? ZoneResolver(fallback: Zone(id: "default", fixedOffset: 60))
    return name.withByteView { r.resolve($0) }
  }

  @Test(
    arguments: [
      ("Europe/Berlin", "Europe/Berlin", .ianaName), ("UTC", "UTC", .ianaName),
      ("Etc/UTC", "UTC", .ianaName), ("\"Europe/Berlin\"", "Europe/Berlin", .ianaName),
      (" Europe/Berlin ", "Europe/Berlin", .ianaName),
      ("W. Europe Standard Time", "Europe/Berlin", .windowsName),
      ("w. europe standard time", "Europe/Berlin", .windowsName),
      ("Eastern Standard Time", "America/New_York", .windowsName),
      ("UTC-11", "Etc/GMT+11", .windowsName),
      ("Yukon Standard Time", "America/Whitehorse", .windowsName),
      ("AUS Central Standard Time", "Australia/Darwin", .windowsName),
      ("Afghanistan Standard Time", "Asia/Kabul", .windowsName),
      ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin", .alias),
      ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin", .alias),
      ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin", .alias),
      ("/citadel.org/20190914_1/America/Argentina/Salta", "America/Argentina/Salta", .alias),
      ("/softwarestudio.org/Olson_20011030_5/America/Chicago", "America/Chicago", .alias),
      ("EUROPE/BERLIN", "Europe/Berlin", .alias), ("america/new_york", "America/New_York", .alias),
      ("America/New York", "America/New_York", .alias), ("Z", "UTC", .alias),
      ("est5edt", "EST5EDT", .alias),
      ("tzone://Microsoft/Utc", "UTC", .alias),
      (
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin",
        .displayName
      ),
      (
        "(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rome\\, Stockholm\\, Vienna", "Europe/Berlin",
        .displayName
      ),
      (
        "(GMT+02:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin",
        .displayName
      ),
      ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/London", .displayName),
      ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York", .displayName),
      ("(UTC-05:00) Eastern Time (US and Canada)", "America/New_York", .displayName),
      ("GMT+0100", "GMT+0100", .offset), ("UTC-05:30", "UTC-05:30", .offset),
      ("+01:00", "+01:00", .offset),
      ("Customized Time Zone", "default", .fallback),
      ("tzone://Microsoft/Custom", "default", .fallback),
      ("", "default", .fallback), ("/", "default", .fallback),
      ("/../../etc/passwd", "default", .fallback),
      ("Berlin", "default", .fallback), ("()", "default", .fallback),
      ("(UTC", "default", .fallback),
    ] as [(String, String, ZoneOrigin)])
  func tzidsAreUnderstood(tzid: String, id: String, origin: ZoneOrigin) {
    let z = resolve(tzid)
    #expect(z.zone.id == id)
    #expect(z.origin == origin)
  }

  @Test func offsetsInNamesCountEastward() {
    #expect(resolve("GMT+0100").zone.offset(at: 0) == 3600)
    #expect(resolve("Etc/GMT+1").zone.offset(at: 0) == -3600)
  }

  @Test func theNamesComeFirstAndTheDefinitionBeforeTheDefault() {
    var r = ZoneResolver(fallback: .utc)
    let o = VTimeZone.Observance(
      isDaylight: false, offsetFrom: 0, offsetTo: 12_345, start: local("19700101T000000"), name: "X"
    )
    for name in ["Europe/Berlin", "Customized Time Zone", "My zone"] {
      name.withByteView { r.define($0, VTimeZone(observances: [o])) }
    }
    #expect(resolve("Europe/Berlin", r).origin == .ianaName)
    let z = resolve("Customized Time Zone", r)
    #expect(z.origin == .definition && z.zone.offset(at: 1) == 12_345)
    #expect(z.zone.abbreviation(at: 1) == "X")
    #expect(resolve("My zone", r).origin == .definition)
    #expect(resolve("Another", r).origin == .fallback)
  }

  @Test func aBrokenDefinitionIsReported() {
    var r = ZoneResolver(fallback: .utc)
    "Mine".withByteView { r.define($0, VTimeZone()) }
    let z = "Mine".withByteView { r.resolve($0) }
    #expect(z.origin == .fallback && z.definitionError == .noObservance)
  }

  @Test func everyNameOfTheTablesIsAZone() {
    guard ZoneDatabase.system.folder != nil else { return }
    // Each is found by its own name, so the tables are sorted as the search needs it.
    var windows = 0
    for name in [
      "Dateline Standard Time", "Line Islands Standard Time", "Tonga Standard Time", "UTC+13",
      "FLE Standard Time", "India Standard Time", "Argentina Standard Time", "Nepal Standard Time",
      "Myanmar Standard Time", "Greenland Standard Time", "W. Mongolia Standard Time",
    ] where resolve(name).origin == .windowsName { windows += 1 }
    #expect(windows == 11)
  }
}
