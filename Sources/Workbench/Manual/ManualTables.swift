import Events
import ICalendar
import Import
import JSONText
import Mail
import Mailboxes
import Rules

/// The parts of the manual that the code knows better than anybody who writes: pages hold them
/// between `<!-- generated: NAME -->` and `<!-- /generated -->`, and a test holds the pages to them.
package enum ManualTables {
  /// Their names, with the text of each.
  package static var all: [(name: String, text: String)] {
    [
      ("reasons", reasons), ("config-keys", configKeys), ("attachment-kinds", attachmentKinds),
      ("folder-names", folderNames), ("limits", limits), ("exit-statuses", exitStatuses),
    ]
  }

  /// The page with its generated parts made anew; `names` are those that it has.
  package static func renewed(
    _ page: String, extra: [(name: String, text: String)] = []
  ) -> (text: String, names: [String]) {
    var out: [Substring] = []
    var names: [String] = []
    var isOld = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "<!-- /generated -->" { isOld = false }
      if !isOld { out.append(line) }
      guard line.hasPrefix("<!-- generated: "), line.hasSuffix(" -->") else { continue }
      let name = String(line.dropFirst(16).dropLast(4))
      guard let table = (all + extra).first(where: { $0.name == name }) else { continue }
      names.append(name)
      out.append(Substring(table.text))
      isOld = true
    }
    return (out.joined(separator: "\n"), names)
  }

  /// A table in Markdown; bars in cells are escaped.
  package static func table(_ header: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { escaped($0) }.joined(separator: " | ") + " |"
    }
    let rule = "|" + header.map { _ in "---" }.joined(separator: "|") + "|"
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }

  private static func escaped(_ cell: String) -> String {
    cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// What a reason means, and what to change; nil for a word that is none.
  package static func reason(_ word: String) -> String? {
    guard let reason = Reason(rawValue: word.lowercased()) else { return nil }
    let remedy = "\(reason.remedy)"
    return "\(reason.rawValue): \(reason.meaning)."
      + (remedy.isEmpty ? "" : "\nTo change: \(remedy)")
  }

  private static var reasons: String {
    table(
      ["reason", "what it means", "what to change"],
      Reason.allCases.map { ["`\($0.rawValue)`", "\($0.meaning)", "\($0.remedy)"] })
  }

  private static var configKeys: String {
    table(
      ["key", "values", "default", "what it says"],
      Config.keys().map {
        ["`\($0.path)`", $0.form, $0.standard.isEmpty ? "" : "`\($0.standard)`", $0.about]
      })
  }

  private static var attachmentKinds: String {
    let others = AttachmentFilter.otherNames
    return table(
      ["kind", "other names for it"],
      FileType.allCases.map(\.rawValue).map { kind in
        let names = others.filter { $0.kind == kind }.map { "`\($0.word)`" }
        return ["`\(kind)`", names.joined(separator: ", ")]
      } + [["`inline`", "images that are shown in the text"]])
  }

  private static var folderNames: String {
    FolderRole.knownNames.map { role, names in
      "* `\(role.word)`: \(names.joined(separator: ", "))"
    }.joined(separator: "\n")
  }

  private static var exitStatuses: String {
    table(
      ["status", "meaning"],
      ExitStatus.allCases.map { ["\($0.rawValue)", "\($0.meaning)"] } + [
        ["129, 130, 143", "ended by SIGHUP, SIGINT or SIGTERM before anything was published"]
      ])
  }
}
