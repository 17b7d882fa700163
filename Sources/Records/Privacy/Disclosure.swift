/// How much of people records show (`output.privacy`).
package enum Privacy: String, Sendable, CaseIterable {
  /// Everything.
  case full
  /// Who, with whom and when, but not what about.
  case headers
  /// The same, with pseudonyms for people.
  case pseudonymous
}

/// What is shown of a field.
package enum Holding: Sendable, Equatable {
  /// Its value.
  case kept
  /// A pseudonym for it, or for what is personal in it.
  case pseudonym(Pseudonym)
  /// Nothing: the member is absent, or empty where its kind of record always has it.
  case withheld
}

/// What is shown of a field under each of the circumstances that take anything away.
package struct Holdings: Sendable {
  /// A private event, of which nothing may be seen.
  package let underPrivate: Holding
  /// Under `privacy: headers`.
  package let underHeaders: Holding
  /// Under `privacy: pseudonymous`.
  package let underPseudonyms: Holding

  /// One for each.
  package init(
    private underPrivate: Holding, headers underHeaders: Holding,
    pseudonymous underPseudonyms: Holding
  ) {
    self.underPrivate = underPrivate
    self.underHeaders = underHeaders
    self.underPseudonyms = underPseudonyms
  }

  /// Shown always.
  package static let kept = Holdings(private: .kept, headers: .kept, pseudonymous: .kept)
  /// Shown always, but not of private events.
  package static let unlessPrivate = Holdings(
    private: .withheld, headers: .kept, pseudonymous: .kept)
  /// What a mail or a meeting is about: shown under `full` only.
  package static let content = Holdings(
    private: .withheld, headers: .withheld, pseudonymous: .withheld)

  /// Who it is about: a pseudonym where people have them, nothing of private events.
  package static func person(_ kind: Pseudonym) -> Holdings {
    Holdings(private: .withheld, headers: .kept, pseudonymous: .pseudonym(kind))
  }

  /// What tells one item from another: shown of private events, too.
  package static func name(_ kind: Pseudonym) -> Holdings {
    Holdings(private: .kept, headers: .kept, pseudonymous: .pseudonym(kind))
  }

  /// What holds under the circumstances; of two the stricter.
  package func holding(_ disclosure: Disclosure) -> Holding {
    if disclosure.isPrivate, underPrivate == .withheld { return .withheld }
    switch disclosure.privacy {
    case .full: return .kept
    case .headers: return underHeaders
    case .pseudonymous: return underPseudonyms
    }
  }
}

/// What may be shown of an item: the configuration's `output.privacy`, and whether the item is a
/// private event. Every writer, log, error and quarantine asks it; what it answers stands in the
/// records' tables, and in ``Aside`` for what is no field of a record.
package struct Disclosure: Sendable, Equatable {
  /// `output.privacy`
  package let privacy: Privacy
  /// True for a private event of which nothing may be seen.
  package let isPrivate: Bool

  /// Under these circumstances.
  package init(_ privacy: Privacy, isPrivate: Bool = false) {
    self.privacy = privacy
    self.isPrivate = isPrivate
  }

  /// The same for an item that is private, or is not.
  package func of(private isPrivate: Bool) -> Disclosure {
    Disclosure(privacy, isPrivate: isPrivate)
  }

  /// True where nothing is taken away.
  package var isEverything: Bool { privacy == .full && !isPrivate }

  /// True where it may be shown.
  package func shows(_ aside: Aside) -> Bool { aside.holds.holding(self) == .kept }
}

/// What a run tells of an item beside its records.
package enum Aside: Sendable, CaseIterable {
  /// The bytes of what could not be read.
  case quarantinedBytes
  /// A value quoted in an error or a warning.
  case quotedValue
  /// Subjects, and names of leads, as the ledger keeps them for the log.
  case loggedText
  /// A calendar attached to a mail.
  case attachedCalendar

  /// What is shown of it.
  package var holds: Holdings {
    switch self {
    case .quarantinedBytes, .loggedText, .attachedCalendar: .content
    case .quotedValue: Holdings(private: .withheld, headers: .kept, pseudonymous: .withheld)
    }
  }
}
