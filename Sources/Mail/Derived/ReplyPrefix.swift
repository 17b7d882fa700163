import Bytes
import Text

/// What servers put before the subject of a mail that they answer while somebody is away:
/// `Automatic reply: …`, in the languages of Exchange and of those that follow it.
///
/// Compared without regard to case, to how accents are written and to the kind and number of
/// spaces (French has no-break ones before its colon); the colon may be a full-width one.
enum ReplyPrefix {
  /// What stands before the colon, folded (``CaseFolding``), between bars. Where each comes from is
  /// in the page Automatic replies.
  static let words: StaticString = """
    |automatic reply|out of office|out of office autoreply|autoreply|auto-reply|\
    automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática|\
    resposta automática|resposta automàtica|risposta automatica|automatisch antwoord|\
    afwezigheidsbericht|automatiskt svar|automatisk svar|autosvar|automaattinen vastaus|\
    odpowiedź automatyczna|automatyczna odpowiedź|automatická odpověď|automatická odpoveď|\
    automatikus válasz|răspuns automat|automatski odgovor|samodejni odgovor|\
    automatinis atsakymas|automātiska atbilde|автоматический ответ|автоответ|\
    автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|otomatik yanıt|balasan otomatis|\
    trả lời tự động|ตอบกลับอัตโนมัติ|स्वचालित उत्तर|رد تلقائي|תשובה אוטומטית|\
    מענה 'אני לא נמצא'|自動応答|自動返信|自动回复|自动答复|自動回覆|자동 회신|
    """

  // No word is longer, nor shorter, in bytes; what comes later is the subject's own colon.
  private static let longest = 96
  private static let shortest = 8

  // The first bytes of the words, in either case: nearly every subject begins otherwise. Letters
  // that are not ASCII may have capitals with other bytes, so those all count.
  private static let firsts: [Bool] = {
    var found = (0..<256).map { $0 >= 0x80 }
    let list = ByteView(words)
    var at = 0
    while let bar = list.firstIndex(of: 124, from: at) {
      for c in [list[bar + 1], list[bar + 1] & ~0x20] { found[Int(c)] = true }
      at = bar + 1
    }
    return found
  }()

  /// True when the subject, trimmed, begins with one of the words and a colon.
  static func begins(_ subject: ByteView) -> Bool {
    guard firsts[Int(subject[0])], let end = colon(subject), end >= shortest else { return false }
    let spaced = ByteBuffer(capacity: longest)
    guard appendSpaced(subject.prefix(end), to: spaced) else { return false }
    let key = ByteBuffer(capacity: longest)
    key.append(124)
    CaseFolding.foldAppend(spaced.view, to: key)
    key.append(124)
    return ByteView(words).firstRange(of: key.view) != nil
  }

  /// Where the first colon stands, if among the first bytes.
  private static func colon(_ v: ByteView) -> Int? {
    for i in 0..<min(v.count, longest) {
      if v[i] == 58 || (v[i] == 0xEF && v[i + 1] == 0xBC && v[i + 2] == 0x9A) { return i }
    }
    return nil
  }

  /// Appends the text, runs of white space of any kind as one space, trimmed and without marks of
  /// direction. False for what can be no word: bars, and bytes that are no UTF-8.
  private static func appendSpaced(_ v: ByteView, to out: ByteBuffer) -> Bool {
    var i = 0
    var isGap = false
    while i < v.count {
      let (value, length) = UTF8Text.scalar(v, at: i)
      guard length > 0, value != 124 else { return false }
      switch value {
      case 9, 10, 13, 32, 0xA0, 0x2009, 0x202F, 0x3000: isGap = out.count > 0
      case 0x200E, 0x200F: break
      default:
        if isGap { out.append(32) }
        isGap = false
        out.append(v.slice(i, i + length))
      }
      i += length
    }
    return out.count > 0
  }
}
