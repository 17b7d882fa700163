"""The mail of Jonas (Thunderbird, Maildir) and of Petra, whose sync is paused."""
from build import docx, dropped, kept, lines64, png, quoted, word
from mara import REPLY, REPLY_BODY, SHARED, SHARED_BODY

INBOX = [
    dropped("To Mara and Jonas, Jonas's copy", "duplicate", "the same mail as Mara's index 16 but for the transport headers",
            "Return-Path: <s.lindqvist@vindruvan.example>\nDelivered-To: jonas@nordlicht.example\n"
            "Received: from mx.vindruvan.example by mx2.nordlicht.example;\n Wed, 18 Feb 2026 08:05:07 +0100\n" + SHARED,
            SHARED_BODY, {"status": "0001"}),
    dropped("Deleted in Thunderbird, waiting to be compacted", "deleted-in-mailbox", "X-Mozilla-Status 0009 holds 0008",
            """From: Tobi Okafor <t.okafor@lagerhaus-west.example>
To: jonas@nordlicht.example
Subject: Testmail
Date: Tue, 17 Feb 2026 10:00:00 +0100
Message-ID: <to-2@lagerhaus-west.example>""", "Test\n", {"status": "0009"}),
    dropped("Mailing list that rewrites From", "no-lead", "the list's address is nobody's; a list never becomes a lead",
            """Return-Path: <solartechnik-bounces@listen.example>
From: Paul Sommer via Solartechnik <solartechnik@listen.example>
Reply-To: Paul Sommer <paul.sommer@werkstatt-ost.example>
To: solartechnik@listen.example
Subject: [Solartechnik] Wechselrichter brummt
Date: Tue, 17 Feb 2026 20:00:00 +0100
Message-ID: <ps-4@werkstatt-ost.example>
List-Id: Solartechnik <solartechnik.listen.example>
List-Post: <mailto:solartechnik@listen.example>
Precedence: list""", "Kennt das jemand?\n", {"status": "0001"}),
    dropped("Bounce, RFC 3464", "no-lead", "automatic, and the daemon is no lead", """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.postdienst.example>
To: jonas@nordlicht.example
Subject: Undelivered Mail Returned to Sender
Date: Wed, 18 Feb 2026 07:00:00 +0100
Message-ID: <3C1A2@mx.postdienst.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"
""", """--dsn
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.postdienst.example.
Your message could not be delivered: mailbox full.
--dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.postdienst.example

Final-Recipient: rfc822; info@dachbau-ehlers.example
Action: failed
Status: 5.2.2
--dsn
Content-Type: text/rfc822-headers

From: Jonas Ahlers <jonas@nordlicht.example>
To: info@dachbau-ehlers.example
Subject: Anfrage Geruest
--dsn--
""", {"status": "0001"}),
    kept("Out-of-office reply of a lead", "matched", "automatic mail is kept (noCapture), and Iva Nováková is a lead",
         f"""From: {word("Iva Nováková", "iso-8859-2", "Q")} <i.novak@novak-stroje.example>
To: jonas@nordlicht.example
Subject: {word("Automatische Antwort: Terminvorschlag", "utf-8", "Q")}
Date: Wed, 18 Feb 2026 09:01:00 +0100
Message-ID: <ooo-1@novak-stroje.example>
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-2
Content-Transfer-Encoding: quoted-printable""",
         quoted("Jsem mimo kancelář do 23. února.\n\nI am out of office until 23 February.\n", "iso-8859-2"),
         {"status": "0001"}),
    kept("HTML with a picture inline", "matched", "the Kita is a lead", """From: Kita Sonnenkinder <anfrage@kita-sonnenkinder.example>
To: jonas@nordlicht.example
Subject: Foto vom Dach
Date: Wed, 18 Feb 2026 12:00:00 +0100
Message-ID: <foto-1@kita-sonnenkinder.example>
MIME-Version: 1.0
Content-Type: multipart/related; boundary="rel"; type="text/html"
""", f"""--rel
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body><p>So sieht das Dach aus:</p><img src=3D"cid:dach@kita" alt=3D"Dach">=
</body></html>
--rel
Content-Type: image/png; name="dach.png"
Content-ID: <dach@kita>
Content-Disposition: inline; filename="dach.png"
Content-Transfer-Encoding: base64

{lines64(png())}
--rel--
""", {"status": "0001"}),
    kept("Japanese, UTF-8, base64", "matched", "Tanaka is a lead", f"""From: {word("田中 恵子", "UTF-8")} <tanaka@hikari-denki.example>
To: jonas@nordlicht.example
Subject: {word("現地調査の日程", "UTF-8")}
Date: Thu, 19 Feb 2026 09:00:00 +0900
Message-ID: <jp-0219@hikari-denki.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: base64""",
         lines64("現地調査は三月五日でお願いできますか。\n\n田中\n".encode()), {"status": "0001"}),
    dropped("Mara's answer, Jonas's copy (he was in Cc)", "duplicate", "the same mail as Mara's index 1",
            "Return-Path: <mara@nordlicht.example>\nReceived: by mx2.nordlicht.example; Tue, 03 Feb 2026 16:40:20 +0100\n"
            + REPLY, REPLY_BODY, {"status": "0001"}),
    dropped("A stranger", "no-lead", "nobody wrote to them, and inbound mail makes no lead",
            """From: Kai Unger <kai.unger@messebau-unger.example>
To: jonas@nordlicht.example
Subject: Messestand
Date: Thu, 19 Feb 2026 10:30:00 +0100
Message-ID: <ku-1@messebau-unger.example>""", "Haben Sie Interesse an einem Stand?\n", {"status": "0000"}),
    kept("Body lines that begin with From, not quoted", "matched", "Sara Lindqvist is a lead; no new mail begins there",
         """From: Sara Lindqvist <s.lindqvist@vindruvan.example>
To: jonas@nordlicht.example
Subject: Travel plan
Date: Thu, 19 Feb 2026 15:00:00 +0100
Message-ID: <lund-1902@vindruvan.example>""", """Hello Jonas,

From Copenhagen take the train over the bridge.

From Lund station it is ten minutes on foot.

Sara
""", {"status": "0001", "keys": "$label1"}),
]

SENT = [
    kept("Sent to a lead", "matched", "Dana Petersen is a lead", """From: Jonas Ahlers <jonas@nordlicht.example>
To: Dana Petersen <dana@kletterhalle-nord.example>
Subject: Statik der Halle
Date: Mon, 09 Feb 2026 14:00:00 +0100
Message-ID: <ja-1@nordlicht.example>
User-Agent: Mozilla Thunderbird""", "Hallo Dana,\n\ndie Statik reicht aus.\n\nJonas\n", {"status": "0001"}),
    kept("First mail to Ole", "captured", "outbound To makes Ole a lead", """From: Jonas Ahlers <jonas@nordlicht.example>
To: Ole Haugen <ole@fjordkraft.example>
Subject: Hello from the fair
Date: Tue, 10 Feb 2026 09:00:00 +0100
Message-ID: <ja-2@nordlicht.example>""", "Hello Ole,\n\ngood to meet you.\n\nJonas\n", {"status": "0001"}),
    dropped("To a colleague", "internal", "From and To are nordlicht.example", """From: Jonas Ahlers <jonas@nordlicht.example>
To: Mara Lindt <mara@nordlicht.example>
Cc: Petra Voss <petra@nordlicht.example>
Subject: Urlaub
Date: Wed, 11 Feb 2026 09:00:00 +0100
Message-ID: <ja-3@nordlicht.example>""", "Ich bin vom 2. bis 6. März weg.\n", {"status": "0001"}),
    kept("A word document", "matched", "two leads carry this address", f"""From: Jonas Ahlers <jonas@nordlicht.example>
To: Jule Kern <einkauf@energie-genossen.example>
Subject: =?utf-8?B?TGllZmVyYmVkaW5ndW5nZW4=?=
Date: Thu, 12 Feb 2026 09:00:00 +0100
Message-ID: <ja-4@nordlicht.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="------------docx4"
""", f"""This is a multi-part message in MIME format.
--------------docx4
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 7bit

Die Lieferbedingungen liegen bei.

--------------docx4
Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document;
 name="=?UTF-8?Q?Lieferbedingungen_gr=C3=BCn=2Edocx?="
Content-Disposition: attachment;
 filename*=UTF-8''Lieferbedingungen%20gr%C3%BCn.docx
Content-Transfer-Encoding: base64

{lines64(docx("Lieferung frei Baustelle"))}
--------------docx4--
""", {"status": "0001"}),
]

CUSTOMERS = [
    kept("In a subfolder of the inbox", "matched", "email.folders names the subfolder; Jule Kern's address is that of two leads",
         """From: Jule Kern <einkauf@energie-genossen.example>
To: jonas@nordlicht.example
Subject: Re: Lieferbedingungen
Date: Fri, 13 Feb 2026 09:00:00 +0100
Message-ID: <lb-2@energie-genossen.example>
In-Reply-To: <ja-4@nordlicht.example>""", "Passt so.\n", {"status": "0001"}),
    kept("An address in capitals", "matched", "addresses compare in lower case", """From: KLARA.WEISS@HOFGUT-WEISS.EXAMPLE
To: jonas@nordlicht.example
Subject: Schluessel
Date: Fri, 13 Feb 2026 10:00:00 +0100
Message-ID: <a3.20260213@hofgut-weiss.example>""", "Der Schluessel liegt beim Nachbarn.\n", {"status": "0001"}),
]

TRASH = [
    dropped("In the Trash file", "folder-not-synced", "the file is called Trash", """From: Luc Moreau <luc@toitures-moreau.example>
To: jonas@nordlicht.example
Subject: Erreur
Date: Fri, 13 Feb 2026 11:00:00 +0100
Message-ID: <20260213110000.1@toitures-moreau.example>""", "Message sans objet.\n", {"status": "0001"}),
]

MAILDIR = [
    (".Archiv/cur/1771400000.M4P9.host:2,S", dropped("In the Maildir folder Archiv", "folder-not-synced", "only inbox and sent are synced",
                                                   """From: Heidi Brunner <h.brunner@brunner-holzbau.example>
To: jonas@nordlicht.example
Subject: Altes Protokoll
Date: Tue, 03 Feb 2026 08:00:00 +0100
Message-ID: <hb-1@brunner-holzbau.example>""", "Zur Ablage.\n")),
    ("cur/1771400001.M1P9.host:2,S", kept("Read", "matched", "Heidi Brunner is a lead", """From: Heidi Brunner <h.brunner@brunner-holzbau.example>
To: jonas@nordlicht.example
Subject: Montagetermin
Date: Wed, 18 Feb 2026 08:00:00 +0100
Message-ID: <hb-2@brunner-holzbau.example>""", "Der 9. März passt.\n")),
    ("cur/1771400002.M2P9.host:2,ST", dropped("Flagged T", "deleted-in-mailbox", "Maildir flag T: trashed",
                                            """From: Heidi Brunner <h.brunner@brunner-holzbau.example>
To: jonas@nordlicht.example
Subject: Doppelt
Date: Wed, 18 Feb 2026 08:01:00 +0100
Message-ID: <hb-3@brunner-holzbau.example>""", "Bitte loeschen.\n")),
    ("new/1771400003.M3P9.host", kept("Unread, from Ole", "captured", "Ole became a lead when Jonas wrote to him",
                                    f"""From: Ole Haugen <ole@fjordkraft.example>
To: jonas@nordlicht.example
Subject: {word("Re: Hello from the fair", "UTF-8", "Q")}
Date: Wed, 18 Feb 2026 16:00:00 +0100
Message-ID: <oh-1@fjordkraft.example>""", "Hei Jonas,\n\nsend me the data sheet, please.\n\nOle\n")),
]

PETRA = [
    ("01-kunde.eml", dropped("To Petra from a lead", "user-paused", "Petra's sync is paused in users.csv",
                             """From: Dana Petersen <dana@kletterhalle-nord.example>
To: petra@nordlicht.example
Subject: Rueckruf
Date: Wed, 18 Feb 2026 17:00:00 +0100
Message-ID: <dp-1@kletterhalle-nord.example>""", "Bitte um Rueckruf.\n")),
]
