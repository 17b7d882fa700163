#!/usr/bin/env python3
"""Writes large mailboxes for measuring: the same arguments give the same bytes.

  make_mailboxes.py OUT [--megabytes N] [--kinds plain,base64,html] [--seed N]

OUT gets plain.mbox (about 2.8 kB a mail), base64.mbox (about 75 kB, nearly all of it one attachment),
html.mbox (HTML only, about 12 kB quoted-printable), users.csv, leads.csv (every sender) and one config each.
"""
import argparse
import base64
import email.utils
import json
import pathlib
import random

WORDS = """offer meeting roof panel inverter delivery invoice answer question contract site visit crane storage
battery grid meter permit drawing schedule warranty service quarter budget supplier module cable mounting rail weather
thanks regards please confirm attached review latest version tomorrow Monday team customer project price discount
installation power kilowatt yield report monitoring portal access password reset order number quantity""".split()
NAMES = "Anna Ben Clara David Elif Frank Greta Hugo Ines Jan Karin Luca Marie Nils Olga Paul Rosa Sven Tina Uwe".split()
FAMILIES = "Albers Brandt Conti Dubois Eriksen Fischer Garcia Horn Ito Jensen Keller Lang Moreau Novak Olsen Petit".split()
FIRMS = [f"{a}{b}" for a in ("sun", "roof", "volt", "grid", "watt") for b in ("works", "bau", "haus", "trade", "tech")]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.people = [(f"{n} {f}", f"{n}.{f}@{self.random.choice(FIRMS)}.example".lower())
                       for n in NAMES for f in FAMILIES]
        self.sentences = [self.sentence() for _ in range(600)]
        self.signatures = [self.base64_lines(256, 72) for _ in range(64)]
        self.blobs = [self.base64_lines(54_000, 76) for _ in range(24)]
        self.number = 0

    def sentence(self):
        words = self.random.choices(WORDS, k=self.random.randint(6, 16))
        return " ".join(words).capitalize() + "."

    def base64_lines(self, size, width):
        text = base64.b64encode(self.random.randbytes(size)).decode()
        return [text[i:i + width] for i in range(0, len(text), width)]

    def paragraphs(self, size):
        lines, total = [], 0
        while total < size:
            text = " ".join(self.random.choices(self.sentences, k=4))
            while text:
                cut = text.rfind(" ", 0, 74) if len(text) > 74 else len(text)
                lines.append(text[:cut])
                total += cut + 1
                text = text[cut + 1:]
            lines.append("")
        return lines

    def header(self, content):
        self.number += 1
        n = self.number
        name, address = self.people[n * 7919 % len(self.people)]
        domain = address.partition("@")[2]
        when = 1_700_000_000 + n * 37
        date = email.utils.formatdate(when)
        subject = f"{self.sentences[n % 600][:48]} ({n})"
        if n % 5 == 0:
            subject = f"=?UTF-8?Q?R=C3=BCckfrage_zu_Auftrag_{n}?="
        token = f"{n * 2654435761 % 2**64:016x}"
        signature = "\n\t ".join(self.signatures[n % 64])
        separator = email.utils.formatdate(when).replace(",", "").split()
        return f"""From {address} {separator[0]} {separator[2]} {int(separator[1]):2} {separator[4]} {separator[3]}
Return-Path: <{address}>
Delivered-To: mara@nordlicht.example
Received: from mx2.nordlicht.example (mx2.nordlicht.example [192.0.2.{n % 250}])
\tby store1.nordlicht.example (Postfix) with ESMTPS id {token[:11].upper()}
\tfor <mara@nordlicht.example>; {date}
Received: from out{n % 9}.{domain} (out{n % 9}.{domain} [198.51.100.{n % 250}])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\tby mx2.nordlicht.example (Postfix) with ESMTPS id {token[5:].upper()}
\tfor <mara@nordlicht.example>; {date}
Authentication-Results: mx2.nordlicht.example; dkim=pass header.d={domain};
\tspf=pass smtp.mailfrom={address}; dmarc=pass header.from={domain}
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};
\ts=s2048; t={when}; h=from:to:subject:date:message-id:mime-version;
\tbh={self.signatures[n % 64][0][:43]}=;
\tb={signature}
From: "{name}" <{address}>
To: Mara Lindt <mara@nordlicht.example>
Cc: projects@{domain}
Subject: {subject}
Date: {date}
Message-ID: <{token}.{n}@{domain}>
In-Reply-To: <{token[::-1]}.{n - 1}@nordlicht.example>
References: <{token[::-1]}.{n - 1}@nordlicht.example>
User-Agent: Mozilla Thunderbird
MIME-Version: 1.0
{content}

"""

    def plain(self):
        body = "\n".join(self.paragraphs(780))
        return self.header("Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit") + \
            f"Guten Tag Frau Lindt, zu Vorgang {self.number}:\n\n{body}\nViele Grüße\n\n"

    def base64(self):
        mark = f"=_part_{self.number + 1:08x}"
        header = self.header(f'Content-Type: multipart/mixed; boundary="{mark}"')
        blob = self.blobs[self.number % len(self.blobs)]
        # 57 bytes fill a line without padding, which would end the data for a strict decoder.
        first = base64.b64encode(f"%PDF-1.7 document number {self.number:029}\n--".encode()).decode()
        text = "\n".join(self.paragraphs(300))
        body = "\n".join(blob)
        return f"""{header}--{mark}
Content-Type: text/plain; charset=utf-8

Attached is document {self.number}.
{text}
--{mark}
Content-Type: application/pdf; name="document-{self.number}.pdf"
Content-Disposition: attachment; filename="document-{self.number}.pdf"
Content-Transfer-Encoding: base64

{first}
{body}
--{mark}--

"""

    def html(self):
        rows = []
        for _ in range(16):
            text = " ".join(self.random.choices(self.sentences, k=5))
            rows.append(f'<tr><td style=3D"padding:8px 12px;font-family:Arial,sans-serif;=\ncolor:#333333;'
                        f'background-color:#ffffff"><p class=3D"MsoNormal">'
                        + "=\n".join(text[i:i + 70] for i in range(0, len(text), 70))
                        + f'&nbsp;<a href=3D"https://www.example.com/{self.number}">=\nGr=C3=BC=C3=9Fe</a></p></td></tr>')
        body = "\n".join(rows)
        return self.header("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable") + \
            f"""<html><head><style>p.MsoNormal {{margin:0cm;font-size:11.0pt}} a:link {{color:#0563C1}}</style>
<title>{self.number}</title></head><body lang=3D"DE"><!-- {self.number} --><table width=3D"600">
{body}
</table></body></html>

"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("out", type=pathlib.Path)
    options.add_argument("--megabytes", type=float, default=200)
    options.add_argument("--kinds", default="plain,base64,html")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for kind in options.kinds.split(","):
        maker = Maker(options.seed)
        # A repeated block of bodies with new headers would be quicker still, but bodies must differ, too.
        written, wanted = 0, options.megabytes * 1e6
        with open(options.out / f"{kind}.mbox", "wb", buffering=1 << 20) as file:
            while written < wanted:
                written += file.write(getattr(maker, kind)().encode())
        print(f"{kind}: {maker.number} messages, {written / 1e6:.1f} MB, {written / maker.number / 1e3:.2f} kB each")
        config = {
            "version": 1, "organization": {"domains": ["nordlicht.example"], "timeZone": "Europe/Berlin"},
            "users": "users.csv",
            "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
            "sources": [{"path": f"{kind}.mbox", "owner": "mara", "folder": "inbox"}],
            "output": {"formats": ["jsonl"]},
        }
        (options.out / f"{kind}.json").write_text(json.dumps(config, indent=1))
    people = Maker(options.seed).people
    (options.out / "users.csv").write_text("id,name,email\nmara,Mara Lindt,mara@nordlicht.example\n")
    (options.out / "leads.csv").write_text("id,email\n" + "".join(
        f"L{i},{a}\n" for i, (_, a) in enumerate(dict.fromkeys(people))))


if __name__ == "__main__":
    main()
