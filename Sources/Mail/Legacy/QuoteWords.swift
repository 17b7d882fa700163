import Bytes

/// The words by which mail programs announce quoted history, in the languages people use.
///
/// Lists of words separated by `|`; ASCII letters compare without case.
enum QuoteWords {
  /// "wrote", at the end of an attribution line.
  static let wrote: StaticString = """
    wrote|writes|schrieb|a écrit|écrit|escribió|ha scritto|escreveu|schreef|geschreven|\
    skrev|kirjoitti|napisał|napisal|написал|пише|пишет|писал|写道|写到|寫道|書きました|\
    のメール|a scris|napsal|írta|έγραψε|yazdı|написав
    """

  /// What an attribution begins with.
  static let openers: StaticString = """
    on |am |le |el |il |em |op |den |på |w dniu |dnia |в |ons |at |det |pe |la |ti |ma |to |ke |su |\
    mån|tis|tor|fre|lör|sön|man|tir|lor|søn|lø|dne |пн|вт|ср|чт|пт|сб|вс|mon|tue|wed|thu|fri|sat|\
    sun|in data |a |date:|ven|lun|mar|mer|gio|jeu|sam|dim|在|于|於
    """

  /// Between dashes: "Original Message" and "Forwarded message".
  static let original: StaticString = """
    original message|original appointment|reply message|ursprüngliche nachricht|\
    originalnachricht|message d'origine|message d’origine|message original|mensaje original|\
    messaggio originale|mensagem original|oorspronkelijk bericht|origineel bericht|\
    ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse|\
    opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|\
    исходное сообщение|оригинальное сообщение|原始邮件|原始郵件|原邮件|元のメッセージ|\
    original-nachricht
    """
  static let forwarded: StaticString = """
    forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht|\
    anfang der weitergeleiteten|message transféré|message transfere|début du message|\
    mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|\
    mensagem encaminhada|início da mensagem|doorgestuurd bericht|begin doorgestuurd bericht|\
    vidarebefordrat|vidarebefordrat brev|videresendt meddelelse|videresendt melding|\
    videresendt besked|välitetty viesti|edelleenlähetetty|przekazana wiadomość|\
    пересланное сообщение|пересылаемое сообщение|转发的邮件|転送されたメッセージ
    """

  /// Labels of a quoted header, without the colon.
  static let from: StaticString = """
    from|von|de|da|van|från|fra|lähettäjä|od|от|От|От кого|差出人|发件人|寄件者|寄件人|expéditeur|\
    remitente|mittente|afzender
    """
  static let sent: StaticString = """
    sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviada|enviado el|enviada em|fecha|inviato|\
    data|verzonden|skickat|sendt|dato|lähetetty|päiväys|päivämäärä|wysłano|wysłane|отправлено|Отправлено|\
    дата|Дата|送信日時|日時|日付|发送时间|发送日期|日期|時間
    """
  static let to: StaticString = """
    to|an|à|À|para|a|aan|till|til|vastaanottaja|do|кому|Кому|宛先|收件人|收件者|cc|kopia|kopi|kopie|copie
    """
  static let subject: StaticString = """
    subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|Ämne|emne|aihe|temat|тема|Тема|件名|主题|主旨|\
    sujet
    """
  static let replyTo: StaticString = "reply-to|risposta|antwort an|répondre à|responder a"

  /// What a telephone or a mail program signs with.
  static let mobile: StaticString = """
    sent from my |sent from outlook|sent from mail for|sent from yahoo|sent via |sent with |\
    get outlook for|von meinem |gesendet von |envoyé de mon |envoyé depuis |enviado desde |\
    enviado de mi|enviado do meu |enviado a partir |inviato da |inviato dal |verzonden vanaf |\
    verstuurd vanaf |verzonden met |skickat från |sendt fra |lähetetty |wysłane z |wysłano z |\
    отправлено с |отправлено из |iphoneから送信|从我的|發自我的|发自我的
    """

  /// Calls `body` with each word of a list until it gives true.
  private static func any(_ list: StaticString, _ body: (ByteView) -> Bool) -> Bool {
    let words = ByteView(list)
    var at = 0
    while at < words.count {
      let end = words.firstIndex(of: 0x7C, from: at) ?? words.count
      if body(words.slice(at, end)) { return true }
      at = end + 1
    }
    return false
  }

  /// True when the text holds a word of the list.
  static func holds(_ text: ByteView, _ list: StaticString) -> Bool {
    any(list) { text.firstRangeIgnoringCase(of: $0) != nil }
  }

  /// True when the text begins with a word of the list.
  static func begins(_ text: ByteView, _ list: StaticString) -> Bool {
    any(list) { text.hasPrefixIgnoringCase($0) }
  }

  /// True when the text is a word of the list.
  static func equals(_ text: ByteView, _ list: StaticString) -> Bool {
    any(list) { text.equalsIgnoringCase($0) }
  }
}
