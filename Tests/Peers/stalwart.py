#!/usr/bin/env python3
"""Compares `winnow inspect` with the expected parse trees that stalwart's mail-parser keeps beside its .eml files.

  stalwart.py --winnow BINARY [--corpus DIR] [--differences FILE]

Each message is read twice: with LF alone (`X.json`) and with CRLF (`X.crlf.json`). A message agrees when every
field agrees. What is compared, and what is normalised (U+FFFD in an expected text stands for anything: stalwart
does not guess what raw 8-bit bytes mean):

  addresses    From, Sender, Reply-To, To, Cc, Bcc: groups flattened; addresses lower-cased, white space off; names
               with white space as one space; entries without an `@` left out
  subject      white space as one space
  date         the instant
  ids          Message-ID, In-Reply-To, References: without brackets and white space
  text         the words (runs of letters and digits) of the parts that stalwart lists as textBody (RFC 8621), those
               of its text/plain parts if there are any, else of its HTML parts without markup, with the alternative
               text of images; compared with the words of `text`
  html         whether any leaf that is neither attachment nor named is HTML
  attachments  by winnow's rule from stalwart's leaves: how many, and SHA-256 of those whose bytes
               the tree gives (binary ones, and texts whose bytes are ASCII)

The parts inside a message/rfc822 are no part of `inspect` and are not compared.
"""
import argparse
import collections
import datetime
import hashlib
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ADDRESS_FIELDS = {"from": "from", "sender": "sender", "reply_to": "replyTo", "to": "to", "cc": "cc", "bcc": "bcc"}
FIELDS = list(ADDRESS_FIELDS) + ["subject", "date", "message_id", "in_reply_to", "references", "text", "html",
                                 "attachments"]

# Where the two differ on purpose, with the classes of README.md. A difference outside this list fails the run.
EXPLAINED = {
    "legacy/017": "uuencode", "legacy/048": "uuencode",
    "legacy/025": "image alt",
    "malformed/000": "empty leaf",
    "malformed/001": "inner boundary", "malformed/003": "inner boundary", "malformed/006": "inner boundary",
    "malformed/008": "inner boundary", "malformed/009": "inner boundary", "malformed/011": "inner boundary",
    "malformed/012": "inner boundary", "malformed/016": "inner boundary",
    "malformed/019": "overwritten", "malformed/020": "overwritten", "malformed/021": "overwritten",
    "rfc/000": "undecodable", "thirdparty/002": "undecodable",
    "thirdparty/000": "one branch", "thirdparty/001": "one branch",
    "thirdparty/005": "boundary in mid line",
    "thirdparty/015": "messages in a row",
}


class Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text, self.hidden = [], 0

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in ("script", "style", "title")
        self.text += [f" {value} " for name, value in attributes if tag == "img" and name == "alt" and value]
        self.text.append(" " if tag in ("br", "p", "div", "td", "th", "li", "tr", "h1", "h2", "h3", "hr") else "")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title") and self.hidden > 0
        self.text.append(" " if tag in ("p", "div", "td", "th", "li", "tr", "h1", "h2", "h3") else "")

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def words(text):
    return re.findall(r"[\w\ufffd]+", text)


def html_words(markup):
    parser = Words()
    parser.feed(markup)
    parser.close()
    return words("".join(parser.text))


def spaces(text):
    return re.sub(r"\s+", " ", text or "").strip()


def header(part, name):
    """The first header of that name, as stalwart gives it: a dict, or None."""
    for field in part["headers"]:
        if field["name"] == name:
            return None if field["value"] == "Empty" else field["value"]
    return None


def people(value):
    if value is None:
        return None
    kind, entries = next(iter(value["Address"].items()))
    if kind == "Group":
        entries = [a for group in entries for a in group["addresses"]]
    return people_of((a.get("name"), a.get("address")) for a in entries)


def people_of(pairs):
    return [(spaces(n), re.sub(r"\s", "", a).lower()) for n, a in pairs if a and "@" in a] or None


def identifiers(value):
    if value is None:
        return None
    found = value.get("TextList") or [value.get("Text")]
    return [re.sub(r"\s", "", f or "") for f in found]


def instant(value):
    if value is None:
        return None
    d = value["DateTime"]
    zone = (d["tz_hour"] * 60 + d["tz_minute"]) * (-1 if d["tz_before_gmt"] else 1)
    try:
        local = datetime.datetime(d["year"], d["month"], d["day"], d["hour"], d["minute"], d["second"])
    except ValueError:
        return None
    return int((local - datetime.datetime(1970, 1, 1)).total_seconds()) - zone * 60


def attribute(value, name):
    for a in ((value or {}).get("ContentType") or {}).get("attributes") or []:
        if a["name"] == name:
            return a["value"]
    return None


class Leaf:
    def __init__(self, part):
        self.kind, self.content = next(iter(part["body"].items()))
        content_type = header(part, "content_type")
        parsed = (content_type or {}).get("ContentType") or {}
        self.type = f"{parsed.get('c_type', 'text')}/{parsed.get('c_subtype') or 'plain'}".lower()
        disposition = header(part, "content_disposition")
        self.disposition = ((disposition or {}).get("ContentType") or {}).get("c_type")
        self.name = attribute(disposition, "filename") or attribute(content_type, "name")
        self.is_text = self.kind in ("Text", "Html")
        self.is_body = self.is_text and not self.name and self.disposition in (None, "inline")

    def digest(self):
        if self.kind in ("Binary", "InlineBinary"):
            return hashlib.sha256(bytes(self.content)).hexdigest()
        if self.is_text and self.content.isascii():
            return hashlib.sha256(self.content.encode()).hexdigest()
        return None


def expected(tree):
    root = tree["parts"][0]
    out = {field: people(header(root, field)) for field in ADDRESS_FIELDS}
    subject = header(root, "subject")
    out["subject"] = spaces(subject["Text"]) if subject else None
    out["date"] = instant(header(root, "date"))
    for field in ("message_id", "in_reply_to", "references"):
        out[field] = identifiers(header(root, field))
    leaves = [None if "Multipart" in part["body"] else Leaf(part) for part in tree["parts"]]
    listed = [leaves[i] for i in tree["text_body"] if leaves[i] and leaves[i].is_text]
    plain = [leaf for leaf in listed if leaf.kind == "Text"]
    out["text"] = words("\n".join(leaf.content for leaf in plain)) if plain else [
        w for leaf in listed for w in html_words(leaf.content)]
    out["html"] = any(leaf.kind == "Html" and leaf.is_body for leaf in leaves if leaf)
    out["attachments"] = [leaf for leaf in leaves if leaf and not leaf.is_body] + [
        leaf for leaf in leaves if leaf and leaf.is_body and leaf.disposition == "inline" and leaf not in listed]
    return out


def seen(line):
    out = {}
    for field, key in ADDRESS_FIELDS.items():
        out[field] = people_of((a.get("name"), a["email"]) for a in line.get(key) or [])
    out["subject"] = spaces(line["subject"]) if "subject" in line else None
    date = line["date"] if line["dateSource"] == "header" else None
    out["date"] = int(datetime.datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()) if date else None
    for field, key in (("message_id", "messageId"), ("in_reply_to", "inReplyTo")):
        out[field] = [re.sub(r"\s", "", line[key])] if line.get(key) else None
    out["references"] = [re.sub(r"\s", "", i) for i in line.get("references") or []] or None
    out["text"] = words(line["text"])
    out["html"] = line["html"]
    out["attachments"] = line["attachments"]
    return out


def same_attachments(leaves, found):
    known = collections.Counter(d for d in (leaf.digest() for leaf in leaves) if d)
    return len(leaves) == len(found) and not known - collections.Counter(a["sha256"] for a in found)


def same(wanted, found):
    if isinstance(wanted, str) and isinstance(found, str) and "\ufffd" in wanted:
        pattern = ".*".join(re.escape(piece) for piece in re.split("\ufffd+", wanted))
        return re.fullmatch(pattern, found, re.S) is not None
    if isinstance(wanted, (list, tuple)) and isinstance(found, (list, tuple)) and wanted and found:
        return len(wanted) == len(found) and all(same(a, b) for a, b in zip(wanted, found))
    return wanted == found


def shown(field, value):
    if field == "attachments":
        value = [f"{v.type} {v.kind} {(v.digest() or '?')[:12]}" if isinstance(v, Leaf)
                 else f"{v['mediaType']} {v['bytes']} {v['sha256'][:12]}" for v in value]
    return json.dumps(value, ensure_ascii=False)[:1500]


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--corpus", default=str(here / "../shared/corpus/mail/stalwart-mail-parser"))
    options.add_argument("--differences")
    options = options.parse_args()
    corpus = pathlib.Path(options.corpus)
    if not corpus.is_dir():
        print(f"skipped: no corpus at {corpus}")
        return
    messages = sorted(corpus.rglob("*.eml"))
    low, report = False, []
    for variant, suffix in (("LF", ".json"), ("CRLF", ".crlf.json")):
        agree, explained, per_field = 0, 0, collections.Counter()
        with tempfile.TemporaryDirectory() as work:
            for number, path in enumerate(messages):
                data = path.read_bytes().replace(b"\r\n", b"\n")
                if variant == "CRLF":
                    data = data.replace(b"\n", b"\r\n")
                (pathlib.Path(work) / f"{number:04}.eml").write_bytes(data)
            done = subprocess.run([options.winnow, "inspect", work], capture_output=True, timeout=300)
            if done.returncode:
                sys.exit(f"stalwart: exit {done.returncode}: {done.stderr.decode()[:300]}")
            lines = {}
            for text in done.stdout.splitlines():
                line = json.loads(text)
                lines[int(pathlib.Path(line["source"]["path"]).stem)] = line
        for number, path in enumerate(messages):
            name = f"{path.relative_to(corpus / 'resources/eml')} {variant}"
            line = lines.get(number)
            if line is None or line["item"] != "mail":
                report.append(f"{name}\n  {'no line' if line is None else line['error']}")
                continue
            wanted = expected(json.loads(path.with_suffix(suffix).read_text()))
            mine = seen(line)
            wrong = [f for f in FIELDS if not (same_attachments(wanted[f], mine[f]) if f == "attachments"
                                               else same(wanted[f], mine[f]))]
            agree += not wrong
            reason = EXPLAINED.get(str(path.relative_to(corpus / "resources/eml").with_suffix(""))) if wrong else None
            explained += reason is not None
            per_field.update(wrong)
            for field in wrong:
                report.append(f"{name}\n  {field} ({reason or 'not explained'})\n    stalwart {shown(field, wanted[field])}\n"
                              f"    winnow   {shown(field, mine[field])}")
        print(f"stalwart {variant}: {agree} of {len(messages)} agree in every field, {explained} differ as README.md "
              f"explains, {len(messages) - agree - explained} otherwise; fields: "
              + (", ".join(f"{f} {n}" for f, n in per_field.most_common()) or "none"))
        low |= agree + explained < len(messages)
    if options.differences:
        pathlib.Path(options.differences).write_text("\n".join(report) + "\n")
    else:
        print("\n".join(report))
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
