public import Bytes

/// What a run knows of one mail that passed steps 1 to 9 when its turn comes in source order:
/// whether it is a copy, and which of its addresses are leads.
///
/// One object, used again from mail to mail, its `var`s unchecked as those of ``MailFacts``. Its
/// views are the caller's and have to hold until the rules are asked.
public final class MailSettlement {
  /// What of the run the rules ask.
  public struct Plan: Hashable, Sendable {
    /// True in a run with a ledger.
    public var hasLedger: Bool
    /// A plan.
    public init(hasLedger: Bool) { self.hasLedger = hasLedger }
  }

  /// See ``Plan-swift.struct``.
  public let plan: Plan
  /// Where the same mail lies that was kept before this one; nil for the first. Nothing else is
  /// asked of a copy.
  @exclusivity(unchecked) public var earlierCopy: String?
  /// How many of its addresses are leads of the CRM's list.
  @exclusivity(unchecked) public var listedHits = 0
  /// How many are leads that this run or an earlier one captured.
  @exclusivity(unchecked) public var capturedHits = 0
  /// How many of all these have a record that an earlier run published.
  @exclusivity(unchecked) public var publishedHits = 0
  /// The address of the first that has none; of the first of all when each has one.
  @exclusivity(unchecked) public var firstHit: ByteView = .empty
  /// An address has several leads of which none was taken (``LeadMatching/Result/isAmbiguous``).
  @exclusivity(unchecked) public var isAmbiguous = false
  /// What the decision names when no address is a lead: the ids of the leads that share one, else
  /// the first counterpart.
  @exclusivity(unchecked) public var lookedUp: ByteView = .empty

  /// A settlement of nothing yet.
  public init(plan: Plan) { self.plan = plan }

  /// Forgets the mail before.
  public func reset() {
    earlierCopy = nil
    listedHits = 0
    capturedHits = 0
    publishedHits = 0
    firstHit = .empty
    isAmbiguous = false
    lookedUp = .empty
  }

  /// What the decision names where the rule that decided names nothing itself: bytes, since to make
  /// a text of them for every kept mail costs more than the rules do.
  public var named: ByteView { hits > 0 ? firstHit : lookedUp }
  /// How many of its addresses are leads.
  public var hits: Int { listedHits + capturedHits }
  /// True when earlier runs published all of its records.
  public var isPublished: Bool { hits > 0 && publishedHits == hits }
  /// True when the same mail met later is a copy of this one, because this one has records.
  public var isOriginal: Bool { earlierCopy == nil && hits > 0 }
}
