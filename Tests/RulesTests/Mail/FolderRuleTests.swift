import Testing

@testable import Rules

@Suite struct MailFolderRule {
  private let plan = FolderPlan([.inbox, .sent, .named("Kunden"), .drafts])

  private func standing(
    _ facts: FolderFacts, _ direction: Direction = .inbound, _ plan: FolderPlan? = nil
  ) -> String {
    let s = (plan ?? self.plan).standing(of: facts, direction)
    return s.name + (s.isSynced ? "" : " -")
  }

  @Test("The source's own folder comes first, whatever the store and the labels say")
  func fixed() {
    var facts = FolderFacts(fixed: .archive, place: .inbox, isFolderByPlace: true)
    facts.isDraft = true
    facts.labels = LabelFacts(folder: .inbox, folders: [.inbox])
    #expect(standing(facts) == "archive -")
    facts.fixed = .named("KUNDEN")
    #expect(standing(facts) == "KUNDEN", "names compare without case")
  }

  @Test("Drafts are never synced, also where the configuration names them")
  func drafts() {
    var facts = FolderFacts(place: .inbox)
    facts.isDraft = true
    #expect(standing(facts) == "drafts -")
    #expect(standing(FolderFacts(place: .drafts, isFolderByPlace: true)) == "drafts -")
  }

  @Test("One synced label is enough, unless the mail is spam; archive is what lost the Inbox label")
  func labels() {
    func labels(_ folder: FolderWord, _ folders: [FolderWord], _ plan: FolderPlan) -> String {
      var facts = FolderFacts(place: .all)
      facts.labels = LabelFacts(folder: folder, folders: folders)
      return standing(facts, .inbound, plan)
    }
    #expect(labels(.named("Other"), [.named("Other"), .named("Kunden")], plan) == "Other")
    #expect(labels(.spam, [.spam, .inbox], plan) == "spam -")
    let archive = FolderPlan([.archive])
    #expect(labels(.named("Other"), [.named("Other")], archive) == "Other")
    #expect(labels(.archive, [], archive) == "archive")
    #expect(labels(.inbox, [.inbox], archive) == "inbox -")
    #expect(labels(.sent, [.sent], archive) == "sent -")
    #expect(labels(.archive, [], plan) == "archive -")
  }

  @Test("Without a folder the direction says it; a name that is synced is one")
  func places() {
    #expect(standing(FolderFacts(place: .all)) == "inbox")
    #expect(standing(FolderFacts(place: .all), .outbound) == "sent")
    #expect(standing(FolderFacts(place: .named("export")), .outbound) == "sent")
    #expect(standing(FolderFacts(place: .named("kunden"))) == "kunden")
    #expect(standing(FolderFacts(place: .named("export"), isFolderByPlace: true)) == "export -")
    #expect(standing(FolderFacts(place: .trash)) == "trash -")
    #expect(standing(FolderFacts()) == "inbox")
  }

  @Test("The folder is asked before the store's mark of deleted mail")
  func rule() {
    let plan = MailPlan(users: [sam()])
    let deleted = mail { $0.folder.isDeleted = true }
    #expect(
      decide(deleted, plan)
        == Finding(reason: .deletedInMailbox, rule: "the mail store's mark"))
    deleted.folder.fixed = .named("Old")
    #expect(
      decide(deleted, plan)
        == Finding(reason: .folderNotSynced, rule: "email.folders", matched: "Old"))
  }
}
