import Bytes
import Mail
import Testing

@Suite struct HeaderDefectsTests {
  @Test func everyBitHasOneCodeInKebabCase() {
    var names: Set<String> = []
    var all: HeaderDefects = []
    for code in HeaderDefects.codes {
      let name = "\(code.name)"
      #expect(names.insert(name).inserted, "\(name) twice")
      #expect(code.defect.rawValue.nonzeroBitCount == 1)
      #expect(all.isDisjoint(with: code.defect), "\(name) shares its bit")
      all.formUnion(code.defect)
      #expect(name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
    }
    #expect(names.count == 37)
  }

  @Test func codesOfASetComeInTheOrderOfTheTable() {
    var found: [String] = []
    HeaderDefects([.parameterCharset, .raw8Bit, .dateGuessed]).forEachCode { found.append("\($0)") }
    #expect(found == ["header-raw-8bit", "date-guessed", "parameter-charset"])
  }
}
