import Glibc
import Testing

/// How work grows with its input. Seconds say little on a busy machine; what does is how many times
/// as long eight times the input takes this thread alone.
public enum Growth {
  /// Seconds that this thread has worked: what others do at the same time does not count.
  public static func threadSeconds() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
  }

  /// How much more `make(8 * size)` costs than `make(size)`: about 8 where work is linear, 64 where
  /// it is square.
  ///
  /// Each size counts with its cheapest run: what else goes on only ever makes one dearer. Sizes
  /// are run anew, five times at most, until the answer is below `limit`.
  public static func factor<Input, Failure: Error>(
    _ size: Int, below limit: Double, make: (Int) -> Input,
    work: (Input) throws(Failure) -> Void
  ) throws(Failure) -> Double {
    let small = make(size)
    let large = make(8 * size)
    func cost(_ input: Input) throws(Failure) -> Double {
      let before = threadSeconds()
      try work(input)
      return threadSeconds() - before
    }
    // The first call of a function pays for what is made once.
    _ = try cost(small)
    var least = (small: Double.infinity, large: Double.infinity)
    for _ in 0..<5 {
      for _ in 0..<3 { least.small = min(least.small, try cost(small)) }
      least.large = min(least.large, try cost(large))
      if least.large / least.small < limit { break }
    }
    return least.large / least.small
  }
}

/// Expects work to grow as its input does: eight times the input may cost 24 times as much, where
/// square work costs 64 times as much.
public func expectLinear<Input, Failure: Error>(
  _ size: Int, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  make: (Int) -> Input, work: (Input) throws(Failure) -> Void
) throws(Failure) {
  let factor = try Growth.factor(size, below: 24, make: make, work: work)
  #expect(factor < 24, comment, sourceLocation: sourceLocation)
}

/// The same of a text that repeats a piece: `size` bytes of it, and eight times as many.
public func expectLinear<Failure: Error>(
  repeating piece: String, bytes size: Int, sourceLocation: SourceLocation = #_sourceLocation,
  work: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  try expectLinear(
    size, "\(piece.debugDescription)", sourceLocation: sourceLocation,
    make: { Array(String(repeating: piece, count: max(1, $0 / piece.utf8.count)).utf8) },
    work: work)
}
