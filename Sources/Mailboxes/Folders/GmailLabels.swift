public import Bytes

/// The labels that Google Takeout writes into X-Gmail-Labels.
public struct GmailLabels: Hashable, Sendable {
  /// All labels in order, as they are written (white space folded, no-break spaces as spaces).
  public var labels: [String]
  /// The folders they stand for, in order, without the marks that are no folders (Unread, Starred,
  /// Important, categories); empty for archived mail without a label of the user's own.
  public var roles: [FolderRole]

  /// How many labels of a message are read.
  public static let limit = 1_000

  /// Reads the value of the field, unfolded and RFC 2047-decoded: labels parted by commas, those
  /// that hold a comma in double quotes with inner quotes doubled or escaped. At most ``limit``
  /// labels are read.
  ///
  /// - Parameter meanings: What labels met before mean; one per thread.
  public static func parse(
    decoded value: ByteView, meanings: LabelMeanings = LabelMeanings()
  ) -> GmailLabels {
    var result = GmailLabels(labels: [], roles: [])
    let part = ByteBuffer()
    var isQuoted = false
    var at = 0
    while at <= value.count, result.labels.count < Self.limit {
      let c = value[at]
      if at == value.count || (c == 44 && !isQuoted) {
        result.add(part.string, meanings)
        part.removeAll()
      } else if c == 34 {
        if isQuoted, value[at + 1] == 34 {
          part.append(34)
          at += 1
        } else {
          isQuoted.toggle()
        }
      } else if isQuoted, c == 92, value[at + 1] == 34 || value[at + 1] == 92 {
        part.append(value[at + 1])
        at += 1
      } else {
        part.append(c)
      }
      at += 1
    }
    return result
  }

  /// The folder that decides: drafts, trash, spam and chats before sent, inbox, the user's own
  /// labels; archive when there is none of these.
  public var folder: FolderRole {
    if let never = roles.first(where: { $0.isNeverSynced }) { return never }
    if roles.contains(.sent) { return .sent }
    if roles.contains(.inbox) { return .inbox }
    return roles.first { $0 != .all } ?? .archive
  }

  private mutating func add(_ text: String, _ meanings: LabelMeanings) {
    let label = Self.spaced(text)
    guard !label.isEmpty else { return }
    labels.append(label)
    if let role = meanings.role(of: label) { roles.append(role) }
  }

  private static func spaced(_ text: String) -> String {
    var out = ""
    var isGap = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 9, 10, 13, 32, 0xA0, 0x202F: isGap = !out.isEmpty
      default:
        if isGap { out.append(" ") }
        isGap = false
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Unread, Starred, Important, Category … : something about a message, not a place.
  static func isMark(_ label: String) -> Bool {
    let name = FolderRole.normalized(label)
    if marks.contains(name) { return true }
    return prefixes.contains { name.hasPrefix($0) }
  }

  private static let marks: Set<String> = {
    let text = ByteView(FolderNames.marks).string
    return Set(text.split(separator: "|").map { FolderRole.normalized(String($0)) })
  }()

  // `Category Promotions`, `Catégorie : Promotions`, `Kategorie „Werbung“`.
  private static let prefixes: [String] = {
    let text = ByteView(FolderNames.markPrefixes).string
    return text.split(separator: "|").map { FolderRole.normalized(String($0)) }
      .flatMap { [$0 + " ", $0 + ":"] }
  }()
}

/// What single labels mean, remembered: a mailbox has few, and each takes several look-ups.
public final class LabelMeanings {
  private var known: [String: FolderRole?] = [:]

  /// Remembers nothing yet; at most 4,096 labels of at most 200 bytes later.
  public init() {}

  /// The folder that a label stands for; nil for a mark.
  func role(of label: String) -> FolderRole? {
    if let known = known[label] { return known }
    // Nested labels have slashes; the lookup is for whole names.
    let role = GmailLabels.isMark(label) ? nil : FolderRole.named(label) ?? .other(label)
    if label.utf8.count <= 200 {
      if known.count >= 4096 { known.removeAll(keepingCapacity: true) }
      known[label] = .some(role)
    }
    return role
  }
}
