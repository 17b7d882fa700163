import Rules

/// What is worth telling of a run's calendars beside their records: the same whatever the order in
/// which its components are settled.
struct CalendarNotes: Merge, Equatable {
  /// Something about one component.
  struct Note: Comparable {
    /// Where it stands in the run.
    var position: ItemPosition
    var text: String

    static func < (a: Note, b: Note) -> Bool {
      a.position != b.position ? a.position < b.position : a.text < b.text
    }
  }

  /// Series that go on after the end of the run's view, by path and index.
  private(set) var cut: [Note] = []
  /// When each owner's calendar was last changed, seconds since 1970.
  private(set) var lastEvents: [String: Int64] = [:]
  /// What is worth reporting about single events; only the first of them are reported.
  private(set) var odd: [Note] = []
  /// The CRM's own tasks that came back as events, by task id, where tasks go out.
  private(set) var back: [String: Returned] = [:]
  private static let maximumWarnings = 100

  /// A task that came back; of several events the last in source order counts.
  struct Returned: Equatable {
    var position: ItemPosition
    var task: ReturnedTask
  }

  /// ``cut`` in source order.
  var cutSeries: [String] { cut.sorted().map(\.text) }
  /// ``odd`` in source order.
  var warnings: [String] { odd.sorted().prefix(Self.maximumWarnings).map(\.text) }
  /// ``back`` as tasks ask it.
  var returned: [String: ReturnedTask] { back.mapValues(\.task) }

  /// Notes when the calendar of an item's owner was changed.
  mutating func noteChange(_ item: MeetingItem) {
    guard !item.source.source.ownerName.isEmpty, let t = item.fact.changed else { return }
    lastEvents[item.owner] = max(lastEvents[item.owner] ?? .min, t)
  }

  /// Notes where a CRM task stands in its owner's calendar.
  mutating func noteReturned(_ item: MeetingItem) {
    let fact = item.fact
    guard let id = OutboundEvent.taskID(inUID: fact.facts.uid), !fact.facts.isCancelled,
      fact.newer == nil, fact.facts.occurrences?.isSeries != true, let span = fact.span
    else { return }
    let task = ReturnedTask(
      user: fact.facts.user, start: span.start, end: span.end, modified: fact.modified,
      place: fact.place.text)
    add(id, Returned(position: item.position, task: task))
  }

  private mutating func add(_ id: String, _ task: Returned) {
    if let known = back[id], task.position < known.position { return }
    back[id] = task
  }

  /// Notes a series of which not all is written.
  mutating func noteCut(_ item: MeetingItem, _ c: MeetingContext) {
    if c.isCutAtHorizon {
      cut.append(Note(position: item.position, text: item.fact.place.text))
    }
  }

  /// Notes a sentence about a component; without one, after all of them.
  mutating func warn(_ text: String, at position: ItemPosition? = nil) {
    odd.append(
      Note(position: position ?? ItemPosition(file: .max, index: odd.count), text: text))
    // A calendar may be odd all over.
    if odd.count > 20 * Self.maximumWarnings {
      odd = Array(odd.sorted().prefix(Self.maximumWarnings))
    }
  }

  /// Takes in the notes of another part of the run.
  mutating func combine(_ other: CalendarNotes) {
    for note in other.cut where !cut.contains(note) { cut.append(note) }
    lastEvents.merge(other.lastEvents, uniquingKeysWith: max)
    for note in other.odd where !odd.contains(note) { odd.append(note) }
    for (id, task) in other.back { add(id, task) }
  }
}

extension CalendarNotes: FactFields {
  mutating func walk<C: FactCoder>(_ c: inout C) {
    c.list("cutSeries", &cut)
    c.list("odd", &odd)
    var owners = lastEvents.keys.sorted()
    var times = owners.map { Int(lastEvents[$0] ?? 0) }
    c.list("owners", &owners)
    c.list("lastEvents", &times)
    var ids = back.keys.sorted()
    var tasks = ids.compactMap { back[$0] }
    c.list("returned", &ids)
    c.list("returnedAs", &tasks)
    guard C.reads else { return }
    if owners.count != times.count || ids.count != tasks.count { return c.damage() }
    lastEvents = Dictionary(
      zip(owners, times.map(Int64.init)), uniquingKeysWith: max)
    back = Dictionary(zip(ids, tasks), uniquingKeysWith: { a, _ in a })
  }
}

extension ItemPosition {
  fileprivate mutating func walk<C: FactCoder>(_ c: inout C) {
    var (file, index) = (Int(self.file), Int(self.index))
    c.number("file", &file)
    c.number("index", &index)
    self = ItemPosition(file: file, index: index)
  }
}

extension CalendarNotes.Note: FactFields {
  init() { self.init(position: ItemPosition(file: 0, index: 0), text: "") }

  mutating func walk(_ c: inout some FactCoder) {
    position.walk(&c)
    c.text("text", &text)
  }
}

extension CalendarNotes.Returned: FactFields {
  init() {
    self.init(
      position: ItemPosition(file: 0, index: 0),
      task: ReturnedTask(user: -1, start: 0, end: 0, modified: nil, place: ""))
  }

  mutating func walk(_ c: inout some FactCoder) {
    position.walk(&c)
    c.position("user", &task.user)
    c.number("start", &task.start)
    c.number("end", &task.end)
    c.number("modified", &task.modified)
    c.text("place", &task.place)
  }
}
