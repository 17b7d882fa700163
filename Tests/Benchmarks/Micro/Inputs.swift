/// Bytes to measure on, and what they are.
struct Input {
  var name: String
  var bytes: [UInt8]
}

/// Inputs made the same way every time.
enum Inputs {
  private static let english =
    "Dear Ms Albers, thank you for your order of 24 modules; we deliver on Tuesday, weather permitting.\n"
  private static let swedishLine =
    "Hej Åsa, tack för beställningen på tjugofyra moduler; vi levererar på tisdag om vädret håller.\n"

  private static func repeated(_ text: String, _ count: Int) -> [UInt8] {
    let unit = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(count + unit.count)
    while out.count < count { out += unit }
    return out
  }

  static func plainText(_ n: Int) -> Input { Input(name: "ASCII", bytes: repeated(english, n)) }
  static func swedish(_ n: Int) -> Input { Input(name: "Swedish", bytes: repeated(swedishLine, n)) }

  /// An input again and again.
  static func many(_ input: Input, _ count: Int) -> Input {
    Input(
      name: input.name, bytes: repeated(String(decoding: input.bytes, as: UTF8.self), count))
  }

  static func header() -> Input {
    let text = """
      Received: from mail.client.example (mail.client.example [192.0.2.7])
      \tby mx.nordlicht.example with ESMTPS id 4XyZ12abcd; Tue, 3 Feb 2026 08:12:45 +0000
      DKIM-Signature: v=1; a=rsa-sha256; d=client.example; s=mail; b=dGhpcyBpcyBub3QgYSBzaWduYXR1cmU
      From: Klara Weiss <klara@client.example>
      To: Mara Lindt <mara@nordlicht.example>, jonas@nordlicht.example
      Subject: =?utf-8?q?Angebot_f=C3=BCr_unser_Scheunendach?=
      Date: Tue, 3 Feb 2026 09:12:44 +0100
      Message-ID: <a1.20260203@client.example>
      References: <x1@nordlicht.example> <x2@client.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8


      """
    return Input(name: "header", bytes: Array(text.utf8))
  }

  static func mail() -> Input {
    var text = String(decoding: header().bytes, as: UTF8.self)
    while text.utf8.count < 3000 { text += english }
    return Input(name: "mail", bytes: Array(text.utf8))
  }

  static func mailbox(_ n: Int) -> Input {
    Input(
      name: "mbox",
      bytes: repeated(
        "From a@b.example Thu Jan  1 00:00:00 2026\n"
          + String(decoding: mail().bytes, as: UTF8.self) + "\n", n))
  }

  static func base64(_ n: Int) -> Input {
    Input(
      name: "base64",
      bytes: repeated(
        "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZywgdHdpY2UgYSBkYXku\r\n", n))
  }

  static func quotedPrintable(_ n: Int) -> Input {
    Input(
      name: "quoted-printable",
      bytes: repeated(
        "Vielen Dank f=C3=BCr Ihre Anfrage, wir melden uns in den n=C3=A4chsten Ta=\n", n))
  }

  static func html(_ n: Int) -> Input {
    let row =
      "<tr><td style=\"padding:0cm 5.4pt;font-family:'Calibri',sans-serif\"><p class=\"MsoNormal\"><span lang=\"DE\">Modul &nbsp;<b>M&ouml;ller 400</b></span><o:p></o:p></p></td><td><a href=\"https://shop.client.example/m400?id=7\">ansehen</a></td></tr>\n"
    return Input(
      name: "html",
      bytes: Array("<html><body><table>".utf8) + repeated(row, n)
        + Array("</table></body></html>".utf8))
  }
}
