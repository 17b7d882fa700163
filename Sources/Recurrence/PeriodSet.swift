/// The instances of one period: some days, each with the same times, and of these those that
/// BYSETPOS picks. Days and times stay apart, so a year of seconds takes no more room than a day.
struct PeriodSet: Sendable {
  private var bits = DayBits()
  private var wordCount = 0
  private var firstDay = 0
  private var hours: UInt32 = 0
  private var minutes: UInt64 = 0
  private var seconds: UInt64 = 0
  private var times = 0

  // Where the reading stands.
  private var wordIndex = 0
  private var word: UInt64 = 0
  private var day = 0
  private var restHours: UInt32 = 0
  private var restMinutes: UInt64 = 0
  private var restSeconds: UInt64 = 0
  private var base = 0
  private var isPicked = false
  private var picked: [Int] = []
  private var pickedIndex = 0

  /// No instance.
  init() {}

  mutating func setDays(_ days: DayBits, firstDay: Int) {
    bits = days
    wordCount = DayBits.wordCount
    self.firstDay = firstDay
  }

  mutating func setDays(_ days: UInt64, firstDay: Int) {
    bits = DayBits()
    bits.insert(days, at: 0)
    wordCount = 1
    self.firstDay = firstDay
  }

  mutating func setTimes(_ hours: UInt32, _ minutes: UInt64, _ seconds: UInt64) {
    self.hours = hours
    self.minutes = minutes
    self.seconds = seconds
    times = hours.nonzeroBitCount &* minutes.nonzeroBitCount &* seconds.nonzeroBitCount
  }

  /// Begins the reading anew, with the instances at these positions only (all when there is none).
  mutating func rewind(_ positions: [Int]) {
    wordIndex = 0
    word = bits.word(0)
    restHours = 0
    restMinutes = 0
    restSeconds = 0
    pickedIndex = 0
    isPicked = !positions.isEmpty
    guard isPicked else { return }
    picked.removeAll(keepingCapacity: true)
    let total = bits.count &* times
    for p in positions {
      let i = p > 0 ? p &- 1 : total &+ p
      if i >= 0, i < total { picked.append(i) }
    }
    picked.sort()
    var kept = 0
    for i in picked.indices where i == 0 || picked[i] != picked[i - 1] {
      picked[kept] = picked[i]
      kept += 1
    }
    picked.removeLast(picked.count - kept)
  }

  /// Forgets what has not been read.
  mutating func discard() {
    wordCount = 0
    word = 0
    restHours = 0
    restMinutes = 0
    restSeconds = 0
    isPicked = true
    picked.removeAll(keepingCapacity: true)
    pickedIndex = 0
  }

  /// How many instances there are.
  var count: Int { isPicked ? picked.count : bits.count &* times }

  /// True when the nominal second is an instance.
  func contains(_ second: Int64) -> Bool {
    if isPicked {
      return picked.contains { value(at: $0) == second }
    }
    let q = second / 86_400
    let d = Int(second % 86_400 < 0 ? q &- 1 : q)
    let t = Int(second &- Int64(d) &* 86_400)
    return bits.contains(d &- firstDay) && hours >> UInt32(t / 3600) & 1 == 1
      && minutes >> UInt64(t / 60 % 60) & 1 == 1 && seconds >> UInt64(t % 60) & 1 == 1
  }

  /// The next instance in nominal seconds, or nil after the last.
  mutating func next() -> Int64? {
    if isPicked {
      guard pickedIndex < picked.count else { return nil }
      pickedIndex &+= 1
      return value(at: picked[pickedIndex &- 1])
    }
    while true {
      if restSeconds != 0 {
        let s = restSeconds.trailingZeroBitCount
        restSeconds &= restSeconds &- 1
        return Int64(day) &* 86_400 &+ Int64(base &+ s)
      }
      if restMinutes != 0 {
        base = base / 3600 &* 3600 &+ restMinutes.trailingZeroBitCount &* 60
        restMinutes &= restMinutes &- 1
        restSeconds = seconds
      } else if restHours != 0 {
        base = restHours.trailingZeroBitCount &* 3600
        restHours &= restHours &- 1
        restMinutes = minutes
      } else if word != 0 {
        day = firstDay &+ wordIndex &* 64 &+ word.trailingZeroBitCount
        word &= word &- 1
        restHours = hours
      } else {
        wordIndex &+= 1
        guard wordIndex < wordCount else { return nil }
        word = bits.word(wordIndex)
      }
    }
  }

  /// The instance at a position from 0, in nominal seconds.
  private func value(at position: Int) -> Int64 {
    guard times > 0 else { return 0 }
    var d = position / times
    let t = position % times
    let s = seconds.nonzeroBitCount
    let m = minutes.nonzeroBitCount
    var w = 0
    while w < wordCount, d >= bits.word(w).nonzeroBitCount {
      d &-= bits.word(w).nonzeroBitCount
      w &+= 1
    }
    let day = firstDay &+ w &* 64 &+ Self.bit(d, of: bits.word(w))
    let time =
      Self.bit(t / (s &* m), of: UInt64(hours)) &* 3600
      &+ Self.bit(t / s % m, of: minutes) &* 60 &+ Self.bit(t % s, of: seconds)
    return Int64(day) &* 86_400 &+ Int64(time)
  }

  /// The index of the n-th bit that is set, from 0.
  private static func bit(_ n: Int, of word: UInt64) -> Int {
    var w = word
    for _ in 0..<max(n, 0) { w &= w &- 1 }
    return w == 0 ? 0 : w.trailingZeroBitCount
  }
}
