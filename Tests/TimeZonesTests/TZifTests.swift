import Bytes
import CivilTime
import Glibc
import TestSupport
import Testing
import TimeZones

/// Builds TZif files byte by byte (RFC 9636).
struct TZifWriter {
  var version: UInt8 = UInt8(ascii: "2")
  var times: [Int64] = []
  var types: [UInt8] = []
  var kinds: [(offset: Int32, isDaylight: UInt8, name: UInt8)] = [(0, 0, 0)]
  var chars = Array("LMT\0".utf8)
  var leaps: UInt32 = 0
  var footer = ""

  private func word(_ n: UInt32) -> [UInt8] {
    [UInt8(n >> 24), UInt8(n >> 16 & 255), UInt8(n >> 8 & 255), UInt8(n & 255)]
  }

  private func block(_ size: Int) -> [UInt8] {
    var out = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    out += word(0) + word(0) + word(leaps) + word(UInt32(times.count))
    out += word(UInt32(kinds.count)) + word(UInt32(chars.count))
    for t in times {
      let u = UInt64(bitPattern: t)
      if size == 8 { out += word(UInt32(u >> 32)) }
      out += word(UInt32(truncatingIfNeeded: u))
    }
    out += types
    for k in kinds { out += word(UInt32(bitPattern: k.offset)) + [k.isDaylight, k.name] }
    out += chars
    for _ in 0..<leaps { out += [UInt8](repeating: 0, count: size + 4) }
    return out
  }

  var bytes: [UInt8] {
    if version == 0 { return block(4) }
    return block(4) + block(8) + Array("\n\(footer)\n".utf8)
  }

  /// Like central Europe since 1996, with a shift before it.
  static var berlin: TZifWriter {
    var w = TZifWriter()
    w.times = [instant("19800406T010000Z"), instant("19801026T010000Z")]
    w.types = [1, 2]
    w.kinds = [(3208, 0, 0), (7200, 1, 4), (3600, 0, 9)]
    w.chars = Array("LMT\0CEST\0CET\0".utf8)
    w.footer = "CET-1CEST,M3.5.0,M10.5.0/3"
    return w
  }
}

@Suite struct TZifReading {
  @Test func transitionsAndFooterGiveTheOffsets() throws {
    let z = try Zone(id: "X", tzif: TZifWriter.berlin.bytes)
    #expect(z.offset(at: instant("19000101T000000Z")) == 3208)
    #expect(z.abbreviation(at: instant("19000101T000000Z")) == "LMT")
    #expect(z.offset(at: instant("19800406T005959Z")) == 3208)
    #expect(z.offset(at: instant("19800406T010000Z")) == 7200)
    #expect(z.abbreviation(at: instant("19800701T000000Z")) == "CEST")
    #expect(z.offset(at: instant("19801026T005959Z")) == 7200)
    #expect(z.offset(at: instant("19801026T010000Z")) == 3600)
    #expect(z.isDaylight(at: instant("20260701T000000Z")))
    #expect(z.abbreviation(at: instant("20260701T000000Z")) == "CEST")
    #expect(z.offset(at: instant("20260329T005959Z")) == 3600)
    #expect(z.offset(at: instant("20260329T010000Z")) == 7200)
    #expect(z.offset(at: instant("22001026T010000Z")) == 3600)
    #expect(z.offset(at: instant("99991231T235959Z")) == 3600)
    #expect(z.offset(at: .min) == 3208 && z.offset(at: .max) == 3600)
    let s = z.segment(at: instant("20260701T000000Z"))
    #expect(utc(s.start) == "20260329T010000Z" && utc(s.end) == "20261025T010000Z")
  }

  @Test func versionOneWithoutFooterEndsInItsLastType() throws {
    var w = TZifWriter.berlin
    w.version = 0
    let z = try Zone(id: "X", tzif: w.bytes)
    #expect(z.offset(at: instant("20260701T000000Z")) == 3600)
  }

  @Test func localTimesInGapsAndFoldsFollowTheRFC() throws {
    let z = try Zone(id: "X", tzif: TZifWriter.berlin.bytes)
    func check(_ l: String, _ u: String, _ kind: LocalTimeKind) {
      let (s, k) = z.resolve(local(l))
      #expect(utc(s) == u && k == kind, "\(l)")
    }
    check("20260329T015959", "20260329T005959Z", .unique)
    check("20260329T020000", "20260329T010000Z", .gap)
    check("20260329T023000", "20260329T013000Z", .gap)
    check("20260329T030000", "20260329T010000Z", .unique)
    check("20261025T015959", "20261024T235959Z", .unique)
    check("20261025T020000", "20261025T000000Z", .ambiguous)
    check("20261025T025959", "20261025T005959Z", .ambiguous)
    check("20261025T030000", "20261025T020000Z", .unique)
    check("99991231T235959", "99991231T225959Z", .unique)
    #expect(z.resolve(CivilDateTime(nominalSeconds: .max)).kind == .unique)
    #expect(z.resolve(CivilDateTime(nominalSeconds: .min)).kind == .unique)
  }

  @Test(arguments: [
    ("EST5EDT,0/0,J365/25", "20260101T000000Z", -14_400), ("<-03>3", "20260101T000000Z", -10_800),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "20260101T000000Z", 39_600),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "20260601T000000Z", 37_800),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "20260601T000000Z", 3600),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "20260329T005959Z", -7200),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "20260329T010000Z", -3600),
    ("XXX3YYY,J60,J300", "20240229T120000Z", -10_800),
    ("XXX3YYY,J60,J300", "20240301T120000Z", -7200),
    ("XXX3YYY,59,300", "20240229T120000Z", -7200), ("XXX-24:00", "20260101T000000Z", 86_400),
  ])
  func footersOfAllFormsAreUnderstood(footer: String, at: String, offset: Int) throws {
    var w = TZifWriter()
    w.footer = footer
    let z = try Zone(id: "X", tzif: w.bytes)
    #expect(z.offset(at: instant(at)) == offset)
  }

  @Test(arguments: [
    "X", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.6.0,M1.1.0",
    "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/168", "CET-1CEST,J0,J1", "<CET-1",
    "CET-1CEST,M3.5.0,M10.5.0x", "CET-1:60", "\u{0}",
  ])
  func wrongFootersMakeTheFileInvalid(footer: String) {
    var w = TZifWriter()
    w.footer = footer
    #expect(throws: ZoneError.malformedFile) { try Zone(id: "X", tzif: w.bytes) }
  }

  @Test func everyTruncationIsRefused() {
    let bytes = TZifWriter.berlin.bytes
    for n in 0..<bytes.count {
      #expect(throws: ZoneError.self) { try Zone(id: "X", tzif: Array(bytes.prefix(n))) }
    }
  }

  @Test(.seeded) func noChangedByteTraps() {
    var numbers = SeededNumbers(3)
    let fixture = TZifWriter.berlin.bytes
    let times = [Int64.min, -5_000_000_000, 0, 1_700_000_000, 9_000_000_000, .max]
    var accepted = 0
    for i in 0..<(fixture.count * 24) {
      var b = fixture
      let at = i / 24
      b[at] = [0, 1, 0x7F, 0x80, 0xFF, b[at] &+ 1][i % 6]
      if i % 24 > 5 {
        b[Int.random(in: 0..<b.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      }
      guard let z = try? Zone(id: "X", tzif: b) else { continue }
      accepted += 1
      for t in times {
        let s = z.segment(at: t)
        #expect(s.start <= t && (t < s.end || t == .max))
        _ = (z.abbreviation(at: t), z.resolve(CivilDateTime(nominalSeconds: t)))
      }
    }
    #expect(accepted > 100)
  }

  @Test func leapSecondsAndHugeCountsAreRefused() {
    var w = TZifWriter.berlin
    w.leaps = 1
    #expect(throws: ZoneError.leapSeconds) { try Zone(id: "X", tzif: w.bytes) }
    var b = TZifWriter.berlin.bytes
    for i in 20..<44 { b[i] = 0xFF }
    #expect(throws: ZoneError.malformedFile) { try Zone(id: "X", tzif: b) }
    #expect(throws: ZoneError.malformedFile) {
      try Zone(id: "X", tzif: b + [UInt8](repeating: 0, count: 2 << 20))
    }
    var u = TZifWriter.berlin
    u.times.reverse()
    #expect(throws: ZoneError.malformedFile) { try Zone(id: "X", tzif: u.bytes) }
  }
}

@Suite struct SystemZones {
  /// The names in zone1970.tab and tzdata.zi are those of files; here the files are looked for.
  private func names(_ folder: String, _ prefix: String = "") -> [String] {
    guard let d = opendir(folder) else { return [] }
    defer { closedir(d) }
    var out: [String] = []
    while let e = readdir(d) {
      let name = withUnsafeBytes(of: &e.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.utf8.first.map({ $0 >= 65 && $0 <= 90 }) == true else { continue }
      var s = stat()
      guard stat(folder + "/" + name, &s) == 0 else { continue }
      if s.st_mode & S_IFMT == S_IFDIR {
        out += names(folder + "/" + name, prefix + name + "/")
      } else {
        out.append(prefix + name)
      }
    }
    return out
  }

  @Test(.seeded, .enabled(if: ZoneDatabase.system.folder != nil, "no time zone database"))
  func allZonesGoThereAndBack() throws {
    let folder = try #require(ZoneDatabase.system.folder)
    let all = names(folder)
    var numbers = SeededNumbers(9)
    var transitions = 0
    for name in all {
      guard let z = ZoneDatabase.system.zone(named: name) else {
        Issue.record("\(name) is not read")
        continue
      }
      var times: [Int64] = (0..<20).map { _ in
        Int64.random(in: -3_000_000_000...6_000_000_000, using: &numbers)
      }
      var t = instant("19700101T000000Z")
      while t < instant("20500101T000000Z") {
        let s = z.segment(at: t)
        #expect(s.start <= t && t < s.end)
        guard s.end < .max else { break }
        // The segments meet, and around the change every time of the clock is explained.
        let next = z.segment(at: s.end)
        #expect(next.start == s.end || next.offset == s.offset)
        for d: Int64 in [-7200, -3601, -3600, -1, 0, 1, 3599, 3600, 7200] {
          times.append(s.end + d)
        }
        let gap = Int64(next.offset - s.offset)
        if gap > 0 {
          let shown = CivilDateTime(nominalSeconds: s.end + Int64(s.offset))
          #expect(z.resolve(shown).instant == s.end)
          #expect(z.resolve(shown.adding(seconds: gap - 1)).kind == .gap)
          #expect(z.resolve(shown.adding(seconds: gap - 1)).instant == s.end + gap - 1)
        } else if gap < 0 {
          let shown = CivilDateTime(nominalSeconds: s.end + Int64(next.offset))
          #expect(z.resolve(shown).kind == .ambiguous)
          #expect(z.resolve(shown).instant == s.end + gap)
        }
        transitions += 1
        t = s.end
      }
      times.shuffle(using: &numbers)
      var cursor = ZoneCursor(z)
      for t in times {
        let l = z.localTime(at: t)
        let (back, kind) = z.resolve(l)
        #expect(kind != .gap)
        // Of two instants that show the same the first is meant.
        #expect(back == t || (kind == .ambiguous && back < t && z.localTime(at: back) == l))
        #expect(cursor.resolve(l).instant == back)
        #expect(cursor.localTime(at: t) == l)
      }
    }
    print("\(all.count) zones, \(transitions) transitions since 1970")
    #expect(all.count > 300)
  }

  @Test(arguments: [
    "../../etc/passwd", "/etc/passwd", "Europe/../../../../etc/passwd", "Europe//Berlin",
    "Europe/", "/Europe/Berlin", "", "Europe", "zone.tab", "right/Europe/Berlin", "localtime\u{0}",
    "Europe/Berlin\n", "-Europe", "tzdata.zi", "Europe/Nowhere",
  ])
  func namesThatAreNoZonesOpenNothing(name: String) {
    #expect(ZoneDatabase.system.zone(named: name) == nil)
  }

  @Test func linksOutOfTheFolderAreNotFollowed() throws {
    var template = Array("/tmp/zones.XXXXXX".utf8CString)
    let base = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
      for f in ["in/Out", "in/Pipe", "in/Good", "in/Link", "in", "out"] { remove(base + "/" + f) };
      remove(base)
    }
    mkdir(base + "/in", 0o700)
    for f in ["/out", "/in/Good"] {
      let file = try #require(fopen(base + f, "w"))
      let bytes = TZifWriter.berlin.bytes
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
    }
    symlink("../out", base + "/in/Out")
    symlink("Good", base + "/in/Link")
    mkfifo(base + "/in/Pipe", 0o600)
    let database = ZoneDatabase(folder: base + "/in")
    #expect(database.zone(named: "Good") != nil)
    #expect(database.zone(named: "Link") != nil)
    #expect(database.zone(named: "Out") == nil)
    #expect(database.zone(named: "Pipe") == nil)
    #expect(ZoneDatabase(folder: "/nowhere").zone(named: "UTC") === Zone.utc)
    #expect(ZoneDatabase(folder: "/nowhere").zone(named: "Europe/Berlin") == nil)
  }
}
