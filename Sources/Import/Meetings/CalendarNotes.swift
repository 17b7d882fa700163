import Rules

/// What is worth telling of a run's calendars beside their records.
struct CalendarNotes {
  /// Series that go on behind the end of the run's view, by path and index.
  private(set) var cutSeries: [String] = []
  /// When each owner's calendar was last changed, seconds since 1970.
  private(set) var lastEvents: [String: Int64] = [:]
  /// What is worth telling of single events.
  private(set) var warnings: [String] = []
  /// The CRM's own tasks that came back as events, by task id, where tasks go out.
  private(set) var returned: [String: ReturnedTask] = [:]
  private static let maximumWarnings = 100

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
    returned[id] = ReturnedTask(
      user: fact.facts.user, start: span.start, end: span.end, modified: fact.modified,
      place: fact.place.text)
  }

  /// Notes a series of which not all is written.
  mutating func noteCut(_ item: MeetingItem, _ c: MeetingContext) {
    if c.isCutAtHorizon { cutSeries.append(item.fact.place.text) }
  }

  /// Notes a sentence.
  mutating func warn(_ text: String) {
    if warnings.count < Self.maximumWarnings { warnings.append(text) }
  }
}
