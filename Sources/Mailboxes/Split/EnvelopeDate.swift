import Bytes

/// The date of a separator line: asctime(3) with an optional zone before or after the year,
/// without seconds, RFC 5322 order, with trailing words such as `remote from host`.
struct EnvelopeDate {
  private var day = 0
  private var month = 0
  private var year = -1
  private var clock = -1
  private var zone = 0
  private var hasDayName = false

  /// Seconds since 1970 UTC, or nil when the text is not a date. Looks at 12 words at most.
  mutating func parse(_ text: ByteView) -> Int? { Self.plain(text) ?? parseFully(text) }

  /// The same without the fast path.
  mutating func parseFully(_ text: ByteView) -> Int? {
    self = EnvelopeDate()
    var at = 0
    var words = 0
    while at < text.count, words < 12 {
      while at < text.count, ASCII.isBlank(text[at]) || text[at] == 44 { at += 1 }
      let start = at
      while at < text.count, !ASCII.isBlank(text[at]), text[at] != 44 { at += 1 }
      guard at > start else { break }
      words += 1
      if !take(text.slice(start, at)) {
        // UUCP's `remote from host` may follow a whole date, nothing else may.
        guard isComplete, text.slice(start, at).equals("remote") else { return nil }
        break
      }
    }
    guard isComplete else { return nil }
    return Self.days(year: year, month: month, day: day) * 86_400 + clock - zone
  }

  private var isComplete: Bool { day > 0 && month > 0 && year >= 0 && clock >= 0 }

  private mutating func take(_ word: ByteView) -> Bool {
    let c = word[0]
    if ASCII.isDigit(c) { return takeNumber(word) }
    if c == 43 || c == 45 { return takeOffset(word) }
    if word.count >= 3 {
      if month == 0, let m = Self.month(word.prefix(3)), word.count == 3 || clock < 0 {
        month = m
        return true
      }
      if !hasDayName, clock < 0, Self.isDayName(word.prefix(3)) {
        hasDayName = true
        return true
      }
    }
    // A zone's name: CET, PDT, (UTC), GMT. Its offset is not worth a table here.
    guard clock >= 0, word.count <= 8 else { return false }
    for i in 0..<word.count where !ASCII.isLetter(word[i]) && word[i] != 40 && word[i] != 41 {
      return false
    }
    return year < 0 || isZoneLike(word)
  }

  private func isZoneLike(_ word: ByteView) -> Bool {
    var w = word
    if w[0] == 40, w[w.count - 1] == 41 { w = w.slice(1, w.count - 1) }
    guard w.count >= 1, w.count <= 5 else { return false }
    for i in 0..<w.count where w[i] < 65 || w[i] > 90 { return false }
    return true
  }

  private mutating func takeNumber(_ word: ByteView) -> Bool {
    if word.firstIndex(of: 58) != nil { return takeClock(word) }
    guard let n = ASCII.decimal(word) else { return false }
    if word.count <= 2, day == 0, n >= 1, n <= 31 {
      day = n
      return true
    }
    if word.count == 4, year < 0, n >= 1970, n < 2200 {
      year = n
      return true
    }
    if word.count == 2, year < 0, day > 0 {
      year = n < 50 ? 2000 + n : 1900 + n
      return true
    }
    return false
  }

  private mutating func takeClock(_ word: ByteView) -> Bool {
    guard clock < 0, word.count <= 8, let first = word.firstIndex(of: 58) else { return false }
    let second = word.firstIndex(of: 58, from: first + 1)
    guard let h = ASCII.decimal(word.prefix(first)), h < 25,
      let m = ASCII.decimal(word.slice(first + 1, second ?? word.count)), m < 60
    else { return false }
    var s = 0
    if let second {
      guard let n = ASCII.decimal(word.from(second + 1)), n < 62 else { return false }
      s = n
    }
    clock = h * 3600 + m * 60 + s
    return true
  }

  private mutating func takeOffset(_ word: ByteView) -> Bool {
    guard clock >= 0, word.count == 5 || word.count == 6 else { return false }
    let minutesAt = word.count == 6 ? 4 : 3
    guard word.count == 5 || word[3] == 58, let h = ASCII.decimal(word.slice(1, 3)), h < 25,
      let m = ASCII.decimal(word.from(minutesAt)), m < 60
    else { return false }
    zone = (h * 3600 + m * 60) * (word[0] == 45 ? -1 : 1)
    return true
  }

  /// Days from 1970-01-01 of a date in the proleptic Gregorian calendar.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads `Tue Nov 14 22:13:57 2023`, the very form of asctime(3), which nearly every line has;
  /// nil when it is anything else.
  static func plain(_ v: ByteView) -> Int? {
    guard v.count == 24, v[3] == 32, v[7] == 32, v[10] == 32, v[13] == 58, v[16] == 58,
      v[19] == 32, isDayName(v.prefix(3)), let month = month(v.slice(4, 7)),
      let day = v[8] == 32 ? two(48, v[9]) : two(v[8], v[9]), day >= 1, day <= 31,
      let hour = two(v[11], v[12]), hour < 25, let minute = two(v[14], v[15]), minute < 60,
      let second = two(v[17], v[18]), second < 62,
      let century = two(v[20], v[21]), let rest = two(v[22], v[23])
    else { return nil }
    let year = century * 100 + rest
    guard year >= 1970, year < 2200 else { return nil }
    return days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
  }

  private static func two(_ tens: UInt8, _ units: UInt8) -> Int? {
    ASCII.isDigit(tens) && ASCII.isDigit(units) ? Int(tens) * 10 + Int(units) - 528 : nil
  }

  // Case does not matter: no byte but a letter becomes a letter with this bit.
  private static func key(_ w: ByteView) -> UInt32 {
    w.count == 3 ? (UInt32(w[0]) << 16 | UInt32(w[1]) << 8 | UInt32(w[2])) | 0x20_2020 : 0
  }

  private static func month(_ w: ByteView) -> Int? {
    switch key(w) {
    case 0x6A_616E: 1
    case 0x66_6562: 2
    case 0x6D_6172: 3
    case 0x61_7072: 4
    case 0x6D_6179: 5
    case 0x6A_756E: 6
    case 0x6A_756C: 7
    case 0x61_7567: 8
    case 0x73_6570: 9
    case 0x6F_6374: 10
    case 0x6E_6F76: 11
    case 0x64_6563: 12
    default: nil
    }
  }

  /// True for the three letters of an English day name.
  static func isDayName(_ w: ByteView) -> Bool {
    switch key(w) {
    case 0x6D_6F6E, 0x74_7565, 0x77_6564, 0x74_6875, 0x66_7269, 0x73_6174, 0x73_756E: true
    default: false
    }
  }

  /// True when one or two letters begin an English day name.
  static func isDayNamePrefix(_ w: ByteView) -> Bool {
    let names = ByteView("MonTueWedThuFriSatSun")
    for i in 0..<7 where names.from(i * 3).prefix(3).hasPrefix(w) { return true }
    return false
  }
}
