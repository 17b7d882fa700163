import Glibc
import Testing

/// Numbers by chance that can be had again: SplitMix64, begun where the test says.
///
/// The same in every run, unless `WINNOW_SEED` begins all of them elsewhere; with
/// ``Testing/Trait/seeded`` a failure names it. What a test draws depends on nothing but the two.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// What `WINNOW_SEED` says; 0 where it says nothing.
  public static let seed: UInt64 =
    getenv("WINNOW_SEED").flatMap { UInt64(String(cString: $0)) } ?? 0

  /// Numbers of their own for each `own`.
  public init(_ own: UInt64 = 0) { state = own &+ Self.seed &* 0xD1B5_4A32_D192_ED03 }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var x = state
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }

  /// One of the `n` numbers from 0; 0 where there are none.
  public mutating func below(_ n: Int) -> Int { n > 0 ? Int.random(in: 0..<n, using: &self) : 0 }

  /// True in so many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of a list; `other` where that is empty.
  public mutating func pick<T>(_ list: [T], or other: T) -> T {
    list.randomElement(using: &self) ?? other
  }
}

extension Trait where Self == IssueHandlingTrait {
  /// Each failure says with which numbers it comes again.
  public static var seeded: Self {
    .compactMapIssues { issue in
      var issue = issue
      let seed: Comment = "these numbers come again with WINNOW_SEED=\(SeededNumbers.seed)"
      // Once, also where suites lie in each other.
      if !issue.comments.contains(seed) { issue.comments.append(seed) }
      return issue
    }
  }
}
