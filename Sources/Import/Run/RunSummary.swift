import Bytes
import JSONText
import Rules
import Text

extension RunReport {
  /// Prints what the run did: a table for people, one JSON object with `--json`; warnings go to
  /// standard error. `--quiet` prints nothing.
  func print(_ options: ImportOptions) {
    if !options.talk.isQuiet {
      for warning in warnings { Console.error("winnow: \(Plain.line(warning))") }
    }
    if options.talk.isJSON {
      Console.out(json(options))
    } else if !options.talk.isQuiet {
      Console.out(text(options), newline: false)
    }
  }

  private func text(_ options: ImportOptions) -> String {
    var lines: [String] = []
    if options.isDryRun {
      lines.append(
        ledger.path.map { "Dry run with the ledger \($0), which stays as it is" }
          ?? "Dry run without a ledger")
    }
    lines.append(
      "\(Counted.of(counts.total, "item")) in: \(counts.items(.kept)) kept, \(counts.items(.dropped)) dropped, \(counts.items(.quarantined)) quarantined"
    )
    let readsSources = options.reads == .all
    if readsSources {
      lines.append(
        Counted.of(records.activities, "activity", "activities") + ", "
          + Counted.of(records.leads, "new lead"))
    }
    if readsSources,
      records.tasks + records.blocks + outbound.files > 0
        || sources.contains(where: { !$0.role.isEmpty })
    {
      lines.append(Counted.of(records.tasks, "task") + ", " + Counted.of(records.blocks, "block"))
    }
    if outbound.files > 0 {
      lines.append(
        "\(outbound.events) of the CRM's tasks to \(Counted.of(outbound.files, "calendar"))"
      )
    }
    lines.append("")
    let width = counts.given.map { $0.reason.rawValue.utf8.count }.max() ?? 0
    for r in counts.given {
      let name = r.reason.rawValue
      let count = String(r.count)
      lines.append(
        "  " + name + String(repeating: " ", count: width - name.utf8.count + 2)
          + String(repeating: " ", count: max(0, 9 - count.utf8.count)) + count)
    }
    if options.isDryRun {
      let top = topDomains
      if !top.isEmpty {
        lines += ["", "Domains of the counterparts, by activities:"]
        let width = top.map { $0.name.utf8.count }.max() ?? 0
        for d in top {
          lines.append(
            "  " + d.name + String(repeating: " ", count: width - d.name.utf8.count + 2)
              + "\(d.count)")
        }
      }
      lines += ["", "Dry run: nothing was written."]
    } else {
      lines += ["", "Written to \(place.destination)"]
    }
    if readsSources {
      lines.append(
        "\(Progress.Text.bytes(timing.bytes)) in \(Progress.Text.decimal(timing.duration)) s (\(Progress.Text.bytes(Progress.Text.rate(timing.bytes, timing.duration)))/s, \(Progress.Text.decimal(timing.sync)) s of it waiting for the disk)"
      )
    }
    return lines.map(Plain.line).joined(separator: "\n") + "\n"
  }

  /// The twenty domains that most activities of a dry run would name.
  private var topDomains: [(name: String, count: Int)] {
    domains.map { (name: $0.key.withByteView(\.string), count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
      .prefix(20).map { $0 }
  }

  private func json(_ options: ImportOptions) -> String {
    let out = ByteBuffer()
    let w = JSONWriter(out)
    w.beginObject()
    w.key("items")
    w.beginObject()
    w.key("in")
    w.number(counts.total)
    for o in Outcome.allCases {
      w.key(o.name)
      w.number(counts.items(o))
    }
    w.endObject()
    for (name, count) in records.named {
      w.key(text: name)
      w.number(count)
    }
    w.key("reasons")
    w.beginObject()
    for r in counts.given {
      w.key(text: r.reason.rawValue)
      w.number(r.count)
    }
    w.endObject()
    if options.isDryRun {
      w.key("domains")
      w.beginArray()
      for d in topDomains {
        w.beginObject()
        w.key("domain")
        w.string(d.name)
        w.key("activities")
        w.number(d.count)
        w.endObject()
      }
      w.endArray()
    }
    w.key("output")
    w.string(orNull: options.isDryRun ? nil : place.destination)
    w.key("warnings")
    w.beginArray()
    for s in warnings { w.string(s) }
    w.endArray()
    w.endObject()
    return out.string
  }
}

/// Text for terminals and logs: one line, nothing that moves a cursor.
package enum Plain {
  /// The text with control and direction characters shown as `\u{…}`.
  package static func line(_ s: String) -> String {
    let out = ByteBuffer()
    s.withByteView { OneLine.appendEscaped($0, to: out) }
    return out.string
  }
}

/// The program's version.
public enum Version {
  /// As `--version` and run.json show it.
  public static let text = "0.1.0"
}
