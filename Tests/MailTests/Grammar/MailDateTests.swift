import Bytes
import CivilTime
import Mail
import Testing

@Suite struct MailDateTests {
  @Test(arguments: [
    ("Tue, 3 Mar 2026 10:15:00 +0100", "2026-03-03T09:15:00Z", 60),
    ("3 Mar 2026 10:15 -0530", "2026-03-03T15:45:00Z", -330),
    ("tue, 03 mar 2026 10:15:00 GMT", "2026-03-03T10:15:00Z", 0),
    (
      "Thu,\r\n      13\r\n        Feb\r\n          1975\r\n      23:32\r\n  -0330 (Newfoundland)",
      "1975-02-14T03:02:00Z", -210
    ),
    ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T15:55:06Z", -360),
    ("Tue, 03 Mar 2026 10:15:00 +0100 (((unclosed", "2026-03-03T09:15:00Z", 60),
    (
      "Sat, 20 Jul 2002 10:00:00 -0500 (added by\n   postmaster@x.example)",
      "2002-07-20T15:00:00Z", -300
    ),
  ])
  func theStandardFormsAreRead(value: String, expected: String, zone: Int) {
    let d = Reading.date(value)
    #expect(Reading.instant(d) == expected)
    #expect(d?.zoneMinutes == Int16(zone))
    #expect(d?.flags == [])
  }

  @Test(arguments: [
    ("Tue, 3 Mar 26 10:15 GMT", "2026-03-03T10:15:00Z"),
    ("3 Mar 49 10:15 GMT", "2049-03-03T10:15:00Z"),
    ("3 Mar 99 10:15 GMT", "1999-03-03T10:15:00Z"),
    ("3 Mar 102 10:15 GMT", "2002-03-03T10:15:00Z"),
  ])
  func shortYearsFollowRFC5322(value: String, expected: String) {
    #expect(Reading.instant(Reading.date(value)) == expected)
    #expect(Reading.date(value)?.flags == .shortYear)
    #expect(Reading.date(value)?.flags.defects == [])
  }

  @Test(arguments: [
    ("EST", -300), ("EDT", -240), ("CST", -360), ("CDT", -300), ("MST", -420), ("MDT", -360),
    ("PST", -480), ("PDT", -420), ("UT", 0), ("Z", 0), ("CET", 60), ("CEST", 120), ("MEZ", 60),
    ("MESZ", 120), ("MET", 60), ("BST", 60), ("IST", 330), ("JST", 540), ("KST", 540),
    ("MSK", 180), ("EET", 120), ("EEST", 180), ("WET", 0), ("WEST", 60), ("AEST", 600),
    ("AEDT", 660), ("NZST", 720), ("NZDT", 780), ("AKST", -540), ("HST", -600), ("HKT", 480),
    ("SGT", 480), ("+0200", 120), ("-0700", -420), ("GMT+0200", 120), ("UTC+2", 120),
    ("GMT-03:30", -210), ("+02:00", 120), ("+02", 120), ("+-0500", -300), ("0200", 120),
    ("(EST)", -300), ("Eastern Daylight Time", -240), ("Pacific Standard Time", -480),
    ("Greenwich Standard Time", 0), ("+1400", 840), ("-1200", -720), ("-1600", -960),
    ("+2359", 1439), ("GMT (GMT+00:00)", 0),
  ])
  func zonesAreRead(zone: String, minutes: Int) {
    let d = Reading.date("Tue, 3 Mar 2026 10:15:00 \(zone)")
    #expect(d?.zoneMinutes == Int16(minutes))
    #expect(d.map { Int($0.seconds) } == 1_772_532_900 - minutes * 60)
    #expect(d?.flags.defects == [])
  }

  // date_neg_zone.eml; RFC 5322 section 4.3 on military letters
  @Test(arguments: [
    ("-2400", MailDate.Flags.zoneUnknown), ("+9999", .zoneUnknown), ("+0160", .zoneUnknown),
    ("-0000", .zoneUnknown), ("A", .zoneUnknown), ("XYZT", .zoneUnknown), ("01800", .zoneUnknown),
    ("US/Central", .zoneUnknown), ("+99999999999999999999", .zoneUnknown), ("", .zoneMissing),
  ])
  func unusableZonesAreUTCWithAFlag(zone: String, flag: MailDate.Flags) {
    let d = Reading.date("Tue, 3 Mar 2026 10:15:00 \(zone)")
    #expect(Reading.instant(d) == "2026-03-03T10:15:00Z")
    #expect(d?.zoneMinutes == 0)
    #expect(d?.flags.contains(flag) == true)
    #expect(
      d?.flags.defects == (flag == .zoneMissing ? .dateZoneMissing : .dateZoneUnknown))
  }

  @Test(arguments: [
    ("Thu Aug 22 12:36:23 2002", "2002-08-22T12:36:23Z"),
    ("Thu Aug  2 12:36:23 EDT 2002", "2002-08-02T16:36:23Z"),
    ("Thu Nov 13 20:20:33 +0100 2025", "2025-11-13T19:20:33Z"),
    ("Mon, 2002 Sep 9 10:00:00 +0000", "2002-09-09T10:00:00Z"),
    ("2024-04-02T10:00:00Z", "2024-04-02T10:00:00Z"),
    ("2024-04-02 10:00:00", "2024-04-02T10:00:00Z"),
    ("2024-04-02T10:00:00.123-05:00", "2024-04-02T15:00:00Z"),
    ("2002/09/14 Sat 02:29:32 CDT", "2002-09-14T07:29:32Z"),
    ("Sunday, July 14, 2002, 8:06:38 PM", "2002-07-14T20:06:38Z"),
    ("May 8, 2005 12:17 AM", "2005-05-08T00:17:00Z"),
    ("Tue, Jan 01, 2019 at 12:00 PM", "2019-01-01T12:00:00Z"),
    ("Wednesday, 5 April 2017 at 17:01", "2017-04-05T17:01:00Z"),
    ("Tue, 17 Jul 2012 22:23:35.882 0000", "2012-07-17T22:23:35Z"),
    ("Di, 17 Mai 2005 12:31:00 0200", "2005-05-17T10:31:00Z"),
    ("23.12.2024 09:05:01 +0100", "2024-12-23T08:05:01Z"),
    ("3. Mar 2026 10.15.30 GMT", "2026-03-03T10:15:30Z"),
    ("12/25/2024 10:00", "2024-12-25T10:00:00Z"),
    ("25/12/2024 10:00", "2024-12-25T10:00:00Z"),
    ("11/11/2024 10:00", "2024-11-11T10:00:00Z"),
    ("Fri, 23 Aug 2002 0726 -0400", "2002-08-23T11:26:00Z"),
  ])
  func foreignFormsAreRead(value: String, expected: String) {
    let d = Reading.date(value)
    #expect(Reading.instant(d) == expected)
    #expect(d?.flags.contains(.guessed) == false)
    #expect(d?.flags.contains(.timeMissing) == false)
  }

  @Test(arguments: [
    ("lör, 29 maj 1999 10:00:00 +0200", 5), ("Mi, 3 März 2026 10:00", 3),
    ("Mi, 3 Mrz 2026 10:00", 3), ("3 Mär 2026 10:00", 3), ("4 Okt 2026 10:00", 10),
    ("4 Dez. 2026 10:00", 12), ("mar, 5 nov 2002 10:00", 11), ("mar. 5 août 2002 10:00", 8),
    ("lun, 5 févr. 2002 10:00", 2), ("5 déc 2002 10:00", 12), ("5 juin 2002 10:00", 6),
    ("mié, 5 ene 2002 10:00", 1), ("5 abril 2002 10:00", 4), ("5 dic 2002 10:00", 12),
    ("gio, 5 gen 2002 10:00", 1), ("5 giu 2002 10:00", 6), ("5 lug 2002 10:00", 7),
    ("5 set 2002 10:00", 9), ("5 ott 2002 10:00", 10), ("5 fev 2002 10:00", 2),
    ("5 out 2002 10:00", 10), ("5 mrt 2002 10:00", 3), ("5 mei 2002 10:00", 5),
    ("5 augustus 2002 10:00", 8), ("5 aug 2002 10:00", 8), ("5 desember 2002 10:00", 12),
    ("5 tammikuuta 2002 10:00", 0), ("5 tammikuu 2002 10:00", 1), ("5 marraskuu 2002 10:00", 11),
    ("pt, 5 paź 2007 21:13", 10), ("5 stycznia 2007 21:13", 1), ("5 wrz 2007 21:13", 9),
    ("5 cze 2007 21:13", 6), ("5 lip 2007 21:13", 7), ("5 října 2007 21:13", 10),
    ("5 září 2007 21:13", 9), ("5 Foo 2007 21:13", 0),
  ])
  func monthsMayBeWrittenInTheSendersLanguage(value: String, month: Int) {
    let d = Reading.date(value)
    #expect(
      d.map { CivilDate(daysSince1970: Int($0.seconds) / 86_400).month } ?? 0 == month)
  }

  @Test func monthsMayBeWrittenInLatin1() {
    let bytes = Array("5 ao".utf8) + [0xFB] + Array("t 2002 10:00".utf8)
    #expect(bytes.withByteView { Reading.instant(MailDate.parse($0)) } == "2002-08-05T10:00:00Z")
  }

  @Test func numbersOnlyAreDayMonthYearWithAFlag() {
    let d = Reading.date("02-04-2024")
    #expect(Reading.instant(d) == "2024-04-02T00:00:00Z")
    #expect(d?.flags.defects == [.dateGuessed, .dateTimeMissing, .dateZoneMissing])
    #expect(Reading.date("09/11/2002") == nil, "Americans and Europeans read two days")
  }

  // date_*.eml and others: never now, never rolled over.
  @Test(arguments: [
    "", "garbage", "Tue, 99 Foo 2026 99:99:99 +9999", "Tue, 03 Mar 99999 10:00:00 +0000",
    "Sat, 01 Jan 0000 00:00:00 +0000", "Tue, 03 Mar 99999999999999999999999 10:15:00 +0100",
    "Mon, 30 Feb 2026 10:00:00 +0000", "Sun, 29 Feb 2026 10:00:00 +0000",
    "Tue, ٠٣ Mar ٢٠٢٦ 10:15:00 +0100", "31 Dec 1899 23:00:00 +0000",
    "1 Jan 2200 00:00:00 +0000", "3 Mar 2026 24:00:00 +0000", "3 Mar 2026 10:60:00 +0000",
    "3 Mar 2026 10:10:61 +0000", "Wed, 15 Dec 2010    59:10 -0500", "0 Mar 2026 10:00 GMT",
    "3 Mar 6 10:00 GMT", "Mar 2026", "10:15:00", "3 Mar 2026 13:00 PM", "02-04-24",
    "Mon, 26 Aug 0102 05:30:20 +1000", "99999999999999999999 Mar 2026 10:00:00 GMT",
  ])
  func datesThatDoNotExistAreNone(value: String) {
    #expect(Reading.date(value) == nil)
  }

  @Test func aLeapSecondIsTheSecondBeforeIt() {
    let d = Reading.date("Sat, 31 Dec 2016 23:59:60 +0000")
    #expect(Reading.instant(d) == "2016-12-31T23:59:59Z")
    #expect(d?.flags == .leapSecond)
  }

  @Test(arguments: [
    ("From ann@example.com  Mon Aug 26 15:12:44 2002", "2002-08-26T15:12:44Z"),
    ("From 1848707889910060830@xxx Thu Nov 13 20:20:33 +0000 2025\r\n", "2025-11-13T20:20:33Z"),
    ("From - Wed Jan 03 16:00:00 2024", "2024-01-03T16:00:00Z"),
    ("From ???@??? Thu Jan 1 01:00:00 1970", "1970-01-01T01:00:00Z"),
    ("From \"Sun King\" Wed Jan 03 16:00:00 2024", "2024-01-03T16:00:00Z"),
    ("From ann@example.com Wed Jan  3 16:00 EST 2024", "2024-01-03T21:00:00Z"),
    ("From ann@example.com Thu, 9 Nov 2023 16:00:00 +0100", "2023-11-09T15:00:00Z"),
    ("From VM Mon Apr  2 10:02:42 2001", "2001-04-02T10:02:42Z"),
    ("From home recordings to downloaded mp3s, this Mon", nil),
    ("From Russia with love", nil), ("From -", nil), ("", nil),
    ("From ann@example.com Wed Jan 03 2024", nil),
  ])
  func fromLinesEndInADate(line: String, expected: String?) {
    #expect(line.withByteView { Reading.instant(FromLineDate.parse($0)) } == expected)
  }

  @Test(arguments: [
    ("from a by b with ESMTP id 1;\r\n\tTue, 3 Mar 2026 10:15:00 +0100", "2026-03-03T09:15:00Z"),
    ("by b; 3 Mar 2026 10:15:00 +0100 (envelope; x)", "2026-03-03T09:15:00Z"),
    ("from a by b id 1", nil), ("; ; ; ;", nil),
  ])
  func receivedFieldsEndInADate(value: String, expected: String?) {
    #expect(value.withByteView { Reading.instant(ReceivedDate.parse($0)) } == expected)
  }
}
