import Bytes
import Text

/// Names of months and zones as mail programs write them.
enum DateNames {
  // One letter of the month (a = January) before each name. ASCII, lower case, accents dropped:
  // en de fr es it pt nl sv da nb fi pl cs, full and short.
  private static let months: StaticString = """
    ajan ajanuary ajanuar ajanvier ajanv aene aenero agen agennaio ajaneiro ajanuari atammikuu \
    atammi atam astyczen astycznia asty aleden aledna ajaen ajaenner ajanner \
    bfeb bfebruary bfebruar bfevrier bfevr bfev bfebrero bfebbraio bfevereiro bfebruari bhelmikuu \
    bhelmi bhel bluty blutego blut bunor bunora \
    cmar cmarch cmarz cmaerz cmrz cmars cmarzo cmarco cmaart cmrt cmarts cmaaliskuu cmaalis cmaa \
    cmarzec cmarca cbrezen cbrezna \
    dapr dapril davril davr dabr dabril daprile dhuhtikuu dhuhti dhuh dkwiecien dkwietnia dkwi \
    dduben ddubna \
    emay emai emayo emag emaggio emaio emei emaj etoukokuu etouko etou emaja ekveten ekvetna \
    fjun fjune fjuni fjuin fjunio fgiu fgiugno fjunho fkesakuu fkesa fkes fczerwiec fczerwca fcze \
    fcerven fcervna \
    gjul gjuly gjuli gjuillet gjuil gjulio glug gluglio gjulho gheinakuu gheina ghei glipiec \
    glipca glip gcervenec gcervence \
    haug haugust haout haou hago hagosto haugustus haugusti helokuu helo hsierpien hsierpnia hsie \
    hsrpen hsrpna \
    isep isept iseptember iseptembre iseptiembre iset isetiembre isettembre isetembro isyyskuu \
    isyys isyy iwrzesien iwrzesnia iwrz izari \
    joct joctober jokt joktober joctobre joctubre jott jottobre jout joutubro jlokakuu jloka jlok \
    jpazdziernik jpazdziernika jpaz jrijen jrijna \
    knov knovember knovembre knoviembre knovembro kmarraskuu kmarras klistopad klistopada klis \
    klistopadu \
    ldec ldecember ldez ldezember ldecembre ldic ldiciembre ldicembre ldezembro ldes ldesember \
    ljoulukuu ljoulu ljou lgrudzien lgrudnia lgru lprosinec lprosince
    """

  // Name, colon, minutes east of Greenwich. RFC 5322 section 4.3 first, then what is seen. Names
  // that several countries use have the meaning that mail gave them most.
  private static let zones: StaticString = """
    gmt:0 ut:0 utc:0 z:0 est:-300 edt:-240 cst:-360 cdt:-300 mst:-420 mdt:-360 pst:-480 pdt:-420 \
    wet:0 west:60 bst:60 cet:60 cest:120 met:60 mest:120 mez:60 mesz:120 eet:120 eest:180 \
    msk:180 msd:240 ist:330 jst:540 kst:540 hkt:480 sgt:480 awst:480 acst:570 acdt:630 aest:600 \
    aedt:660 nzst:720 nzdt:780 akst:-540 akdt:-480 hst:-600 hdt:-540 ast:-240 adt:-180 \
    nst:-210 ndt:-150 brt:-180 brst:-120 art:-180 clt:-240 clst:-180 sast:120 pkt:300 \
    wib:420 ict:420 pht:480 swt:60 sst:-660 trt:180 gst:240
    """

  /// The month (1–12) of an English abbreviation; 0 for the English name of a weekday; else nil.
  static func english(_ w: ByteView) -> Int? {
    w.count == 3 ? english(w.base[0], w.base[1], w.base[2]) : nil
  }

  /// The same of three bytes.
  @inline(__always)
  static func english(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int? {
    // No byte but a letter becomes a letter with this bit.
    switch (UInt32(a) << 16 | UInt32(b) << 8 | UInt32(c)) | 0x20_2020 {
    case 0x6A_616E: return 1
    case 0x66_6562: return 2
    case 0x6D_6172: return 3
    case 0x61_7072: return 4
    case 0x6D_6179: return 5
    case 0x6A_756E: return 6
    case 0x6A_756C: return 7
    case 0x61_7567: return 8
    case 0x73_6570: return 9
    case 0x6F_6374: return 10
    case 0x6E_6F76: return 11
    case 0x64_6563: return 12
    case 0x73_756E, 0x6D_6F6E, 0x74_7565, 0x77_6564, 0x74_6875, 0x66_7269, 0x73_6174: return 0
    default: return nil
    }
  }

  /// The month (1–12) that a word names, or nil. Accents and case do not matter; the word may be
  /// UTF-8 or Latin-1, and end in a dot.
  static func month(_ word: ByteView) -> Int? {
    if let known = english(word) { return known > 0 ? known : nil }
    var folded: (UInt64, UInt64) = (0, 0)
    return withUnsafeMutableBytes(of: &folded) { f -> Int? in
      let n = fold(word, into: f)
      guard n >= 2, n < 16 else { return nil }
      let key = ByteView(UnsafeRawBufferPointer(rebasing: f[0..<n]))
      let table = ByteView(months)
      var i = 0
      while i < table.count {
        let end = table.firstIndex(of: ASCII.space, from: i) ?? table.count
        if end - i - 1 == n, table.slice(i + 1, end).equals(key) { return Int(table[i] &- 96) }
        i = end + 1
      }
      return nil
    }
  }

  // The word's letters without accents, in lower case; 16 and more: too long.
  private static func fold(_ word: ByteView, into out: UnsafeMutableRawBufferPointer) -> Int {
    let isUTF8 = UTF8Text.isValid(word)
    var n = 0
    var i = 0
    while i < word.count, n < 16 {
      let c = word[i]
      var length = 1
      var scalar = UInt32(c)
      if c >= 0x80, isUTF8 {
        (scalar, length) = UTF8Text.scalar(word, at: i)
      }
      i += length
      let base = scalar < 0x80 ? ASCII.lower(c) : letter(scalar)
      if base != UInt8(ascii: ".") {
        out[n] = base
        n += 1
      }
    }
    return n
  }

  // The ASCII letter under an accent, for the languages above.
  private static func letter(_ s: UInt32) -> UInt8 {
    switch s {
    case 0xC0...0xC5, 0xE0...0xE5, 0x104, 0x105: UInt8(ascii: "a")
    case 0xC7, 0xE7, 0x106, 0x107, 0x10C, 0x10D: UInt8(ascii: "c")
    case 0xC8...0xCB, 0xE8...0xEB, 0x118, 0x119, 0x11A, 0x11B: UInt8(ascii: "e")
    case 0xCC...0xCF, 0xEC...0xEF: UInt8(ascii: "i")
    case 0x143, 0x144, 0xD1, 0xF1: UInt8(ascii: "n")
    case 0xD2...0xD6, 0xD8, 0xF2...0xF6, 0xF8: UInt8(ascii: "o")
    case 0x158, 0x159: UInt8(ascii: "r")
    case 0x15A, 0x15B, 0x160, 0x161: UInt8(ascii: "s")
    case 0xD9...0xDC, 0xF9...0xFC, 0x16E, 0x16F: UInt8(ascii: "u")
    case 0x179...0x17E: UInt8(ascii: "z")
    default: UInt8(ascii: "?")
    }
  }

  /// Minutes east of Greenwich of a zone's name, or nil.
  static func zone(_ word: ByteView) -> Int? {
    guard word.count <= 4 else { return nil }
    let table = ByteView(zones)
    var i = 0
    while i < table.count {
      let end = table.firstIndex(of: ASCII.space, from: i) ?? table.count
      let colon = i + word.count
      if table[colon] == UInt8(ascii: ":"), table.slice(i, colon).equalsIgnoringCase(word) {
        let isWest = table[colon + 1] == UInt8(ascii: "-")
        let minutes = ASCII.decimal(table.slice(colon + (isWest ? 2 : 1), end)) ?? 0
        return isWest ? -minutes : minutes
      }
      i = end + 1
    }
    return nil
  }

  /// Standard offset of the zones that Windows and others spell out ("Eastern Daylight Time").
  static func spelledZone(_ word: ByteView) -> Int? {
    if word.equalsIgnoringCase("eastern") { return -300 }
    if word.equalsIgnoringCase("central") { return -360 }
    if word.equalsIgnoringCase("mountain") { return -420 }
    if word.equalsIgnoringCase("pacific") { return -480 }
    return word.equalsIgnoringCase("greenwich") ? 0 : nil
  }
}
