#!/usr/bin/env python3
"""Times winnow on inputs that make quadratic parsers slow, at n and at 2n: the time may at most triple.
What seems to grow faster is measured again at four times the size.

  scaling.py --winnow BINARY [--match TEXT]

Times below 0.15 s say nothing about growth and pass. Ends with 1 when one grows faster or takes over 20 s.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HEAD = (b"From: Ann Lee <ann@client.example>\nTo: bob@corp.example\nSubject: s\n"
        b"Date: Tue, 03 Mar 2026 10:15:00 +0100\nMessage-ID: <x@client.example>\n")


def mixed(body, boundary=b"b"):
    return HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\n\n" + body


def nested(depth, inside):
    out = HEAD
    for i in range(depth):
        out += b"Content-Type: multipart/mixed; boundary=b%03d\n\n--b%03d\n" % (i, i)
    return out + b"\n" + inside


def mbox(mails):
    return b"".join(b"From ann@client.example Tue Mar  3 10:15:00 2026\n" + m + b"\n\n" for m in mails)


# Name, usual n, and the mail (or mailbox) of size n.
CASES = [
    ("parts of text", 9_900, lambda n: mixed(b"--b\n\nx\n" * n)),
    ("attached parts", 4_000, lambda n: mixed(b"--b\nContent-Disposition: attachment; filename=a\n\nx\n" * n)),
    ("parts below 100 levels", 4_500, lambda n: nested(100, b"--b050\n\nx\n" * n)),
    ("dashes below 100 levels", 400_000, lambda n: nested(100, b"--b0xx\n" * n)),
    ("junk lines without a header", 400_000, lambda n: mixed(b"--b\n" + b"junk line\n" * n)),
    ("fields of one part", 400_000, lambda n: HEAD + b"X-A: b\n" * n + b"\nbody\n"),
    ("Received fields", 100_000, lambda n: HEAD.replace(b"Date", b"X-Date") + b"Received: by x; no date\n" * n + b"\nb"),
    ("Authentication-Results", 100_000, lambda n: HEAD + b"Authentication-Results: a; dkim=pass\n" * n + b"\nb"),
    ("methods of one Authentication-Results", 200_000,
     lambda n: HEAD + b"Authentication-Results: a" + b"; dkim=fail" * n + b"\n\nb"),
    ("one long field", 2_000_000, lambda n: HEAD + b"X-A: " + b"a" * n + b"\n\nb"),
    ("one long name", 2_000_000, lambda n: HEAD + b"a" * n + b"\n\nb"),
    ("folds of an address field", 200_000, lambda n: HEAD + b"Cc: a@b.example" + b",\n c@d.example" * n + b"\n\nb"),
    ("new recipients", 4_000, lambda n: HEAD + b"Cc: " + b", ".join(b"u%d@client.example" % i for i in range(n))
     + b"\n\nb"),
    ("one recipient again and again", 100_000, lambda n: HEAD + b"Cc: ann@client.example" + b", ann@client.example" * n
     + b"\n\nb"),
    ("open angles", 200_000, lambda n: HEAD + b"Cc: " + b"<" * n + b"\n\nb"),
    ("angles without commas", 100_000, lambda n: HEAD + b"Cc: " + b"<a@b.example> x " * n + b"\n\nb"),
    ("words without an address", 200_000, lambda n: HEAD + b"Cc: " + b"a, " * n + b"<a@b.example>\n\nb"),
    ("open comments", 400_000, lambda n: HEAD + b"Cc: " + b"(" * n + b"\n\nb"),
    ("open comments before an angle", 400_000, lambda n: HEAD + b"Cc: " + b"(" * n + b"<a@b.example>\n\nb"),
    ("open quotes", 400_001, lambda n: HEAD + b"Cc: " + b"\"a" * n + b"\n\nb"),
    ("open literals", 200_000, lambda n: HEAD + b"Cc: " + b"a@[b " * n + b"\n\nb"),
    ("encoded-word beginnings", 200_000, lambda n: HEAD + b"Cc: " + b"=?utf-8?q?" * n + b"\n\nb"),
    ("groups", 200_000, lambda n: HEAD + b"Cc: " + b"a:" * n + b"x@y.example;\n\nb"),
    ("parameters", 100_000, lambda n: HEAD + b"Content-Type: text/plain" + b"; a=b" * n + b"\n\nb"),
    ("parameter sections", 50_000,
     lambda n: HEAD + b"Content-Type: text/plain" + b"".join(b"; n*%d=b" % i for i in range(n)) + b"\n\nb"),
    ("references", 200_000, lambda n: HEAD + b"References: " + b"<a@b> " * n + b"\n\nb"),
    ("labels", 100_000, lambda n: HEAD + b"X-Gmail-Labels: " + b",".join(b"l%d" % i for i in range(n)) + b"\n\nb"),
    ("date words", 400_000, lambda n: HEAD.replace(b"Date: ", b"Date: " + b"x " * n) + b"\nb"),
    ("soft line breaks", 1_000_000,
     lambda n: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * n),
    ("NUL bytes in the text", 2_000_000, lambda n: HEAD + b"\n" + b"a\0" * n),
    ("HTML tags", 300_000, lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<b><p>x" * n),
    ("HTML comments that do not end", 300_000, lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<!--x" * n),
    ("HTML attributes that do not end", 300_000, lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<a b='" * n),
    ("HTML references", 300_000, lambda n: HEAD + b"Content-Type: text/html\n\n" + b"&notit;&#1" * n),
    ("HTML tables in tables", 100_000, lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<table><tr><td>x" * n),
    ("ISO-2022 escapes", 1_000_000,
     lambda n: HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B\x1b(B" * n),
    ("From lines in a body", 200_000, lambda n: mbox([HEAD + b"\n" + b"From here\n" * n])),
    ("quoted From lines", 200_000, lambda n: mbox([HEAD + b"\n" + b">>>From here\n" * n])),
    ("angle brackets before From", 2_000_000, lambda n: mbox([HEAD + b"\n" + b">" * n + b"From x\n"])),
    ("lying Content-Length fields", 10_000,
     lambda n: mbox([HEAD + b"Content-Length: 900000\n\nx\n"] * n)),
    ("mails with one Message-ID", 20_000, lambda n: mbox([HEAD + b"\nbody %d\n" % i for i in range(n)])),
]


def config(mail, keywords=None):
    value = {
        "version": 1, "organization": {"domains": ["corp.example"]},
        "users": [{"id": "bob", "email": "bob@corp.example"}],
        "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
        "sources": [{"path": mail, "owner": "bob", "folder": "inbox"}],
        "email": {"inbound": {
            "exclude": {"admin": ["x%d.example" % i for i in range(2000)], "applyTo": ["from", "to", "cc"],
                        "scope": "recipient"},
            "activity": {"capture": ["subject", "body", "attachments"]},
            "captureLeads": {"enabled": True, "from": ["from", "to", "cc"]}}},
    }
    if keywords:
        value["email"]["inbound"].update(behaviour="keywords", keywords=keywords)
    return json.dumps(value)


def seconds(winnow, folder, name, data):
    (folder / name).write_bytes(data)
    (folder / "winnow.json").write_text(config(name))
    began = time.monotonic()
    done = subprocess.run([winnow, "import", "--quiet", "--no-ledger", "--jobs", "1", "--out", "result"], cwd=folder,
                          capture_output=True, timeout=120)
    took = time.monotonic() - began
    if done.returncode != 0:
        raise SystemExit(f"{name}: exit {done.returncode}: {done.stderr[:300]!r}")
    return took


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--match", default="")
    options = options.parse_args()
    winnow, bad, slowest = str(pathlib.Path(options.winnow).resolve()), 0, (0, "")
    with tempfile.TemporaryDirectory(prefix="winnow-scaling-") as place:
        folder = pathlib.Path(place)
        (folder / "leads.csv").write_text("id,email\nL1,ann@client.example\n")
        for name, n, make in CASES:
            if options.match not in name:
                continue
            one, two = make(n), make(2 * n)
            file = "mail.mbox" if one.startswith(b"From ") else "mail.eml"
            a, b = (min(seconds(winnow, folder, file, d) for _ in range(2)) for d in (one, two))
            is_bad = (b > 0.15 and b > 3 * a) or b > 20
            if is_bad and b <= 20:
                # Small times jump on a busy machine; growth shows again with more.
                n, one, two = 4 * n, make(4 * n), make(8 * n)
                a, b = (min(seconds(winnow, folder, file, d) for _ in range(2)) for d in (one, two))
                is_bad = b > 3 * a or b > 20
            bad += is_bad
            slowest = max(slowest, (b, name))
            mark = "  GROWS" if is_bad else ""
            print(f"{name:42} n={n:<9} {a:7.3f} s, 2n {b:7.3f} s, {len(two) / 1e6 / b:8.1f} MB/s{mark}", flush=True)
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]}); {bad} grow faster than they may")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
