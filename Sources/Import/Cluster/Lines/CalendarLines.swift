import Bytes
import Rules

/// What stands in the line of a calendar's component before what it says.
struct CalendarLine: FactFields {
  /// See ``SourceName``; of an invitation the mailbox.
  var source = ""
  /// The mail that an invitation came with, without its source; nil in a calendar.
  var mail: FactPlace?

  mutating func walk(_ c: inout some FactCoder) {
    c.text("source", &source)
    c.optional("inMail", &mail)
  }

  /// Where its source has it; `index` is the number of a component of a calendar.
  func place(_ index: Int) -> FactPlace {
    guard var place = mail else { return FactPlace(source: source, index: index) }
    place.source = source
    return place
  }
}

/// Components of calendars as lines. What meetings add to the lead set follows from which version
/// of one counts, so where they make leads each is also a fact of the first round.
struct CalendarLines {
  private let lines: FactLines
  private let createsLeads: Bool

  /// Lines of a run.
  init(_ header: FactHeader, createsLeads: Bool) {
    lines = FactLines(header)
    self.createsLeads = createsLeads
  }

  /// Appends the lines of a component.
  func append(_ fact: CalendarFact, _ line: CalendarLine, to out: ByteBuffer) {
    var line = line
    switch fact {
    case .meeting(var fact):
      let key = fact.facts.uid.withByteView { lines.key(ByteView("event"), $0) }
      func write(_ round: FactRound) {
        lines.append(round, key, "event", to: out) { c in
          line.walk(&c)
          fact.walk(&c)
        }
      }
      write(.items)
      guard createsLeads else { return }
      fact.content = nil
      fact.summary = nil
      write(.leads)
    case .fault(var fault):
      let place = ByteBuffer(capacity: 16)
      place.append(decimal: fault.place.offset)
      place.append(32)
      place.append(decimal: fault.place.index)
      let key = line.source.withByteView { source in
        fault.place.path.withByteView {
          lines.key(ByteView("unreadable"), source, $0, place.view)
        }
      }
      lines.append(.items, key, "unreadable", to: out) { c in
        line.walk(&c)
        fault.walk(&c)
      }
    }
  }
}
