public import Bytes

/// What kind of file an attachment is: by its first bytes, then by its media type, then by the
/// extension of its name (ES-8.3-types). Nothing is ever unpacked.
public enum FileType: String, CaseIterable, Sendable {
  case word, excel, powerpoint, pdf, rtf
  case jpg, png, gif, tiff, bmp, webp, svg
  case html, text, csv, json, xml, calendar
  case zip, gzip, rar, sevenZip = "7z"
  case mp3, mp4, mpg, avi, mkv, wav
  case message, tnef, signature
  case other

  /// The kind of a decoded attachment. `mediaType` in lower case; `fileExtension` in lower case,
  /// without the dot.
  public static func of(_ bytes: ByteView, mediaType: ByteView, fileExtension: ByteView) -> FileType
  {
    if let type = byMagic(bytes, mediaType, fileExtension) { return type }
    if let type = byMediaType(mediaType) { return type }
    return byExtension(fileExtension) ?? .other
  }

  private static func byMagic(_ b: ByteView, _ media: ByteView, _ ending: ByteView) -> FileType? {
    switch b[0] {
    case 0x25 where b.hasPrefix("%PDF-"): return .pdf
    case 0xFF where b[1] == 0xD8 && b[2] == 0xFF: return .jpg
    case 0xFF where b[1] & 0xE6 == 0xE2: return .mp3
    case 0x89 where b.from(1).hasPrefix("PNG\r\n"): return .png
    case 0x47 where b.hasPrefix("GIF8"): return .gif
    case 0x7B where b.hasPrefix("{\\rtf"): return .rtf
    case 0x50 where b.hasPrefix("PK") && b[2] < 9 && b[3] < 9: return zipped(b, media, ending)
    case 0xD0 where b[1] == 0xCF && b[2] == 0x11 && b[3] == 0xE0:
      // One container for many programs: its own directory lies anywhere, so ask the labels.
      let labelled = byMediaType(media) ?? byExtension(ending)
      return labelled == .excel || labelled == .powerpoint ? labelled : .word
    case 0x1F where b[1] == 0x8B: return .gzip
    case 0x52 where b.hasPrefix("Rar!"): return .rar
    case 0x52 where b.hasPrefix("RIFF"):
      let kind = b.slice(8, 12)
      return kind.equals("AVI ")
        ? .avi : kind.equals("WAVE") ? .wav : kind.equals("WEBP") ? .webp : nil
    case 0x37 where b[1] == 0x7A && b[2] == 0xBC && b[3] == 0xAF: return .sevenZip
    case 0x49 where b.hasPrefix("ID3"): return .mp3
    case 0x49 where b[1] == 0x49 && b[2] == 0x2A && b[3] == 0: return .tiff
    case 0x4D where b[1] == 0x4D && b[2] == 0 && b[3] == 0x2A: return .tiff
    case 0x42 where b[1] == 0x4D && b.count > 26 && b[6] == 0 && b[7] == 0: return .bmp
    case 0x1A where b[1] == 0x45 && b[2] == 0xDF && b[3] == 0xA3: return .mkv
    case 0 where b[1] == 0 && b[2] == 1 && (b[3] == 0xBA || b[3] == 0xB3): return .mpg
    case 0x78 where b[1] == 0x9F && b[2] == 0x3E && b[3] == 0x22: return .tnef
    default: break
    }
    if b.slice(4, 8).equals("ftyp") { return .mp4 }
    let start = b.prefix(256).trimmed()
    if start.hasPrefixIgnoringCase("<!doctype html") || start.hasPrefixIgnoringCase("<html") {
      return .html
    }
    return nil
  }

  // Office files are ZIP archives whose member names tell them apart.
  private static func zipped(_ b: ByteView, _ media: ByteView, _ ending: ByteView) -> FileType {
    let head = b.prefix(8192)
    if head.firstRange(of: ByteView("word/")) != nil { return .word }
    if head.firstRange(of: ByteView("xl/")) != nil { return .excel }
    if head.firstRange(of: ByteView("ppt/")) != nil { return .powerpoint }
    switch byMediaType(media) ?? byExtension(ending) {
    case .word: return .word
    case .excel: return .excel
    case .powerpoint: return .powerpoint
    default: return .zip
    }
  }

  private static func byMediaType(_ m: ByteView) -> FileType? {
    if m.hasPrefix("text/") {
      if m.equals("text/html") { return .html }
      if m.equals("text/csv") { return .csv }
      if m.equals("text/rtf") { return .rtf }
      if m.equals("text/calendar") { return .calendar }
      if m.equals("text/xml") { return .xml }
      // text/plain is what many programs call what they do not know.
      return nil
    }
    if m.hasPrefix("image/") {
      let sub = m.from(6)
      if sub.equals("jpeg") || sub.equals("jpg") || sub.equals("pjpeg") { return .jpg }
      for type in [FileType.png, .gif, .tiff, .bmp, .webp] where sub.equals(type) { return type }
      return sub.equals("svg+xml") ? .svg : nil
    }
    if m.hasPrefix("message/") { return .message }
    if m.hasPrefix("audio/") {
      return m.equals("audio/mpeg") || m.equals("audio/mp3") ? .mp3 : nil
    }
    if m.hasPrefix("video/") {
      if m.equals("video/mp4") { return .mp4 }
      if m.equals("video/mpeg") { return .mpg }
      if m.equals("video/x-matroska") { return .mkv }
      return m.equals("video/x-msvideo") || m.equals("video/avi") ? .avi : nil
    }
    guard m.hasPrefix("application/") else { return nil }
    let sub = m.from(12)
    if sub.equals("pdf") { return .pdf }
    if sub.equals("json") { return .json }
    if sub.equals("rtf") { return .rtf }
    if sub.equals("zip") || sub.equals("x-zip-compressed") { return .zip }
    if sub.equals("gzip") || sub.equals("x-gzip") { return .gzip }
    if sub.equals("ms-tnef") || sub.equals("vnd.ms-tnef") { return .tnef }
    if sub.hasPrefix("msword") || sub.hasPrefix("vnd.ms-word") { return .word }
    if sub.hasPrefix("vnd.openxmlformats-officedocument.wordprocessingml") { return .word }
    if sub.hasPrefix("vnd.ms-excel") { return .excel }
    if sub.hasPrefix("vnd.openxmlformats-officedocument.spreadsheetml") { return .excel }
    if sub.hasPrefix("vnd.ms-powerpoint") { return .powerpoint }
    if sub.hasPrefix("vnd.openxmlformats-officedocument.presentationml") { return .powerpoint }
    if sub.hasPrefix("pgp-") || sub.hasPrefix("pkcs7-") || sub.hasPrefix("x-pkcs7-") {
      return .signature
    }
    return nil
  }

  private static func byExtension(_ e: ByteView) -> FileType? {
    switch e.string {
    case "doc", "docx", "docm", "dot", "dotx": return .word
    case "xls", "xlsx", "xlsm", "xlsb": return .excel
    case "ppt", "pptx", "pptm": return .powerpoint
    case "pdf": return .pdf
    case "rtf": return .rtf
    case "jpg", "jpeg": return .jpg
    case "png": return .png
    case "gif": return .gif
    case "tif", "tiff": return .tiff
    case "bmp": return .bmp
    case "webp": return .webp
    case "svg": return .svg
    case "htm", "html": return .html
    case "txt", "log", "md": return .text
    case "csv": return .csv
    case "json": return .json
    case "xml": return .xml
    case "ics": return .calendar
    case "zip": return .zip
    case "gz", "tgz": return .gzip
    case "rar": return .rar
    case "7z": return .sevenZip
    case "mp3": return .mp3
    case "mp4", "m4v": return .mp4
    case "mpg", "mpeg": return .mpg
    case "avi": return .avi
    case "mkv": return .mkv
    case "wav": return .wav
    case "eml", "msg": return .message
    default: return nil
    }
  }
}

extension ByteView {
  fileprivate func equals(_ type: FileType) -> Bool { string == type.rawValue }
}
