import CivilTime
import ICalendar
import TimeZones

/// What the other components of a file mean for one of them.
struct SeriesFacts {
  /// An instance of a series that a component of its own says.
  struct Replaced {
    var instant: Int64
    /// The whole day is meant: its RECURRENCE-ID is a DATE in a series with times.
    var isDay: Bool
  }

  var supersededBy: Int?
  var isUIDReused = false
  var isOrphan = false
  /// EXDATE of its series takes the instance away that it is about.
  var isExcluded = false
  /// The series as a whole was cancelled, and this exception with it.
  var isSeriesCancelled = false
  /// For a master and a THISANDFUTURE override: what single overrides take away, by instant.
  var replaced: [Replaced] = []
  /// From this original start on a THISANDFUTURE override has the say.
  var cut: Int64?
  /// The master's place among the counted components.
  var master: Int?
  /// For an override, CLASS of its series.
  var classification = Classification.everyone
  /// The original start that a RECURRENCE-ID names; also what tells a copy with a used UID from its
  /// original.
  var recurrence: Int64?
}

/// The components of a file by UID: who supersedes whom, which instances are replaced.
///
/// Versions: of components with the same UID and the same RECURRENCE-ID the newest counts: highest
/// SEQUENCE, then latest LAST-MODIFIED, then last in the file; the calendars of one file share
/// their UIDs. That is also so where a producer gives one UID to different meetings (the large
/// calendars do the same on import), but then it is told; except for copies that tell themselves
/// apart, see ``SeriesRow/isAnother(than:)``, which all stand. Components without UID meet only
/// where their content is the same. VTODO and VJOURNAL are apart from VEVENT.
struct SeriesIndex {
  private struct Link {
    var row: UInt32
    var supersededBy = SeriesRow.none
    var master = SeriesRow.none
    var firstReplaced: UInt32 = 0
    var replacedCount: UInt32 = 0
    var flags: Flags = []
    var classification = Classification.everyone
    var cut: Int64 = 0
    var recurrence: Int64 = 0

    struct Flags: OptionSet {
      let rawValue: UInt8
      static let isUIDReused = Flags(rawValue: 1)
      static let isSeriesCancelled = Flags(rawValue: 2)
      static let hasCut = Flags(rawValue: 4)
      static let hasRecurrence = Flags(rawValue: 8)
      static let isExcluded = Flags(rawValue: 16)
    }
  }

  private var links: [Link] = []
  private var replaced: [SeriesFacts.Replaced] = []
  /// Masters whose series a THISANDFUTURE override takes over, ascending.
  private(set) var neededMasters: [Int] = []

  /// No component is known.
  init() {}

  /// What is known about the component with that index; a binary search.
  func facts(_ index: Int, hasRecurrenceID: Bool) -> SeriesFacts {
    var f = SeriesFacts()
    let row = UInt32(clamping: index)
    var low = 0
    var high = links.count
    while low < high {
      let m = (low &+ high) / 2
      if links[m].row < row { low = m &+ 1 } else { high = m }
    }
    guard low < links.count, links[low].row == row else {
      f.isOrphan = hasRecurrenceID
      return f
    }
    let l = links[low]
    if l.supersededBy != SeriesRow.none { f.supersededBy = Int(l.supersededBy) }
    if l.master != SeriesRow.none { f.master = Int(l.master) }
    f.isOrphan = hasRecurrenceID && f.master == nil
    f.classification = l.classification
    f.isUIDReused = l.flags.contains(.isUIDReused)
    f.isExcluded = l.flags.contains(.isExcluded)
    f.isSeriesCancelled = l.flags.contains(.isSeriesCancelled)
    if l.flags.contains(.hasCut) { f.cut = l.cut }
    if l.flags.contains(.hasRecurrence) { f.recurrence = l.recurrence }
    if l.replacedCount > 0 {
      f.replaced = Array(replaced[Int(l.firstReplaced)..<Int(l.firstReplaced + l.replacedCount)])
    }
    return f
  }
}

extension SeriesIndex {
  /// The rows of a file, as they come.
  struct Builder {
    private var rows: [SeriesRow] = []
    private var slots: [UInt32] = []
    private var used = 0
    /// By row.
    private var exclusions: [StoredExclusion] = []

    /// Takes the row of the component with that index; nil where it has none.
    mutating func add(_ row: SeriesRow?, exclusions list: [StoredTime], index: Int) {
      guard var row, index >= rows.count, index < Int(SeriesRow.none) else { return }
      while rows.count < index { rows.append(SeriesRow()) }
      if (used + 1) * 3 > slots.count * 2 { grow() }
      let i = slot(row)
      row.previous = slots[i]
      if slots[i] == SeriesRow.none { used += 1 }
      slots[i] = UInt32(truncatingIfNeeded: index)
      rows.append(row)
      for t in list {
        exclusions.append(StoredExclusion(row: UInt32(truncatingIfNeeded: index), time: t))
      }
    }

    private func slot(_ row: SeriesRow) -> Int {
      let mask = slots.count - 1
      var i = Int(truncatingIfNeeded: row.uid) & mask
      while slots[i] != SeriesRow.none {
        let other = rows[Int(slots[i])]
        if other.uid == row.uid, other.uidRest == row.uidRest { break }
        i = (i + 1) & mask
      }
      return i
    }

    private mutating func grow() {
      let old = slots
      slots = [UInt32](repeating: SeriesRow.none, count: max(64, old.count * 2))
      for s in old where s != SeriesRow.none { slots[slot(rows[Int(s)])] = s }
    }

    /// Everything that the rows say together.
    func index(zones: EventZones) -> SeriesIndex {
      var out = SeriesIndex()
      var group: [Int] = []
      for s in slots where s != SeriesRow.none && rows[Int(s)].previous != SeriesRow.none {
        group.removeAll(keepingCapacity: true)
        var next = s
        while next != SeriesRow.none {
          group.append(Int(next))
          next = rows[Int(next)].previous
        }
        group.reverse()
        var resolver = SeriesGroup(
          rows: rows, exclusions: exclusions, group: group, zones: zones)
        resolver.resolve(into: &out)
      }
      out.links.sort { $0.row < $1.row }
      out.neededMasters.sort()
      return out
    }
  }

  /// The components of one UID, in file order.
  private struct SeriesGroup {
    let rows: [SeriesRow]
    let exclusions: [StoredExclusion]
    let group: [Int]
    let zones: EventZones
    var links: [Link]

    struct Instance {
      var instant: Int64
      var member: Int
      var isThisAndFuture: Bool
    }

    // A producer that gives one UID to everything.
    static let maximumCopies = 256

    init(
      rows: [SeriesRow], exclusions: [StoredExclusion], group: [Int], zones: EventZones
    ) {
      self.rows = rows
      self.exclusions = exclusions
      self.group = group
      self.zones = zones
      links = group.map { Link(row: UInt32(truncatingIfNeeded: $0)) }
    }

    func row(_ member: Int) -> SeriesRow { rows[group[member]] }

    mutating func resolve(into index: inout SeriesIndex) {
      let master = masters()
      let instances = overrides(master)
      if let master { connect(master, instances, &index) }
      nameWinners()
      index.links += links
    }

    /// A superseded component names the one that counts at last, by its row.
    private mutating func nameWinners() {
      var path: [Int] = []
      for i in links.indices where links[i].supersededBy != SeriesRow.none {
        path.removeAll(keepingCapacity: true)
        var last = i
        while links[last].supersededBy != SeriesRow.none {
          path.append(last)
          last = Int(links[last].supersededBy)
        }
        for p in path { links[p].supersededBy = UInt32(truncatingIfNeeded: last) }
      }
      for i in links.indices where links[i].supersededBy != SeriesRow.none {
        links[i].supersededBy = UInt32(truncatingIfNeeded: group[Int(links[i].supersededBy)])
      }
    }

    /// Settles the components without RECURRENCE-ID; the one that overrides belong to, or nil.
    private mutating func masters() -> Int? {
      var standing: [Int] = []
      for m in group.indices where !row(m).hasRecurrenceID {
        guard
          let i = standing.firstIndex(where: { !row($0).isAnother(than: row(m)) })
            ?? (standing.count < Self.maximumCopies ? nil : 0)
        else {
          standing.append(m)
          continue
        }
        let old = standing[i]
        let newer = row(old).isReplaced(by: row(m))
        let (winner, loser) = newer ? (m, old) : (old, m)
        let (w, l) = (row(winner), row(loser))
        links[loser].supersededBy = UInt32(truncatingIfNeeded: winner)
        if w.sequence == l.sequence, w.modified == l.modified, l.hasOtherStart(than: w) {
          links[loser].flags.insert(.isUIDReused)
        }
        standing[i] = winner
      }
      if standing.count > 1 {
        let original = standing.min { row($0).created < row($1).created } ?? 0
        for m in standing {
          links[m].flags.insert(.isUIDReused)
          if m != original {
            links[m].flags.insert(.hasRecurrence)
            links[m].recurrence = start(m).instant(localZone: floatingZone(m))
          }
        }
      }
      return standing.first { row($0).flags.contains(.isRecurring) } ?? standing.first
    }

    /// Settles the overrides; those that count, by instant.
    private mutating func overrides(_ master: Int?) -> [Instance] {
      var all: [Instance] = []
      let excluded = master.map(excludedInstants) ?? []
      for m in group.indices where row(m).hasRecurrenceID {
        let r = row(m)
        let id = time(r.recurrenceNominal, r.recurrenceForm, r.recurrenceZone, r.calendar)
        let instant =
          if let master {
            id.instant(inSeriesFrom: start(master), localZone: localZone(master))
          } else {
            RecurrenceName.alone(
              id, start: r.startForm == .none ? nil : start(m), localZone: zones.localZone,
              floatingZone: floatingZone(m))
          }
        links[m].flags.insert(.hasRecurrence)
        links[m].recurrence = instant
        if !r.flags.contains(.isThisAndFuture), excluded.contains(instant) {
          links[m].flags.insert(.isExcluded)
        }
        all.append(
          Instance(
            instant: instant, member: m, isThisAndFuture: r.flags.contains(.isThisAndFuture)))
      }
      all.sort { a, b in
        if a.instant != b.instant { return a.instant < b.instant }
        if a.isThisAndFuture != b.isThisAndFuture { return a.isThisAndFuture }
        return a.member < b.member
      }
      var kept: [Instance] = []
      for o in all {
        guard let last = kept.last, last.instant == o.instant,
          last.isThisAndFuture == o.isThisAndFuture
        else {
          kept.append(o)
          continue
        }
        let newer = row(last.member).isReplaced(by: row(o.member))
        let (winner, loser) = newer ? (o, last) : (last, o)
        links[loser.member].supersededBy = UInt32(truncatingIfNeeded: winner.member)
        kept[kept.count - 1] = winner
      }
      return kept
    }

    /// What EXDATE of a master takes away.
    private func excludedInstants(_ master: Int) -> Set<Int64> {
      var out: Set<Int64> = []
      guard group.count > 1 else { return out }
      let wanted = UInt32(truncatingIfNeeded: group[master])
      var low = 0
      var high = exclusions.count
      while low < high {
        let m = (low + high) / 2
        if exclusions[m].row < wanted { low = m + 1 } else { high = m }
      }
      let calendar = row(master).calendar
      while low < exclusions.count, exclusions[low].row == wanted {
        let t = exclusions[low].time
        out.insert(
          time(t.nominal, t.form, t.zone, calendar)
            .instant(inSeriesFrom: start(master), localZone: localZone(master)))
        low += 1
      }
      return out
    }

    /// Tells the master and its overrides about each other.
    private mutating func connect(
      _ master: Int, _ instances: [Instance], _ index: inout SeriesIndex
    ) {
      let m = row(master)
      let masterRow = UInt32(truncatingIfNeeded: group[master])
      let first = index.replaced.count
      var takeovers: [Instance] = []
      for o in instances {
        let r = row(o.member)
        if m.flags.contains(.isCancelled), r.sequence <= m.sequence {
          links[o.member].flags.insert(.isSeriesCancelled)
        }
        if o.isThisAndFuture {
          takeovers.append(o)
        } else {
          index.replaced.append(
            .init(
              instant: o.instant, isDay: r.recurrenceForm == .date && m.startForm != .date))
        }
      }
      for i in links.indices where row(i).hasRecurrenceID {
        links[i].master = masterRow
        links[i].classification = m.flags.classification
      }
      // Each has the instances from its own to where the next one takes over.
      var next = first
      for (i, member) in ([master] + takeovers.map(\.member)).enumerated() {
        let cut = i < takeovers.count ? takeovers[i].instant : .max
        links[member].firstReplaced = UInt32(truncatingIfNeeded: next)
        while next < index.replaced.count, index.replaced[next].instant < cut { next += 1 }
        links[member].replacedCount =
          UInt32(truncatingIfNeeded: next) &- links[member].firstReplaced
        if i < takeovers.count {
          links[member].flags.insert(.hasCut)
          links[member].cut = cut
        }
      }
      if !takeovers.isEmpty { index.neededMasters.append(group[master]) }
    }

    // MARK: Times

    private func time(
      _ nominal: Int64, _ form: StoredTime.Form, _ zone: UInt16, _ calendar: Int32
    ) -> TimeValue {
      let t = CivilDateTime(nominalSeconds: nominal)
      switch form {
      case .date, .none: return .date(t.date)
      case .utc: return .utc(nominal)
      case .floating: return .floating(t)
      case .zoned:
        let found = zones.zone(zone, calendar: Int(calendar))
        // As the event itself has it: of an unknown name the calendar's zone.
        return found.origin == .fallback ? .floating(t) : .zoned(t, found.zone)
      }
    }

    private func start(_ member: Int) -> TimeValue {
      let r = row(member)
      return time(r.startNominal, r.startForm, r.startZone, r.calendar)
    }

    private func floatingZone(_ member: Int) -> Zone {
      let r = row(member)
      guard r.startForm == .floating, r.startZone != EventZones.overflow else {
        return zones.localZone
      }
      let found = zones.zone(r.startZone, calendar: Int(r.calendar))
      return found.origin == .fallback ? zones.localZone : found.zone
    }

    private func localZone(_ member: Int) -> Zone {
      row(member).startForm == .date ? zones.localZone : floatingZone(member)
    }
  }
}

/// What a RECURRENCE-ID names where its series is not in the file.
enum RecurrenceName {
  static func alone(
    _ id: TimeValue, start: TimeValue?, localZone: Zone, floatingZone: Zone
  ) -> Int64 {
    switch id {
    case .date: return id.instant(localZone: localZone)
    case .floating:
      // On the clock of its event.
      if case .zoned(_, let z) = start { return id.instant(localZone: z) }
      return id.instant(localZone: floatingZone)
    case .zoned, .utc: return id.instant(localZone: floatingZone)
    }
  }
}
