import Bytes

/// The closed list of labels, squeezed to lower-case letters and digits.
enum CharsetLabels {
  // A line is: number, usual name, labels. The numbers are those of `Charset.id`; from 64 on they
  // are 64 + the row of ctext_single_byte (order in Tests/Tools/make_text_tables.py). The space
  // before the semicolon closes the last label: lookups search for a label between two spaces.
  // Code pages are listed as cpNNN only: the prefixes win, windows, ibm, dos … are taken off first.
  private static let table: StaticString = """
    0 utf-8 utf8 cp65001 unicode11utf8 unicode20utf8 utf8mb4 utf8bom uft8 utf csutf8 iso10646utf8 ;
    1 windows-1252 cp1252 iso88591 latin1 isolatin1 l1 csisolatin1 isoir100 cp819 iso885911987 \
    ansi iso1 iso88591windows30latin1 88591 cp28591 ;
    2 us-ascii usascii ascii ansix341968 ansix341986 iso646us iso646irv1991 isoir6 us csascii cp367 \
    646 cp20127 usasii ;
    3 utf-16 utf16 ucs2 iso10646ucs2 unicode csunicode unicodefeff ;
    4 utf-16le utf16le ucs2le cp1200 unicodelittle csutf16le ;
    5 utf-16be utf16be ucs2be cp1201 unicodefffe unicodebig csutf16be ;
    6 utf-32 utf32 ucs4 iso10646ucs4 csucs4 csutf32 ;
    7 utf-32le utf32le ucs4le cp12000 csutf32le ;
    8 utf-32be utf32be ucs4be cp12001 csutf32be ;
    9 utf-7 utf7 unicode11utf7 unicode20utf7 csunicode11utf7 cp65000 csutf7 ;
    10 imap-utf-7 ;
    11 iso-2022-jp iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms \
    iso2022jp2004 cp50220 cp50221 cp50222 jis jis7 csiso2022jp2 iso2022jpext ;
    12 iso-2022-kr iso2022kr csiso2022kr cp50225 ;
    13 hz-gb-2312 hzgb2312 hz cp52936 ;
    14 gb18030 gb2312 gbk cp936 cp54936 chinese csgb2312 csiso58gb231280 gb231280 isoir58 euccn \
    csgbk gb csgb18030 cp1386 cp51936 gb180302000 ;
    15 big5 xbig5 big5hkscs cnbig5 csbig5 cp950 big5eten bigfive cp951 ;
    16 euc-jp eucjp eucjpms cseucpkdfmtjapanese ujis eucjpwin cp51932 cp20932 \
    extendedunixcodepackedformatforjapanese ;
    17 shift_jis shiftjis sjis cp932 cp31j mskanji csshiftjis cp943 cswindows31j shiftjisms ;
    18 euc-kr euckr cp949 ksc56011987 ksc5601 ksc56011989 korean cseuckr csksc56011987 isoir149 \
    uhc unifiedhangul cp51949 csc56011987 ;
    19 euc-tw euctw cseuctw cns11643 ;
    20 johab cp1361 ksc56011992 ;
    21 viscii csviscii viscii11 ;
    22 tcvn tcvn5712 tcvn57121 tcvn571211993 ;
    65 windows-1250 cp1250 ;
    66 windows-1251 cp1251 cyrillicwindows ;
    67 windows-1253 cp1253 ;
    68 windows-1254 cp1254 iso88599 latin5 isolatin5 l5 csisolatin5 isoir148 iso885991989 88599 \
    cp28599 cp920 ;
    69 windows-1255 cp1255 ;
    70 windows-1256 cp1256 ;
    71 windows-1257 cp1257 ;
    72 windows-1258 cp1258 ;
    73 windows-874 cp874 tis620 tis6200 tis62025291 tis62025330 iso885911 dos874 cstis620 iso885912001 ;
    74 iso-8859-2 iso88592 latin2 isolatin2 l2 csisolatin2 isoir101 iso885921987 88592 cp28592 cp912 ;
    75 iso-8859-3 iso88593 latin3 isolatin3 l3 csisolatin3 isoir109 iso885931988 88593 cp28593 cp913 ;
    76 iso-8859-4 iso88594 latin4 isolatin4 l4 csisolatin4 isoir110 iso885941988 88594 cp28594 cp914 ;
    77 iso-8859-5 iso88595 cyrillic csisolatincyrillic isoir144 iso885951988 88595 cp28595 cp915 ;
    78 iso-8859-6 iso88596 arabic csisolatinarabic isoir127 iso885961987 88596 asmo708 ecma114 \
    iso88596e iso88596i csiso88596e csiso88596i cp28596 cp1089 ;
    79 iso-8859-7 iso88597 greek greek8 csisolatingreek isoir126 iso885971987 88597 elot928 ecma118 \
    suneugreek cp28597 cp813 ;
    80 iso-8859-8 iso88598 iso88598i iso88598e hebrew visual logical csisolatinhebrew isoir138 \
    iso885981988 88598 csiso88598e csiso88598i cp28598 cp38598 cp916 ;
    81 iso-8859-10 iso885910 latin6 isolatin6 l6 csisolatin6 isoir157 iso8859101992 885910 cp28600 ;
    82 iso-8859-13 iso885913 latin7 isolatin7 l7 885913 cp28603 csiso885913 isoir179 ;
    83 iso-8859-14 iso885914 latin8 isolatin8 l8 885914 cp28604 csiso885914 isoir199 ;
    84 iso-8859-15 iso885915 latin9 isolatin9 l9 csisolatin9 885915 cp28605 latin0 csiso885915 cp923 ;
    85 iso-8859-16 iso885916 latin10 isolatin10 l10 885916 cp28606 csiso885916 isoir226 ;
    86 koi8-r koi8r koi8 koi cskoi8r cp878 cp20866 ;
    87 koi8-u koi8u koi8ru cskoi8u cp21866 ;
    88 koi8-t koi8t ;
    89 kz-1048 kz1048 strk10482002 rk1048 cskz1048 ;
    90 ptcp154 csptcp154 cp154 cyrillicasian pt154 ;
    91 macintosh mac macroman csmacintosh cp10000 ;
    92 x-mac-cyrillic maccyrillic macukrainian macuk cp10007 cp10017 ;
    93 x-mac-greek macgreek cp10006 ;
    94 x-mac-turkish macturkish cp10081 ;
    95 x-mac-ce macce maccentraleurope maclatin2 maccenteuro cp10029 maccentraleurroman ;
    96 x-mac-icelandic macicelandic maciceland cp10079 ;
    97 x-mac-croatian maccroatian cp10082 ;
    98 ibm437 cp437 cspc8codepage437 ;
    99 cp720 ;
    100 ibm737 cp737 ;
    101 ibm775 cp775 cspc775baltic ;
    102 ibm850 cp850 cspc850multilingual ;
    103 ibm852 cp852 cspcp852 ;
    104 ibm855 cp855 ;
    105 ibm857 cp857 ;
    106 ibm858 cp858 cp00858 pcmultilingual850euro ccsid00858 ;
    107 ibm860 cp860 ;
    108 ibm861 cp861 cpis ;
    109 ibm862 cp862 cspc862latinhebrew ;
    110 ibm863 cp863 ;
    111 ibm864 cp864 ;
    112 ibm865 cp865 ;
    113 ibm866 cp866 ;
    114 ibm869 cp869 cpgr ;
    115 cp1125 cp866u ruscii ;
    116 hp-roman8 hproman8 roman8 r8 cshproman8 cp1051 ;
    """

  // Longer first where one is the beginning of another.
  private static func withoutCodePagePrefix(_ label: ByteView) -> ByteView? {
    var rest = label
    if rest.hasPrefix("cs") { rest = rest.from(2) }
    if rest.hasPrefix("microsoft") {
      rest = rest.from(9)
    } else if rest.hasPrefix("msdos") {
      rest = rest.from(5)
    } else if rest.hasPrefix("ms") {
      rest = rest.from(2)
    }
    if rest.hasPrefix("windows") {
      rest = rest.from(7)
    } else if rest.hasPrefix("win") || rest.hasPrefix("ibm") || rest.hasPrefix("oem")
      || rest.hasPrefix("dos")
    {
      rest = rest.from(3)
    }
    if rest.hasPrefix("codepage") {
      rest = rest.from(8)
    } else if rest.hasPrefix("cp") {
      rest = rest.from(2)
    }
    guard rest.count >= 2, rest.count <= 5, ASCII.isDigit(rest[0]), ASCII.isDigit(rest[1]) else {
      return nil
    }
    return rest
  }

  /// The charset of a label as it stands in a message, or nil.
  static func find(_ label: ByteView) -> Charset? {
    // The four that make up nearly all mail, without the work below.
    if label.equalsIgnoringCase("utf-8") { return .utf8 }
    if label.equalsIgnoringCase("us-ascii") { return .ascii }
    if label.equalsIgnoringCase("iso-8859-1") { return .windows1252 }
    if label.equalsIgnoringCase("windows-1252") { return .windows1252 }
    let bare = unwrapped(label)
    guard bare.count > 0, bare.count <= 60 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 68) { squeezed in
      guard let base = squeezed.baseAddress else { return nil }
      // Room for " cp" before the label and " " after it, for the search in the table.
      let text = base + 3
      var n = 0
      for i in 0..<bare.count {
        let c = ASCII.lower(bare.base[i])
        if ASCII.isAlphanumeric(c) {
          text[n] = c
          n += 1
        } else if c >= 0x80 || c == 47 || c == 92 {
          return nil  // a path or no label at all
        }
      }
      var view = ByteView(base: UnsafePointer(text), count: n)
      if let hit = look(up: view, in: base) { return hit }
      // x-sjis, x-cp1252, x-mac-roman: the mark of a private name.
      if view[0] == 120 {
        view = view.from(1)
        if let hit = look(up: view, in: base) { return hit }
      }
      guard let page = withoutCodePagePrefix(view) else { return nil }
      // " cp" + digits; the digits are moved to where the label began.
      let m = page.count
      for i in 0..<m { base[3 + i] = page.base[i] }
      base[1] = 99
      base[2] = 112
      return look(up: ByteView(base: UnsafePointer(base + 1), count: m + 2), in: base)
    }
  }

  // `label` lies in the scratch memory, at least one byte after its start; its neighbours are
  // overwritten by the spaces that the table has around each label.
  private static func look(
    up label: ByteView, in scratch: UnsafeMutablePointer<UInt8>
  ) -> Charset? {
    guard label.count >= 2 else { return nil }
    let start = label.base - UnsafePointer(scratch)
    scratch[start - 1] = ASCII.space
    scratch[start + label.count] = ASCII.space
    let needle = ByteView(base: UnsafePointer(scratch + start - 1), count: label.count + 2)
    let all = ByteView(table)
    guard let hit = all.firstRange(of: needle) else { return nil }
    let head = all.slice(0, hit)
    let lineStart = (head.lastIndex(of: ASCII.lf) ?? -1) + 1
    // The usual name stands second and may hold hyphens; one that does not is a label, too.
    guard let space = all.firstIndex(of: ASCII.space, from: lineStart),
      let id = ASCII.decimal(all.slice(lineStart, space))
    else { return nil }
    return Charset(id: UInt8(clamping: id))
  }

  /// The usual name of a charset by its number.
  static func name(of id: UInt8) -> ByteView {
    let all = ByteView(table)
    var lineStart = 0
    while lineStart < all.count {
      let lineEnd = all.firstIndex(of: ASCII.lf, from: lineStart) ?? all.count
      if let space = all.firstIndex(of: ASCII.space, from: lineStart, to: lineEnd),
        ASCII.decimal(all.slice(lineStart, space)) == Int(id)
      {
        let nameEnd = all.firstIndex(of: ASCII.space, from: space + 1, to: lineEnd) ?? lineEnd
        return all.slice(space + 1, nameEnd)
      }
      lineStart = lineEnd + 1
    }
    return .empty
  }

  // Without what people and programs wrap around a label.
  private static func unwrapped(_ label: ByteView) -> ByteView {
    var v = label.trimmed()
    if v.hasPrefixIgnoringCase("charset=") { v = v.from(8).trimmed() }
    func opens(_ c: UInt8) -> Bool { c == 34 || c == 39 || c == 60 || c == 61 || c == 92 }
    while opens(v[0]) { v = v.from(1) }
    var end = 0
    while end < v.count {
      switch v.base[end] {
      case 0...32, 34, 39, 40, 42, 44, 59, 60, 62, 92, 127: return v.prefix(end)
      default: end += 1
      }
    }
    return v
  }
}
