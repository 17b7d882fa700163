import Foundation
import Testing

@testable import Workbench
@testable import winnow

@Suite struct Manual {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let folder = root.appendingPathComponent("Sources/winnow/winnow.docc")

  private static var files: [URL] {
    ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []).filter { $0.pathExtension == "md" }
  }

  // WINNOW_UPDATE_MANUAL=1 writes what differs instead (the manual's page Development).
  @Test("what the manual says of reasons, keys, kinds, folders, limits and statuses is the code's")
  func generated() throws {
    var found: [String] = []
    for file in Self.files {
      let page = try String(contentsOf: file, encoding: .utf8)
      let (text, names) = ManualTables.renewed(page, extra: [("commands", CommandList.table)])
      found += names
      if text != page, ProcessInfo.processInfo.environment["WINNOW_UPDATE_MANUAL"] != nil {
        try text.write(to: file, atomically: true, encoding: .utf8)
      } else {
        #expect(
          text == page,
          "WINNOW_UPDATE_MANUAL=1 swift test --filter Manual writes \(file.lastPathComponent) anew")
      }
    }
    #expect(found.sorted() == (ManualTables.all.map(\.name) + ["commands"]).sorted())
  }

  @Test("every page is in the program, as it stands in the repository, and has title and summary")
  func pages() throws {
    #expect(
      ManualPage.all.map(\.name).sorted()
        == Self.files.map { $0.deletingPathExtension().lastPathComponent }.sorted(),
      "Sources/CManual/manual.c lists the pages")
    for page in ManualPage.all {
      let file = Self.folder.appendingPathComponent(page.name + ".md")
      #expect(page.markdown == (try String(contentsOf: file, encoding: .utf8)))
      #expect(!page.head.summary.isEmpty, "\(page.name)")
    }
  }

  @Test("links between pages, and to other files, lead somewhere")
  func links() throws {
    let link = try Regex(#"\]\(([^)#:]+)(?:#[^)]*)?\)"#)
    let pages = Self.files + [Self.root.appendingPathComponent("README.md")]
    for file in pages {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: link) {
        let target = String(match.output[1].substring ?? "")
        let path = file.deletingLastPathComponent().appendingPathComponent(target).path
        #expect(
          FileManager.default.fileExists(atPath: path), "\(file.lastPathComponent): \(target)")
      }
    }
  }

  @Test("README is one page")
  func readme() throws {
    let text = try String(
      contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 221)
  }

  @Test("topics are found by page, by other names, and in any case")
  func topics() {
    for topic in ["reasons", "config", "files", "folders", "nightly", "exit-status", "Reasons"] {
      #expect(ManualPage.named(topic) != nil, "\(topic)")
    }
    #expect(ManualPage.named("exit-status")?.name == "Commands")
    #expect(ManualPage.named("nothing") == nil)
    for (_, name) in ManualPage.otherNames { #expect(ManualPage.named(name) != nil, "\(name)") }
  }

  @Test("no line of a page is wider than the terminal, but code and words", arguments: [60, 80])
  func widths(width: Int) {
    for page in ManualPage.all {
      let text = TerminalPage(width: width, isStyled: false).text(Markdown.blocks(page.markdown))
      for line in text.split(separator: "\n") where !line.hasPrefix("    ") {
        let isOneWord = line.drop { $0 == " " }.split(separator: " ").count <= 2
        #expect(TextTable.width(String(line)) <= width || isOneWord, "\(page.name): \(line)")
      }
    }
  }
}

@Suite struct MarkdownReading {
  @Test("blocks are told apart")
  func blocks() {
    let text = """
      # Title

      One line
      and another.
      * first
        goes on
        - below
      1. counted

      <!-- generated: x -->
      | a | b |
      |---|---|
      | `x\\|y` | **z** |
      <!-- /generated -->

      ```sh
      * no item
      ```
      """
    #expect(
      Markdown.blocks(text) == [
        .heading(level: 1, "Title"), .paragraph("One line and another."),
        .item(depth: 0, marker: "*", "first goes on"), .item(depth: 1, marker: "-", "below"),
        .item(depth: 0, marker: "1.", "counted"),
        .table(header: ["a", "b"], rows: [["`x\\|y`", "**z**"]]), .code(["* no item"]),
      ])
  }

  @Test("marks are taken off")
  func plain() {
    #expect(Markdown.plain("**a** `b` [c `d`](e.md#f) x\\|y [z] 2 * 3") == "a b c d x|y [z] 2 * 3")
  }

  @Test("a table that fits is one, and one that does not is a list")
  func tables() {
    let table = Markdown.blocks("| n | word |\n|---|---|\n| 1 | one |\n| 22 | two and more |")
    #expect(
      TerminalPage(width: 40, isStyled: false).text(table)
        == "n   word\n1   one\n22  two and more\n")
    let wide = Markdown.blocks(
      "| name | what | to change |\n|---|---|---|\n| abc | \(String(repeating: "word ", count: 9)) | x |"
    )
    #expect(
      TerminalPage(width: 40, isStyled: false).text(wide)
        == "abc\n    word word word word word word word\n      word word\n    to change: x\n")
  }

  @Test("nothing of a page becomes a request in the man page")
  func man() {
    let text = ManPage.text(
      version: "1.0", about: "about",
      commands: [.init(name: "x", usage: "winnow x [--y]", about: ".starts with a dot")])
    for line in text.split(separator: "\n") where line.hasPrefix(".") {
      let name = line.dropFirst().prefix { $0 != " " }
      #expect(
        ["TH", "SH", "SS", "PP", "TP", "IP", "B", "br", "nf", "fi", "RS", "RE"].contains(
          String(name)),
        "\(line)")
    }
    #expect(text.contains("\n\\&.starts with a dot\n"))
    #expect(text.contains("\\-\\-help"))
  }
}
