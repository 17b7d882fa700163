import Bytes
import Events
import Mail
import Rules
import Text

/// Finds the calendar that came with a mail (iMIP, RFC 6047), and reads it. One per worker.
final class InviteFinder {
  private let plan: InvitePlan
  private let components: ComponentReader
  private let text = ByteBuffer(capacity: 4096)
  private let facts = ByteBuffer(capacity: 4096)
  private static let longest = 4 << 20

  /// A finder for the mail of these users.
  init(_ plan: InvitePlan, run: RunPlan) {
    self.plan = plan
    components = ComponentReader(run: run, localZone: plan.localZone)
  }

  // A mail may not cost what a calendar may.
  private static var limits: EventLimits {
    var limits = EventLimits()
    limits.stepsPerFile /= 20
    return limits
  }

  /// True for mail of a user who wants it, in a folder that is synced, whatever becomes of the mail
  /// itself.
  func isWanted(_ state: borrowing MailState, _ finding: Finding) -> Bool {
    plan.spans[state.source.user] != nil && MailRules.letsInvitationsIn(finding)
  }

  /// What a mail's calendar says: ``CalendarFact``s one after the other, empty without one. They
  /// hold until the next search.
  ///
  /// - Parameter place: Where the mail lies.
  func find(_ reader: MessageReader, in mailbox: MailboxContext, at place: EventPlace) -> ByteView {
    facts.removeAll()
    let text = text(of: reader)
    guard !text.isEmpty, let span = plan.spans[mailbox.user] else { return .empty }
    var source = mailbox.resolved
    source.role = .primary
    let calendar = CalendarSource(
      number: mailbox.number, source: source, span: span, mail: place)
    let limits = Self.limits
    let events = EventReader(text, localZone: plan.localZone, limits: limits)
    var number = 0
    components.read(events, of: calendar, EventBudget(limits)) { fact in
      fact.numbered(number).write(to: facts)
      number += 1
    }
    return facts.view
  }

  // The first text/calendar part, else the first application/ics, as UTF-8; empty without one.
  private func text(of reader: MessageReader) -> ByteView {
    let m = reader.message
    guard m.parts.count > 0 else { return .empty }
    var attached: Int?
    for (i, part) in m.parts.enumerated() where part.isLeaf {
      let media = m.text[part.mediaType]
      if media.equalsIgnoringCase("text/calendar") { return decode(i, reader) }
      if attached == nil, media.equalsIgnoringCase("application/ics") { attached = i }
    }
    return attached.map { decode($0, reader) } ?? .empty
  }

  private func decode(_ part: Int, _ reader: MessageReader) -> ByteView {
    let m = reader.message
    let label = m.text[m.parts[part].charset]
    text.removeAll()
    reader.withAttachment(part) { a in
      guard a.elided == nil, a.bytes.count <= Self.longest else { return }
      if let charset = Charset.named(label) {
        _ = charset.decode(a.bytes, into: text)
      } else {
        text.append(a.bytes)
      }
    }
    let view = text.view
    return view.prefix(1024).firstRangeIgnoringCase(of: ByteView("BEGIN:VCALENDAR")) == nil
      ? .empty : view
  }
}

extension CalendarFact {
  /// The same with another number in its calendar.
  fileprivate func numbered(_ number: Int) -> CalendarFact {
    guard case .meeting(var fact) = self else { return self }
    fact.index = number
    return .meeting(fact)
  }
}
