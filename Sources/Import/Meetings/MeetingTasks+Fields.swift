import Bytes
import Records
import Rules

/// What a task says.
extension MeetingTasks {
  /// Everything that a task says but when it is, with what `output.privacy` takes away.
  func fill(
    _ f: inout TaskRecord, _ task: MeetingTask, _ item: MeetingItem, _ c: MeetingContext
  ) {
    let e = item.fact
    let content = e.content ?? MeetingFact.Content()
    let disclosure = run.disclosure.of(private: c.hidesContent)
    f.uid = e.facts.uid
    f.type = task.type
    f.timeZone = content.timeZone
    f.owner = item.source.source.ownerName
    f.source = SourcePlace(
      path: e.place.path, index: e.place.index, offset: max(0, e.place.offset))
    f.sequence = e.sequence
    f.runAutomations = task.runAutomations
    f.notify = task.notify.rawValue
    f.category = task.isInternal ? "internal" : "external"
    f.status = status(task, content, c)
    if let link = content.link {
      f.joinURL = MeetingLink(link)
      f.digestedLink = link
      f.online.isOnline = true
      f.online.provider = content.provider.isEmpty ? nil : content.provider
    }
    f.subject = MeetingText(e.summary)
    f.location = MeetingText(content.location)
    f.description = MeetingText(content.description)
    let people = c.people
    f.participants = task.participants.map { Self.participant(people.participants[$0].party) }
    f.rooms = people.rooms.map { RecordRoom(name: $0.name, email: $0.email) }
    f.organizer =
      task.namesOrganizer
      ? people.organizer.map { RecordMailbox(name: $0.name, email: $0.email) } : nil
    for hit in task.leads {
      f.leads.append(
        RecordLead(
          id: hit.row >= 0 ? run.leads.value(.id, of: hit.row).string : nil,
          key: hit.key.withByteView { rendering.keys.lead($0) },
          email: hit.key.withByteView(\.string),
          matchedBy: run.fieldName(hit.searchField).string))
      if f.company == nil, hit.row >= 0 {
        let company = run.leads.value(.company, of: hit.row)
        if !company.isEmpty { f.company = company.string }
      }
    }
    f.digestedCompany = f.company
    TaskRecord.table.disclose(&f, disclosure, pseudonyms)
  }

  func status(
    _ task: MeetingTask, _ content: MeetingFact.Content, _ c: MeetingContext
  ) -> String {
    if task.isCancelled { return c.calendar.onCancel == .deleteRow ? "deleted" : "cancelled" }
    if c.ownerDeclined { return "declined" }
    return content.isTentative || c.people.ownerStatus == "TENTATIVE" ? "tentative" : "confirmed"
  }

  private static func participant(_ p: MeetingParty) -> RecordParticipant {
    RecordParticipant(name: p.name, email: p.email, role: p.role, status: p.status, kind: p.kind)
  }
}
