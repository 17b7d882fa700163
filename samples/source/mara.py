"""The mail of Mara: a Google Takeout mbox and a few saved messages."""
from build import docx, dropped, kept, labels, lines64, pdf, quoted, word

OFFER = pdf("Angebot 2026-014")


def gm(names, thread, stamp):
    """What Takeout adds: the labels, the thread, and the date of the From line."""
    return {"labels": labels(names), "thread": thread, "stamp": stamp}


REPLY = f"""From: Mara Lindt <mara@nordlicht.example>
To: =?UTF-8?Q?Klara_Wei=C3=9F?= <klara.weiss@hofgut-weiss.example>
Cc: Jonas Ahlers <jonas@nordlicht.example>
Subject: =?UTF-8?Q?Re=3A_Angebot_f=C3=BCr_unser_Scheunendach?=
Date: Tue, 03 Feb 2026 16:40:12 +0100
Message-ID: <CAF7b1-0002@mail.nordlicht.example>
In-Reply-To: <a1.20260203@hofgut-weiss.example>
References: <a1.20260203@hofgut-weiss.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_angebot_014"
"""
REPLY_BODY = f"""--=_angebot_014
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit

Guten Tag Frau Weiß,

anbei unser Angebot für 48 Module auf dem Scheunendach.

Viele Grüße
Mara Lindt
--=_angebot_014
Content-Type: application/pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename*0*=UTF-8''Angebot%202026-014%20;
 filename*1*=Scheunendach%20S%C3%BCd;
 filename*2=".pdf"

{lines64(OFFER)}
--=_angebot_014--
"""

# The same mail reached Jonas, too; only what the transport added differs.
SHARED = """From: Sara Lindqvist <s.lindqvist@vindruvan.example>
To: Mara Lindt <mara@nordlicht.example>, Jonas Ahlers <jonas@nordlicht.example>
Subject: Site visit in Lund
Date: Wed, 18 Feb 2026 08:05:00 +0100
Message-ID: <lund-1802@vindruvan.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
"""
SHARED_BODY = """Hello both,

could one of you come to Lund in March and look at the winery roof?

Sara
"""

OUTLOOK = quoted("""<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252">
<style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt} --></style></head>
<body lang="DE-CH"><div class="WordSection1">
<p class="MsoNormal">Grüezi Frau Lindt<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">Der Preis von 18\u2019400 \u20ac passt \u2013 bitte schicken Sie den Vertrag.<o:p></o:p></p>
<table border="1"><tr><td>Module</td><td>36</td></tr><tr><td>Wechselrichter</td><td>2</td></tr></table>
</div></body></html>
""", "windows-1252")

TAKEOUT = [
    kept("Anfrage, German, UTF-8", "matched", "Klara Weiß is a lead", """From: Klara Weiß <klara.weiss@hofgut-weiss.example>
To: mara@nordlicht.example
Subject: =?UTF-8?B?QW5nZWJvdCBmw7xyIHVuc2VyIFNjaGV1?= =?UTF-8?B?bmVuZGFjaA==?=
Date: Tue, 3 Feb 2026 09:12:44 +0100
Message-ID: <a1.20260203@hofgut-weiss.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit""", """Guten Tag,

wir möchten unser Scheunendach (ca. 240 m², Südseite) mit Modulen belegen.
Können Sie uns bis Ende Februar ein Angebot machen?

Klara Weiß
""", gm("Posteingang,Wichtig,Geöffnet,Kunden/Hofgut Weiß", "1790010000000000001", "Tue Feb 03 08:12:45 +0000 2026")),
    kept("Answer with a PDF whose name is in RFC 2231 pieces", "matched", "sent by Mara to a lead", REPLY, REPLY_BODY,
         gm("Gesendet,Geöffnet", "1790010000000000001", "Tue Feb 03 15:40:12 +0000 2026")),
    kept("Question from Eva, who is no lead yet", "captured", "back-fill: two days later Mara writes to her (index 3)",
         f"""From: Eva Brandt <eva.brandt@stadtwerk-au.example>
To: vertrieb@nordlicht.example
Subject: {word("Solarpark Süd – wer liefert?", "UTF-8", "Q")}
Date: Tue, 10 Feb 2026 11:00:00 +0100
Message-ID: <eva-1@stadtwerk-au.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: quoted-printable""", quoted("""Guten Tag,

für den Solarpark Süd suchen wir noch einen Lieferanten für die Unterkonstruktion. Liefern Sie auch so etwas?

Eva Brandt
"""), gm("Posteingang,Geöffnet", "1790010000000000002", "Tue Feb 10 10:00:02 +0000 2026")),
    kept("Mara's answer to Eva", "captured", "outbound To makes Eva a lead", """From: Mara Lindt <mara@nordlicht.example>
To: Eva Brandt <eva.brandt@stadtwerk-au.example>
Subject: =?UTF-8?Q?Re=3A_Solarpark_S=C3=BCd_=E2=80=93_wer_liefert=3F?=
Date: Thu, 12 Feb 2026 08:30:00 +0100
Message-ID: <CAF7b1-0004@mail.nordlicht.example>
In-Reply-To: <eva-1@stadtwerk-au.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8""", "Guten Tag Frau Brandt,\n\nja, liefern wir. Ich rufe Sie an.\n\nMara Lindt\n",
         gm("Gesendet", "1790010000000000002", "Thu Feb 12 07:30:00 +0000 2026")),
    dropped("Spam", "folder-not-synced", "labelled Spam", """From: "Crypto Roof" <win@glueckspost.example>
To: mara@nordlicht.example
Subject: You have won 5,000 modules
Date: Thu, 12 Feb 2026 03:14:15 +0000
Message-ID: <x1@glueckspost.example>""", "Click now.\n",
            gm("Spam,Ungelesen", "1790010000000000003", "Thu Feb 12 03:14:16 +0000 2026")),
    dropped("Draft to a lead", "folder-not-synced", "labelled Entwürfe", f"""From: Mara Lindt <mara@nordlicht.example>
To: klara.weiss@hofgut-weiss.example
Subject: {word("Nachtrag zum Angebot", "UTF-8", "Q")}
Date: Thu, 12 Feb 2026 10:00:00 +0100
Message-ID: <CAF7b1-draft@mail.nordlicht.example>""", "Guten Tag Frau W\n",
            gm("Entwürfe,Geöffnet", "1790010000000000001", "Thu Feb 12 09:00:00 +0000 2026")),
    dropped("Thrown away", "folder-not-synced", "labelled Papierkorb, though its sender is a lead",
            """From: Tobi Okafor <t.okafor@lagerhaus-west.example>
To: mara@nordlicht.example
Subject: (kein Betreff)
Date: Thu, 12 Feb 2026 12:00:00 +0100
Message-ID: <to-3@lagerhaus-west.example>""", "Falsche Adresse, bitte ignorieren.\n",
            gm("Papierkorb,Geöffnet", "1790010000000000004", "Thu Feb 12 11:00:00 +0000 2026")),
    kept("French, windows-1252 labelled iso-8859-1", "matched", "Luc Moreau is a lead",
         f"""From: Luc Moreau <luc@toitures-moreau.example>
To: Mara Lindt <mara@nordlicht.example>
Subject: {word("Délai de livraison à Rouen", "iso-8859-1", "Q")}
Date: Fri, 13 Feb 2026 14:20:00 +0100
Message-ID: <20260213142000.12@toitures-moreau.example>
MIME-Version: 1.0
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable""",
         quoted("Bonjour Madame,\n\nle délai de livraison à Rouen est-il tenu ? Le solde est de 3 200 \u20ac.\n\n"
                "Cordialement\nLuc Moreau\n", "windows-1252"),
         gm("Posteingang,Geöffnet", "1790010000000000005", "Fri Feb 13 13:20:01 +0000 2026")),
    kept("Japanese, ISO-2022-JP", "matched", "Tanaka is a lead", f"""From: {word("田中 恵子", "iso-2022-jp")} <tanaka@hikari-denki.example>
To: mara@nordlicht.example
Subject: {word("太陽光パネルの見積もり", "iso-2022-jp")}
Date: Mon, 16 Feb 2026 17:30:00 +0900
Message-ID: <jp-0216@hikari-denki.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=ISO-2022-JP
Content-Transfer-Encoding: 7bit""", "お世話になっております。\n\nパネル二百枚の見積もりをお願いいたします。\n\n田中\n".encode("iso-2022-jp"),
         gm("Posteingang,Ungelesen", "1790010000000000006", "Mon Feb 16 08:30:01 +0000 2026")),
    kept("HTML only, as Outlook writes it, windows-1252", "matched", "Heidi Brunner is a lead",
         """From: Brunner Heidi <H.Brunner@Brunner-Holzbau.example>
To: 'Mara Lindt' <mara@nordlicht.example>
Subject: AW: Vertrag
Thread-Topic: Vertrag
Date: Mon, 16 Feb 2026 18:01:33 +0100
Message-ID: <AM0PR0000.eurprd@brunner-holzbau.example>
X-Mailer: Microsoft Outlook 16.0
MIME-Version: 1.0
Content-Type: text/html; charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable""", OUTLOOK,
         gm("Posteingang,Geöffnet", "1790010000000000007", "Mon Feb 16 17:01:34 +0000 2026")),
    dropped("Newsletter", "no-lead", "its sender is no lead; bulk mail would never make one",
            """From: Photovoltaik-Brief <redaktion@pv-brief.example>
To: mara@nordlicht.example
Subject: PV-Brief KW 8
Date: Tue, 17 Feb 2026 06:00:00 +0100
Message-ID: <kw8@pv-brief.example>
List-Unsubscribe: <https://pv-brief.example/abmelden?u=1>
Precedence: bulk
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8""", "Die Themen der Woche: Speicherpreise, Netzanschluss.\n",
            gm("Posteingang,Ungelesen", "1790010000000000008", "Tue Feb 17 05:00:02 +0000 2026")),
    dropped("No-reply mail of a shop", "no-reply", "guards.noReply is skip", """From: Kabelshop <no-reply@kabelshop.example>
To: mara@nordlicht.example
Subject: Ihre Bestellung 88123
Date: Tue, 17 Feb 2026 09:30:00 +0100
Message-ID: <88123@kabelshop.example>""", "Ihre Bestellung ist unterwegs.\n",
            gm("Posteingang,Geöffnet", "1790010000000000009", "Tue Feb 17 08:30:01 +0000 2026")),
    dropped("Among colleagues", "internal", "From and To are nordlicht.example", """From: Jonas Ahlers <jonas@nordlicht.example>
To: Mara Lindt <mara@nordlicht.example>
Subject: Mittagessen?
Date: Tue, 17 Feb 2026 11:50:00 +0100
Message-ID: <lunch-1@nordlicht.example>""", "12:15 beim Italiener?\n",
            gm("Posteingang,Geöffnet", "1790010000000000010", "Tue Feb 17 10:50:01 +0000 2026")),
    dropped("From a competitor", "excluded-admin", "rivalsolar.example is excluded for inbound mail",
            """From: Vertrieb <vertrieb@rivalsolar.example>
To: mara@nordlicht.example
Subject: Kooperation
Date: Tue, 17 Feb 2026 13:00:00 +0100
Message-ID: <koop-7@rivalsolar.example>""", "Sollen wir uns den Markt teilen?\n",
            gm("Posteingang,Geöffnet", "1790010000000000011", "Tue Feb 17 12:00:01 +0000 2026")),
    kept("A body line that begins with From, quoted as mboxo does", "matched", "Tobi Okafor is a lead",
         """From: Tobi Okafor <t.okafor@lagerhaus-west.example>
To: mara@nordlicht.example
Subject: Schedule
Date: Tue, 17 Feb 2026 15:00:00 +0100
Message-ID: <to-4@lagerhaus-west.example>""", """Hi Mara,

From 2 March on the hall is free, from Tue Mar 3 the crane is here.

From then on, any day will do.

Tobi
""", gm("Posteingang,Geöffnet", "1790010000000000012", "Tue Feb 17 14:00:01 +0000 2026")),
    kept("A form without a Date field", "matched", "a lead; the date comes from the From line",
         """From: anfrage@kita-sonnenkinder.example
To: vertrieb@nordlicht.example
Subject: Kontaktformular
Message-ID: <form-55@kita-sonnenkinder.example>""", "Name: Kita Sonnenkinder\nDach: 90 m2\n",
         gm("Posteingang,Ungelesen", "1790010000000000013", "Tue Feb 17 16:45:10 +0000 2026")),
    kept("To Mara and Jonas, Mara's copy", "matched", "Sara Lindqvist is a lead; the first copy is the record",
         "Delivered-To: mara@nordlicht.example\nReceived: from mx.vindruvan.example by mx1.nordlicht.example;\n"
         " Wed, 18 Feb 2026 08:05:03 +0100\n" + SHARED, SHARED_BODY,
         gm("Posteingang,Geöffnet", "1790010000000000014", "Wed Feb 18 07:05:03 +0000 2026")),
    dropped("Old mail of a lead", "before-connected", "dated before email.connectedAt",
            """From: Otto Mahl <chef@baeckerei-mahl.example>
To: mara@nordlicht.example
Subject: Weihnachten
Date: Tue, 20 Jan 2026 07:00:00 +0100
Message-ID: <om-1@baeckerei-mahl.example>""", "Danke noch einmal für die Beratung.\n",
            gm("Posteingang,Geöffnet", "1790010000000000015", "Tue Jan 20 06:00:01 +0000 2026")),
    dropped("Archived mail of a lead", "folder-not-synced", "labelled Archiviert, and only inbox and sent are synced",
            """From: Otto Mahl <chef@baeckerei-mahl.example>
To: mara@nordlicht.example
Subject: Termin erledigt
Date: Wed, 18 Feb 2026 09:00:00 +0100
Message-ID: <om-2@baeckerei-mahl.example>""", "Erledigt, danke.\n",
            gm("Archiviert,Geöffnet", "1790010000000000016", "Wed Feb 18 08:00:01 +0000 2026")),
    kept("Sent from Mara's alias, a label with a comma", "matched", "m.lindt@ is an alias of Mara, so it is outbound",
         """From: Mara Lindt <m.lindt@nordlicht.example>
To: Rui Costa <r.costa@quinta-costa.example>
Subject: Quote for the wine cellar
Date: Wed, 18 Feb 2026 10:15:00 +0100
Message-ID: <CAF7b1-0020@mail.nordlicht.example>""", "Dear Rui,\n\nthe quote follows on Friday.\n\nMara\n",
         gm('Gesendet,"Angebote, offen",Geöffnet', "1790010000000000017", "Wed Feb 18 09:15:00 +0000 2026")),
    kept("From the office through which a lead is reached", "matched",
         "found in the second searchBy column: the point of contact of Otto Mahl",
         """From: =?UTF-8?Q?B=C3=A4ckerei_Mahl_B=C3=BCro?= <buero@baeckerei-mahl.example>
To: mara@nordlicht.example
Subject: Rechnungsadresse
Date: Wed, 18 Feb 2026 11:00:00 +0100
Message-ID: <rb-9@baeckerei-mahl.example>""", "Bitte an die Bahnhofstr. 9.\n",
         gm("Posteingang,Geöffnet", "1790010000000000018", "Wed Feb 18 10:00:01 +0000 2026")),
    dropped("A chat", "folder-not-synced", "chats are never synced", """From: Jonas Ahlers <jonas@nordlicht.example>
X-GM-CHAT: 1""", "bin gleich da\n",
            gm("Chat", "1790010000000000019", "Wed Feb 18 10:30:00 +0000 2026")),
    kept("format=flowed", "matched", "Klara Weiß is a lead", """From: Klara Weiss <klara.weiss@hofgut-weiss.example>
To: mara@nordlicht.example
Subject: Re: Angebot
Date: Thu, 19 Feb 2026 08:00:00 +0100
Message-ID: <a2.20260219@hofgut-weiss.example>
In-Reply-To: <CAF7b1-0002@mail.nordlicht.example>
References: <a1.20260203@hofgut-weiss.example> <CAF7b1-0002@mail.nordlicht.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8; format=flowed; delsp=no""",
         "> anbei unser Angebot für 48 Module \n> auf dem Scheunendach.\n\nVielen Dank, das Angebot passt, wir nehmen \n"
         "die Variante mit dem \ngroßen Speicher.\n\n-- \nKlara Weiß\n",
         gm("Posteingang,Geöffnet", "1790010000000000001", "Thu Feb 19 07:00:01 +0000 2026")),
    kept("To two leads, a third in Bcc", "matched", "one activity for each of the three leads",
         """From: Mara Lindt <mara@nordlicht.example>
To: Luc Moreau <luc@toitures-moreau.example>,
 =?UTF-8?Q?Iva_Nov=C3=A1kov=C3=A1?= <i.novak@novak-stroje.example>
Bcc: dana@kletterhalle-nord.example
Subject: Price list 2026
Date: Thu, 19 Feb 2026 10:00:00 +0100
Message-ID: <CAF7b1-0024@mail.nordlicht.example>""", "Hello,\n\nthe new prices are on our site.\n\nMara\n",
         gm("Gesendet", "1790010000000000020", "Thu Feb 19 09:00:00 +0000 2026")),
    dropped("To the lawyers", "excluded-admin", "kanzlei-recht.example is excluded for outbound mail; no lead is made",
            """From: Mara Lindt <mara@nordlicht.example>
To: Dr. Anke Stein <stein@kanzlei-recht.example>
Subject: Vertragsentwurf
Date: Thu, 19 Feb 2026 12:00:00 +0100
Message-ID: <CAF7b1-0025@mail.nordlicht.example>""", "Vertraulich.\n",
            gm("Gesendet", "1790010000000000021", "Thu Feb 19 11:00:00 +0000 2026")),
]

EML = [
    ("01-anfrage.eml", kept("Text and HTML alternative, a word document", "matched", "Rui Costa is a lead",
                            """From: "Costa, Rui" <r.costa@quinta-costa.example>
To: mara@nordlicht.example
Subject: Floor plan
Date: Fri, 20 Feb 2026 09:00:00 +0000
Message-ID: <plan-1@quinta-costa.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer""", f"""--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8

Dear Mara, the floor plan is attached. Rui
--inner
Content-Type: text/html; charset=utf-8

<p>Dear Mara, the <b>floor plan</b> is attached. Rui</p>
--inner--
--outer
Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document;
 name="floor plan.docx"
Content-Disposition: attachment; filename="floor plan.docx"
Content-Transfer-Encoding: base64

{lines64(docx("Cellar 12 x 30 m"))}
--outer--
""")),
    ("02-ohne-kopf.eml", kept("No header section at all", "quarantined", "not a message", "\0", "\0")),
    ("03-weitergeleitet.eml", kept("A forwarded message inside", "matched", "Luc Moreau is a lead; the inner mail is one attachment",
                                   """From: Luc Moreau <luc@toitures-moreau.example>
To: mara@nordlicht.example
Subject: TR: Permis
Date: Fri, 20 Feb 2026 11:00:00 +0100
Message-ID: <20260220110000.3@toitures-moreau.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="tr"
""", """--tr
Content-Type: text/plain; charset=utf-8

Pour information.
--tr
Content-Type: message/rfc822
Content-Disposition: attachment; filename="permis.eml"

From: Mairie <urbanisme@mairie-rouen.example>
To: luc@toitures-moreau.example
Subject: Permis de construire
Date: Thu, 19 Feb 2026 09:00:00 +0100
Message-ID: <pc-77@mairie-rouen.example>

Accepté.
--tr--
""")),
    ("04-verteiler.eml", kept("To: a group without members", "matched", "Otto Mahl is a lead", """From: Otto Mahl <chef@baeckerei-mahl.example>
To: undisclosed-recipients:;
Subject: Neue Filiale
Date: Fri, 20 Feb 2026 12:00:00 +0100
Message-ID: <om-3@baeckerei-mahl.example>""", "Wir eröffnen am 1. März.\n")),
    ("05-zwei-leads.eml", kept("An address that two leads carry", "matched", "onMultiple is all: an activity for each of the two",
                               """From: Jule Kern <einkauf@energie-genossen.example>
To: mara@nordlicht.example
Subject: Sammelbestellung
Date: Fri, 20 Feb 2026 13:00:00 +0100
Message-ID: <sb-1@energie-genossen.example>""", "Wir sind jetzt 31 Haushalte.\n")),
    ("06-alter-absender.eml", dropped("An excluded address", "excluded-admin",
                                      "chef@handwerkerforum.example is excluded as an address",
                                      """From: Forum <chef@handwerkerforum.example>
To: mara@nordlicht.example
Subject: Ihr Beitrag
Date: Fri, 20 Feb 2026 14:00:00 +0100
Message-ID: <hf-1@handwerkerforum.example>""", "Neue Antworten im Forum.\n")),
]
BROKEN = b"Diese Datei war einmal eine Nachricht, aber der Kopf fehlt.\r\n\x00\x01\x02\xff\xfe Rest\r\n"
