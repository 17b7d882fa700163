import Foundation
import TestSupport
import Testing

@testable import Import

/// A folder in which runs with a ledger follow each other.
final class Chain {
  let folder: Folder
  private(set) var runs: [Outputs] = []

  init(_ scene: Scene) throws { folder = try scene.folder() }

  @discardableResult
  func run(_ change: (inout ImportOptions) -> Void = { _ in }) throws -> Outputs {
    let status = try folder.importAll {
      $0.out = nil
      $0.now = TimePoint("2026-03-01")
      change(&$0)
    }
    let o = try Outputs(folder, status: status, in: "out/latest")
    runs.append(o)
    return o
  }

  func path(_ name: String) -> String { folder.file(name) }
  func write(_ name: String, _ text: String) throws { try folder.write(name, text) }

  func append(_ name: String, _ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: path(from), toPath: path(to))
  }

  /// The keys of all published activities, tasks and leads.
  var published: [String] {
    runs.flatMap { ($0.activities + $0.leads + $0.tasks).compactMap { $0["key"].text } }
  }

  /// Keys of activities and leads that were published, and those of one run without a ledger.
  func agreesWithOneRun() throws -> Bool {
    let keys = { (o: Outputs) in (o.activities + o.leads).compactMap { $0["key"].text } }
    let status = try folder.importAll(to: "whole") { $0.now = TimePoint("2026-03-01") }
    let whole = keys(try Outputs(folder, status: status, in: "whole"))
    return runs.flatMap(keys).sorted() == whole.sorted()
  }
}

/// A file to which another thread adds letters. Its time of change lies a minute ahead, so that it
/// was always written to a moment ago.
private final class GrowingFile: @unchecked Sendable {
  private let path: String
  private let monitor = Monitor()
  private let isFirstWritten = DispatchSemaphore(value: 0)
  private let isOver = DispatchSemaphore(value: 0)
  private var mayGoOn = true

  init(_ path: String) { self.path = path }

  /// Returns once the first letter was written.
  func start() {
    Thread { self.grow() }.start()
    isFirstWritten.wait()
  }

  /// Returns once the last letter was written.
  func stop() {
    monitor.locked { mayGoOn = false }
    isOver.wait()
  }

  private func grow() {
    while monitor.locked({ mayGoOn }) {
      if let file = fopen(path, "a") {
        fputs("n", file)
        fclose(file)
      }
      let ahead = timeval(tv_sec: time(nil) + 60, tv_usec: 0)
      utimes(path, [ahead, ahead])
      isFirstWritten.signal()
      usleep(10_000)
    }
    isOver.signal()
  }
}

/// What happens to sources between and during the runs of a ledger, and what may not get lost of
/// it.
@Suite struct `Nightly sources` {
  private let stranger = "x@else.test"
  private let later = Scene.leadsCSV + "L9,x@else.test,\n"

  private func two() -> Scene {
    Scene(
      sam: [mail(from: stranger, id: "s")],
      kim: [mail(from: stranger, to: "kim@free.test", id: "k")])
  }

  @Test func `a message that the file cut off is read whole once it is complete`() throws {
    let chain = try Chain(Scene([mail(id: "a")]))
    try chain.append(
      "sam.mbox", "From x@client.test Mon Mar  2 10:00:00 2026\n" + mail(id: "b").dropLast(4))
    // Long ago: nobody is writing to it.
    utimes(chain.path("sam.mbox"), [timeval(), timeval()])
    #expect(try chain.run().reasons == ["matched", "matched"])
    try chain.append("sam.mbox", "ng.\n\n" + mbox([mail(id: "c")]))
    // What was published stays published, and the whole message and all behind it come out.
    #expect(try chain.run().reasons == ["unchanged", "matched", "matched"])
    #expect(try chain.run().decisions.isEmpty)
  }

  // A run that finds an unfinished message at the end of a file that was written to a moment ago
  // waits two seconds and looks again. The file is written to all the while, however long the run
  // takes.
  @Test(.slow) func `a message that grows while it is read is left for the next run`() throws {
    let chain = try Chain(Scene([mail(id: "a")]))
    let half = "From x@client.test Mon Mar  2 10:00:00 2026\n" + mail(id: "b").dropLast(4)
    try chain.append("sam.mbox", half)
    let writer = GrowingFile(chain.path("sam.mbox"))
    writer.start()
    #expect(try chain.run().reasons == ["matched"])
    writer.stop()
    try chain.append("sam.mbox", ".\n\n")
    #expect(try chain.run().reasons == ["unchanged", "matched"])
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a file that a link names is read again when it changes behind the link`() throws {
    var scene = Scene([])
    scene.files = ["leads.csv": Scene.leadsCSV, "real.eml": mail(id: "a")]
    scene.sources = #"[{"path":"link.eml","owner":"sam"}]"#
    let chain = try Chain(scene)
    try FileManager.default.createSymbolicLink(
      atPath: chain.path("link.eml"), withDestinationPath: "real.eml")
    #expect(try chain.run().reasons == ["matched"])
    try chain.write("real.eml", mail(subject: "Another", id: "b"))
    #expect(try chain.run().reasons == ["matched"])
  }

  @Test func `another configuration in a run for one user is still another one for the others`()
    throws
  {
    let scene = two()
    let chain = try Chain(scene)
    #expect(try chain.run().reasons == ["no-lead", "no-lead"])
    var other = scene
    other.email = #"{"inbound":{"captureLeads":{"enabled":true}}}"#
    try chain.write("winnow.json", other.config)
    #expect(try chain.run { $0.user = "sam" }.reasons.contains("captured"))
    try chain.run()
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a lead gained in a run for one user brings the mail of the others in the next`()
    throws
  {
    let chain = try Chain(two())
    try chain.run()
    try chain.write("leads.csv", later)
    #expect(try chain.run { $0.user = "sam" }.filed == ["L9"])
    #expect(try chain.run().filed == ["L9"])
    #expect(try chain.run().decisions.isEmpty)
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a lead captured in a run for one user brings the mail of the others in the next`()
    throws
  {
    var scene = two()
    scene.email = #"{"outbound":{"captureLeads":{"enabled":true}}}"#
    let chain = try Chain(scene)
    try chain.run()
    try chain.append("sam.mbox", mbox([sent(to: stranger, id: "t")]))
    #expect(try chain.run { $0.user = "sam" }.activities.count == 2)
    #expect(try chain.run().activities.count == 1)
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a source that was away when its mail was wanted is read when it is back`() throws {
    let chain = try Chain(two())
    try chain.run()
    try chain.move("kim.mbox", "away")
    try chain.write("leads.csv", later)
    let without = try chain.run { $0.skipsMissing = true }
    #expect(without.filed == ["L9"] && without.run["backfill"]["unavailable"].number == 1)
    try chain.move("away", "kim.mbox")
    #expect(try chain.run().filed == ["L9"])
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `the address of a mailing list stays one in later runs`() throws {
    let chain = try Chain(
      Scene(
        [mail(from: stranger, id: "a", more: ["List-Post: <mailto:list@else.test>"])],
        email: #"{"outbound":{"captureLeads":{"enabled":true}}}"#))
    try chain.run()
    try chain.append("sam.mbox", mbox([sent(to: "list@else.test", id: "b")]))
    #expect(try chain.run().reasons == ["no-lead"])
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `an ambiguous lead's mail is filed once the list says whose it is`() throws {
    var scene = Scene([mail(from: "office@client.test", id: "a")])
    scene.leads = #"{"files":["leads.csv"],"id":"id","searchBy":["email"],"onMultiple":"review"}"#
    let chain = try Chain(scene)
    #expect(try chain.run().reasons == ["ambiguous-lead"])
    try chain.write("leads.csv", Scene.leadsCSV + "L9,new@else.test,\n")
    #expect(try chain.run().activities.isEmpty)
    try chain.write(
      "leads.csv", Scene.leadsCSV.replacingOccurrences(of: "L4,office@client.test", with: "L4,"))
    #expect(try chain.run().filed == ["L3"])
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a user who is found out only later gets the mail from before`() throws {
    var scene = Scene([mail(id: "a"), mail(subject: "Two", id: "b")])
    scene.sources = #"[{"path":"sam.mbox"}]"#
    let chain = try Chain(scene)
    try chain.run()
    try chain.append(
      "sam.mbox",
      mbox(
        (0..<5).map {
          mail(subject: "\($0)", id: "d\($0)", more: ["Delivered-To: sam@example.com"])
        }))
    try chain.run()
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a span in between, other rules and back, a file rewritten, replaced and moved`()
    throws
  {
    var scene = Scene([mail(id: "a"), mail(from: stranger, id: "b")])
    scene.files["md/cur/1.host:2,S"] = mail(subject: "Dir", id: "c")
    scene.files["md/.Other/cur/.keep"] = ""
    scene.sources =
      #"[{"path":"sam.mbox","owner":"sam"},{"path":"md","owner":"sam","folder":"inbox"}]"#
    let chain = try Chain(scene)
    try chain.run()
    try chain.append("sam.mbox", mbox([mail(subject: "Three", id: "d")]))
    try chain.run { $0.from = TimePoint("2027-01-01") }
    try chain.run()
    var other = scene
    other.email = #"{"inbound":{"enabled":false}}"#
    try chain.write("winnow.json", other.config)
    try chain.append("sam.mbox", mbox([mail(subject: "Four", id: "e")]))
    try chain.run()
    try chain.write("winnow.json", scene.config)
    try chain.run()
    #expect(try chain.agreesWithOneRun())
    // Truncated, then replaced by rename, then moved about.
    let text = try String(contentsOfFile: chain.path("sam.mbox"), encoding: .utf8)
    try chain.write("sam.mbox", mbox([mail(id: "a")]))
    try chain.run()
    try chain.write("sam.new", text + mbox([mail(subject: "Five", id: "f")]))
    rename(chain.path("sam.new"), chain.path("sam.mbox"))
    try chain.move("md/cur/1.host:2,S", "md/.Other/cur/1.host:2,S")
    try chain.run()
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `one file under two names gives its mail once`() throws {
    var scene = Scene([mail(id: "a"), mail(from: stranger, id: "b")])
    scene.sources = #"[{"path":"sam.mbox","owner":"sam"},{"path":"link.mbox","owner":"sam"}]"#
    let chain = try Chain(scene)
    link(chain.path("sam.mbox"), chain.path("link.mbox"))
    try chain.run()
    try chain.append("sam.mbox", mbox([mail(subject: "Two", id: "c")]))
    try chain.run()
    try chain.write("leads.csv", later)
    #expect(try chain.run().filed == ["L9"])
    #expect(try chain.agreesWithOneRun())
  }

  @Test func `a ledger that moved with its folder publishes nothing twice`() throws {
    let chain = try Chain(two())
    try chain.run()
    try chain.write("leads.csv", later)
    let copy = chain.folder.path + "-copy"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.copyItem(atPath: chain.folder.path, toPath: copy)
    let options = {
      var o = ImportOptions()
      o.config = copy + "/winnow.json"
      o.talk.isQuiet = true
      o.now = TimePoint("2026-03-01")
      return o
    }()
    #expect(try ImportRun.execute(options) == .done)
    let lines = try String(contentsOfFile: copy + "/out/latest/activities.jsonl", encoding: .utf8)
    #expect(lines.split(separator: "\n").count == 2)
  }

  @Test(.needs(program: "sqlite3"))
  func `what was lost with an interrupted run's result comes again, back-fill included`() throws {
    let chain = try Chain(two())
    try chain.run()
    try chain.write("leads.csv", later)
    try chain.run()
    // As if the run had died between rename and mark, and somebody had removed what it published.
    let latest = try FileManager.default.destinationOfSymbolicLink(atPath: chain.path("out/latest"))
    try FileManager.default.removeItem(atPath: chain.path("out/" + latest))
    let sqlite = Process()
    sqlite.executableURL = URL(fileURLWithPath: try #require(Programs.path("sqlite3")))
    sqlite.arguments = [
      chain.path("out/winnow.sqlite"),
      "UPDATE run SET state = 1 WHERE id = (SELECT max(id) FROM run)",
    ]
    try sqlite.run()
    sqlite.waitUntilExit()
    #expect(try chain.run().filed == ["L9", "L9"])
  }
}
