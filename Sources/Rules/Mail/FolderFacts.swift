/// A mail folder or label as the configuration and the records call it.
public enum FolderWord: Hashable, Sendable {
  case inbox, sent, archive
  /// Every message of an account, which says nothing of a single one.
  case all
  case drafts, trash, spam, chats, outbox
  /// A folder of the user's own.
  case named(String)

  /// `inbox`, `sent`, … or the folder's name.
  public var word: String {
    switch self {
    case .inbox: "inbox"
    case .sent: "sent"
    case .archive: "archive"
    case .all: "all"
    case .drafts: "drafts"
    case .trash: "trash"
    case .spam: "spam"
    case .chats: "chats"
    case .outbox: "outbox"
    case .named(let name): name
    }
  }

  /// Mail in it is never synced, whatever the configuration says: drafts, trash, spam, chats and
  /// what was never sent.
  public var isNeverSynced: Bool {
    switch self {
    case .drafts, .trash, .spam, .chats, .outbox: true
    default: false
    }
  }

  // Its bit in a set of standard folders; nil for a name.
  fileprivate var bit: UInt16? {
    switch self {
    case .inbox: 1
    case .sent: 2
    case .archive: 4
    case .all: 8
    case .drafts: 16
    case .trash: 32
    case .spam: 64
    case .chats: 128
    case .outbox: 256
    case .named: nil
    }
  }
}

/// The labels of one mail in Gmail, as far as they are folders.
public struct LabelFacts: Hashable, Sendable {
  /// The label that stands for the folder the mail is in.
  public var folder: FolderWord
  /// All labels that are folders.
  public var folders: [FolderWord]

  /// Labels.
  public init(folder: FolderWord, folders: [FolderWord]) {
    self.folder = folder
    self.folders = folders
  }
}

/// What is known of the folder of one mail, whatever folders are synced.
public struct FolderFacts: Hashable, Sendable {
  /// The folder that the configuration says of the source; nil for `auto`.
  public var fixed: FolderWord?
  /// The folder that the mail's place in the file system stands for.
  public var place: FolderWord
  /// True when the place is a folder for sure, also where its name says nothing (Maildir++,
  /// folders below folders).
  public var isFolderByPlace: Bool
  /// Gmail's labels; nil for mail without.
  public var labels: LabelFacts?
  /// What the source says of mail in a sent folder whose From is no listed address; nil: as the plan.
  public var sentAs: SentAs?
  /// Marked as a draft by the mail store.
  public var isDraft = false
  /// Marked as deleted by the mail store.
  public var isDeleted = false

  /// What a source says of all of its mail.
  public init(
    fixed: FolderWord? = nil, place: FolderWord = .named(""), isFolderByPlace: Bool = false
  ) {
    self.fixed = fixed
    self.place = place
    self.isFolderByPlace = isFolderByPlace
  }
}

extension FolderFacts {
  /// True in a folder for sent mail, or under such a label, whatever direction a mail has: its owner
  /// put it there, or their program.
  var isSentFolder: Bool {
    if let fixed { return fixed == .sent }
    if isDraft { return false }
    if let labels { return labels.folder == .sent || labels.folders.contains(.sent) }
    return place == .sent
  }
}

/// The folder that a mail is in, under a plan.
public struct FolderStanding: Hashable, Sendable {
  /// The folder.
  public var folder: FolderWord
  /// True when the folder, or one of the labels, is synced.
  public var isSynced: Bool

  /// A standing.
  public init(_ folder: FolderWord, isSynced: Bool) {
    self.folder = folder
    self.isSynced = isSynced
  }

  /// `inbox`, `sent`, … or the folder's name.
  public var name: String { folder.word }
}

/// Which folders are synced (`email.folders`).
public struct FolderPlan: Sendable {
  private var standard: UInt16 = 0
  private var names: Set<String> = []

  /// The folders of a configuration; none of them is synced that never may be.
  public init(_ folders: [FolderWord] = []) {
    for folder in folders where !folder.isNeverSynced {
      switch folder.bit {
      case .some(let bit): standard |= bit
      case nil: names.insert(folder.word.lowercased())
      }
    }
  }

  /// True for a folder in the list, its name compared without case.
  public func isSynced(_ folder: FolderWord) -> Bool {
    switch folder.bit {
    case .some(let bit): standard & bit != 0
    case nil: !names.isEmpty && names.contains(folder.word.lowercased())
    }
  }

  /// Finds the folder of a mail: the source's own, else a draft's, else what Gmail's labels say,
  /// else the place, else what the direction says.
  public func standing(of facts: FolderFacts, _ direction: Direction) -> FolderStanding {
    if let fixed = facts.fixed { return standing(fixed) }
    if facts.isDraft { return standing(.drafts) }
    if let labels = facts.labels { return standing(labels) }
    let byDirection: FolderWord = direction == .outbound ? .sent : .inbox
    switch facts.place {
    case .all: return standing(byDirection)
    case .named(let name) where !facts.isFolderByPlace:
      // Perhaps a folder: it is one for certain where the configuration names it.
      return !name.isEmpty && isSynced(facts.place)
        ? FolderStanding(facts.place, isSynced: true) : standing(byDirection)
    default: return standing(facts.place)
    }
  }

  private func standing(_ folder: FolderWord) -> FolderStanding {
    FolderStanding(folder, isSynced: isSynced(folder))
  }

  // One synced label is enough, unless the mail is a draft, spam, …
  private func standing(_ labels: LabelFacts) -> FolderStanding {
    FolderStanding(
      labels.folder,
      isSynced: !labels.folder.isNeverSynced
        && (isSynced(labels.folder) || labels.folders.contains { isSynced($0) }
          // Gmail's archive is what has lost the Inbox label, own labels or not.
          || (isSynced(.archive) && !labels.folders.contains(.inbox)
            && !labels.folders.contains(.sent)))
    )
  }
}
