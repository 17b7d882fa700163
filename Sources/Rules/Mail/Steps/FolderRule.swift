/// Step 4: the folder that the mail is in (``FolderPlan/standing(of:_:)``), and the mail store's
/// own mark of deleted mail.
enum FolderRule {
  static let rule = MailRule(
    step: 4, name: "folder", reasons: [.folderNotSynced, .deletedInMailbox],
    settings: ["sources.folder", "email.folders"],
    ask: { c in
      if !c.folder.isSynced { return .drop(.folderNotSynced, by: "email.folders", c.folder.name) }
      if c.facts.folder.isDeleted { return .drop(.deletedInMailbox, by: "the mail store's mark") }
      return .pass
    },
    looksAt: { c in
      "folder \"\(c.folder.name)\", deleted mark \(c.facts.folder.isDeleted ? "set" : "not set")"
    },
    opposite: { c, f in
      switch f.reason {
      case .folderNotSynced where c.folder.folder.isNeverSynced:
        "nothing: drafts, spam, trash, chats and the outbox are never read"
      case .folderNotSynced: "add \"\(c.folder.name)\" to email.folders"
      case .deletedInMailbox: "restore the message in the mail program and export again"
      default: "take the folder out of email.folders"
      }
    })
}
