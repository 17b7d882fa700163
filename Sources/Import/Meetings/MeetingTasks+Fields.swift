import Bytes
import Rules

/// What a task says.
extension MeetingTasks {
  func fill(
    _ f: inout TaskFields, _ task: MeetingTask, _ item: MeetingItem, _ c: MeetingContext
  ) {
    let e = item.fact
    let content = e.content ?? MeetingFact.Content()
    f.uid = shown(uid: e.facts.uid)
    f.type = task.type
    f.showsContent = run.privacy == .full
    f.timeZone = content.timeZone
    f.owner = item.owner
    f.path = e.place.path
    f.index = e.place.index
    f.offset = e.place.offset
    f.sequence = e.sequence
    f.runAutomations = task.runAutomations
    f.notify = task.notify.rawValue
    f.category = task.isInternal ? "internal" : "external"
    f.status = status(task, content, c)
    if let link = content.link {
      f.joinURL = link
      f.provider = content.provider.isEmpty ? nil : content.provider
    }
    if f.showsContent {
      f.subject = e.summary
      f.description = content.description
      f.location = content.location
    }
    let people = c.people
    f.participants = task.participants.map { person(people.participants[$0].party) }
    f.rooms = people.rooms.map(person)
    f.organizer = task.namesOrganizer ? people.organizer.map(person) : nil
    for hit in task.leads {
      let key = hit.key.withByteView { pseudonyms?.address($0).array ?? $0.array }
      f.leads.append(
        TaskFields.Lead(
          id: hit.row >= 0 ? run.leads.value(.id, of: hit.row).string : nil,
          key: key.withByteView { rendering.leadKey($0).hex(bytes: 16) },
          email: key.withByteView(\.string), matchedBy: run.fieldName(hit.searchField).string))
      if f.company == nil, hit.row >= 0 {
        let company = run.leads.value(.company, of: hit.row)
        if !company.isEmpty { f.company = company.string }
      }
    }
  }

  func status(
    _ task: MeetingTask, _ content: MeetingFact.Content, _ c: MeetingContext
  ) -> String {
    if task.isCancelled { return c.calendar.onCancel == .deleteRow ? "deleted" : "cancelled" }
    if c.ownerDeclined { return "declined" }
    return content.isTentative || c.people.ownerStatus == "TENTATIVE" ? "tentative" : "confirmed"
  }

  func person(_ p: MeetingParty) -> TaskFields.Person {
    guard let pseudonyms, !p.email.isEmpty else {
      return TaskFields.Person(
        name: pseudonyms == nil ? p.name : "", email: p.email, role: p.role, status: p.status,
        kind: p.kind)
    }
    return p.email.withByteView { email in
      TaskFields.Person(
        name: p.name.isEmpty ? "" : pseudonyms.name(of: email).string,
        email: pseudonyms.address(email).string, role: p.role, status: p.status, kind: p.kind)
    }
  }
}
