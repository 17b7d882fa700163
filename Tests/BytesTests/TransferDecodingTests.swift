import Testing

@testable import Bytes

private func base64(_ text: String) -> (String, Bool) {
  let out = ByteBuffer()
  let clean = text.withByteView { Base64Decoder.decode($0, into: out) }
  return (out.string, clean)
}

private func quotedPrintable(_ text: String) -> (String, Bool) {
  let out = ByteBuffer()
  let clean = text.withByteView { QuotedPrintable.decode($0, into: out) }
  return (out.string, clean)
}

@Suite struct Base64Decoding {
  @Test func wholeQuantaAndPadding() {
    #expect(base64("SGVsbG8sIHdvcmxk") == ("Hello, world", true))
    #expect(base64("SGVsbG8=") == ("Hello", true))
    #expect(base64("SGVsbA==") == ("Hell", true))
    #expect(base64("") == ("", true))
  }

  @Test func lineEndsAndBlanksAreSkippedSilently() {
    #expect(base64("SGVs\r\nbG8s IHdv\ncmxk\r\n") == ("Hello, world", true))
  }

  @Test func foreignBytesAreSkippedAndTold() {
    #expect(base64("SG!Vs*bG8=") == ("Hello", false))
  }

  @Test func readingGoesOnAfterPadding() {
    #expect(base64("SGVsbG8=V29ybGQ=") == ("HelloWorld", false))
  }

  @Test func missingPaddingKeepsWhatIsThere() {
    #expect(base64("SGVsbG8") == ("Hello", false))
    #expect(base64("SGVsbA") == ("Hell", false))
  }

  @Test func aLeftOverSymbolIsDropped() {
    #expect(base64("QUJDR") == ("ABC", false))
  }

  @Test func piecesOfAnySizeGiveTheSameBytes() {
    let text = "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy\r\nIHRoZSBsYXp5IGRvZy4="
    for size in 1..<text.utf8.count {
      let out = ByteBuffer()
      var decoder = Base64Decoder()
      text.withByteView { v in
        var i = 0
        while i < v.count {
          decoder.decode(v.slice(i, i + size), into: out)
          i += size
        }
      }
      decoder.finish(into: out)
      #expect(out.string == "The quick brown fox jumps over the lazy dog.")
      #expect(!decoder.isDirty)
    }
  }
}

@Suite struct QuotedPrintableDecoding {
  @Test func escapesAndSoftBreaks() {
    #expect(quotedPrintable("caf=C3=A9 =3D ok") == ("café = ok", true))
    #expect(quotedPrintable("soft=\nnext") == ("softnext", true))
    #expect(quotedPrintable("soft=\r\nnext") == ("softnext", true))
  }

  @Test func whiteSpaceAtLineEndsGoesUnlessEncoded() {
    #expect(quotedPrintable("keep=20\ndrop  \t\nsoft=  \nnext").0 == "keep \ndrop\nsoftnext")
  }

  @Test func lineEndsStayAsTheyAre() {
    #expect(quotedPrintable("a\r\nb\nc").0 == "a\r\nb\nc")
  }

  @Test func badEscapesAreCopied() {
    #expect(quotedPrintable("100=ZZ and =4") == ("100=ZZ and =4", false))
  }

  @Test func anEqualSignAtTheVeryEndIsASoftBreak() {
    #expect(quotedPrintable("cut off=").0 == "cut off")
  }

  @Test func lowerCaseDigitsCount() {
    #expect(quotedPrintable("=c3=a9").0 == "é")
  }
}

@Suite struct TotalViews {
  @Test func readingOutsideGivesZeroAndSlicesClamp() {
    [1, 2, 3].withByteView { (v: ByteView) in
      #expect(v[-1] == 0)
      #expect(v[3] == 0)
      #expect(v[Int.max] == 0)
      #expect(v.slice(-5, 2).array == [1, 2])
      #expect(v.slice(2, 1).isEmpty)
      #expect(v.slice(5, 9).isEmpty)
      #expect(v.slice(Int.min, Int.max).array == [1, 2, 3])
      #expect(v.firstIndex(of: 3, from: -4) == 2)
      #expect(v.firstIndex(of: 3, from: 9) == nil)
      #expect(v[ByteRange(start: 1, count: 400)].array == [2, 3])
    }
  }

  @Test func searchesFindTheFirstPlace() {
    "a--b\n--c".withByteView { v in
      #expect(v.firstRange(of: ByteView("\n--")) == 4)
      #expect(v.firstRange(of: ByteView("--"), from: 2) == 5)
      #expect(v.firstRange(of: ByteView("zz")) == nil)
      #expect(v.lastIndex(of: 45) == 6)
    }
  }

  @Test func digestsAreThoseOfSHA256() {
    let digest = "abc".withByteView { SHA256.digest($0) }
    #expect(digest.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digest.hex(bytes: 16) == "ba7816bf8f01cfea414140de5dae2223")
  }
}

@Suite struct BufferEdits {
  @Test func numbersAreWrittenInDecimal() {
    let b = ByteBuffer(capacity: 1)
    for n in [0, 7, -1, 1_234_567, Int.max, Int.min] {
      b.append(decimal: n)
      b.append(32)
    }
    #expect(b.string == "0 7 -1 1234567 9223372036854775807 -9223372036854775808 ")
    b.removeAll()
    b.append(decimal: 42, width: 5)
    #expect(b.string == "00042")
  }

  @Test func lineEndsAreNormalisedInPlace() {
    for (given, wanted) in [
      ("a\r\nb\r\n", "a\nb\n"), ("\r\n", "\n"), ("a\rb\r\r\n", "a\rb\r\n"), ("a\nb", "a\nb"),
      ("\r", "\r"),
    ] {
      let b = ByteBuffer()
      b.append("x\r\n" as StaticString)
      b.append(string: given)
      b.dropCRBeforeLF(from: 3)
      #expect(b.string == "x\r\n" + wanted)
    }
  }

  @Test func aPrefixCanBeDiscarded() {
    let b = ByteBuffer()
    b.append("hello world" as StaticString)
    b.discardPrefix(6)
    #expect(b.string == "world")
    b.discardPrefix(99)
    #expect(b.isEmpty)
  }

  @Test func scalarsOutsideUnicodeBecomeReplacementCharacters() {
    let b = ByteBuffer()
    for value: UInt32 in [0x41, 0xE9, 0x20AC, 0x1F600, 0xD800, 0x110000] { b.append(scalar: value) }
    #expect(b.string == "Aé€😀\u{FFFD}\u{FFFD}")
  }

  @Test func tablesFindWhatWasPutIn() {
    var t = ByteTable()
    for i in 0..<5000 { "key \(i)".withByteView { t.insert($0, Int32(i)) } }
    "key 7".withByteView { t.insert($0, 99) }
    #expect(t.count == 5000)
    for i in 0..<5000 { #expect("key \(i)".withByteView { t.find($0) } == Int32(i)) }
    #expect("key 5000".withByteView { t.find($0) } == nil)
  }
}
