import Bytes
import Testing

@testable import Mail

@Suite struct FileTypes {
  private func type(_ bytes: [UInt8], _ media: String = "", _ ending: String = "") -> FileType {
    bytes.withByteView { b in
      media.withByteView { m in
        ending.withByteView { e in FileType.of(b, mediaType: m, fileExtension: e) }
      }
    }
  }

  static let magic: [(head: [UInt8], type: FileType)] = [
    (Array("%PDF-1.7".utf8), .pdf), ([0xFF, 0xD8, 0xFF, 0xE0], .jpg),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .png), (Array("GIF89a".utf8), .gif),
    (Array("{\\rtf1".utf8), .rtf), ([0x50, 0x4B, 3, 4], .zip), ([0x1F, 0x8B, 8], .gzip),
    (Array("Rar!\u{1A}".utf8), .rar), (Array("RIFF\0\0\0\0AVI ".utf8), .avi),
    (Array("RIFF\0\0\0\0WAVE".utf8), .wav), (Array("RIFF\0\0\0\0WEBP".utf8), .webp),
    ([0x37, 0x7A, 0xBC, 0xAF], .sevenZip), (Array("ID3\u{4}".utf8), .mp3),
    ([0x49, 0x49, 0x2A, 0], .tiff), ([0x4D, 0x4D, 0, 0x2A], .tiff),
    ([0x1A, 0x45, 0xDF, 0xA3], .mkv),
    ([0, 0, 1, 0xBA], .mpg), ([0x78, 0x9F, 0x3E, 0x22], .tnef),
    (Array("\0\0\0\u{20}ftypmp42".utf8), .mp4),
    (Array("  <!DOCTYPE html>".utf8), .html), (Array("<HTML>".utf8), .html),
    (Array("BM".utf8) + [UInt8](repeating: 0, count: 30), .bmp), ([], .other),
    (Array("words".utf8), .other),
  ]

  @Test(arguments: magic)
  func theFirstBytesDecide(c: (head: [UInt8], type: FileType)) {
    #expect(type(c.head) == c.type)
    if c.type != .other, c.type != .zip {
      #expect(type(c.head, "application/msword", "doc") == c.type, "labels lie")
    }
  }

  @Test func everyPrefixOfEveryMagicIsReadSafely() {
    for c in Self.magic {
      for n in 0...c.head.count { _ = type(Array(c.head.prefix(n))) }
    }
  }

  static let labels: [(media: String, ending: String, type: FileType)] = [
    ("text/html", "", .html), ("text/csv", "", .csv), ("text/calendar", "", .calendar),
    ("text/plain", "csv", .csv), ("text/plain", "", .other), ("image/jpeg", "", .jpg),
    ("image/pjpeg", "", .jpg),
    ("image/svg+xml", "", .svg), ("image/x-strange", "", .other), ("application/pdf", "", .pdf),
    ("application/octet-stream", "xlsx", .excel), ("application/octet-stream", "", .other),
    ("application/msword", "", .word),
    ("application/vnd.ms-excel.sheet.macroenabled.12", "", .excel),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "", .powerpoint),
    ("application/pkcs7-signature", "", .signature), ("application/ms-tnef", "", .tnef),
    ("message/rfc822", "", .message),
    ("video/mpeg", "", .mpg), ("video/x-msvideo", "", .avi), ("audio/mpeg", "", .mp3),
    ("", "docm", .word),
    ("", "mkv", .mkv), ("", "eml", .message), ("", "exe", .other),
  ]

  @Test(arguments: labels)
  func withoutMagicTheTypeThenTheExtensionDecide(c: (media: String, ending: String, type: FileType))
  {
    #expect(type(Array("words".utf8), c.media, c.ending) == c.type)
  }

  @Test func officeFilesAreToldFromTheirMembersThenTheirLabels() {
    let zip: [UInt8] = [0x50, 0x4B, 3, 4]
    #expect(type(zip + Array("....word/document.xml".utf8)) == .word)
    #expect(type(zip + Array("....xl/workbook.xml".utf8)) == .excel)
    #expect(type(zip + Array("....ppt/presentation.xml".utf8)) == .powerpoint)
    #expect(type(zip, "", "xlsx") == .excel)
    #expect(type(zip, "", "jpg") == .zip, "an archive that calls itself a picture")
    let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0]
    #expect(type(compound) == .word)
    #expect(type(compound, "application/vnd.ms-excel") == .excel)
    #expect(type(compound, "", "ppt") == .powerpoint)
  }
}
