#!/usr/bin/env python3
"""Makes one file per message of a folder of test mail, so that every parser reads the same bytes.

  prepare.py CORPUS OUT    writes OUT/mail/m00001.eml … and OUT/manifest.tsv (file, source path, index)

A file is taken when it begins with a header section that holds at least one well-known field. An mbox is
split at `From ` lines that begin the file or follow an empty line and are followed by a header field; what
an mbox quoted (`>From `) stays as it is. A lone message that begins with a `From ` line loses that line.
"""
import pathlib
import re
import sys

FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
KNOWN = re.compile(
    rb"^(from|to|subject|date|message-id|received|return-path|mime-version|content-type|delivered-to)[ \t]*:",
    re.I | re.M)
# Expected results, pictures and prose that lie beside the mail.
NOT_MAIL = {".json", ".xml", ".html", ".htm", ".xhtml", ".out", ".md", ".bin", ".tnef", ".list", ".ini", ".cnf",
            ".gitattributes", ".rtf", ".png", ".jpg", ".gif", ".pdf", ".zip", ".doc", ".sig"}


def is_message(data):
    head = data.lstrip(b"\xef\xbb\xbf\r\n")[:65536]
    head = re.split(rb"\r?\n\r?\n|\r\r", head, maxsplit=1)[0]
    lines = re.split(rb"\r?\n|\r", head)
    return bool(lines and FIELD.match(lines[0]) and KNOWN.search(b"\n".join(lines)))


def after_from_line(data):
    end = data.find(b"\n")
    return data[end + 1:] if end >= 0 else b""


def split_mbox(data):
    """The messages of an mbox, without their From lines."""
    starts = []
    at = 0
    while True:
        at = data.find(b"From ", at)
        if at < 0:
            break
        begins = at == 0 or data[:at].endswith((b"\n\n", b"\n\r\n"))
        if begins and FIELD.match(after_from_line(data[at:at + 2048])):
            starts.append(at)
        at += 5
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(data)
        message = after_from_line(data[start:end])
        # The empty line before the next From line belongs to the mbox.
        if number + 1 < len(starts):
            message = message[:-2] if message.endswith(b"\r\n") else message[:-1]
        yield message


def messages_of(path):
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if data.startswith(b"From "):
        found = [m for m in split_mbox(data) if is_message(m)]
        if found:
            return found
        rest = after_from_line(data)
        return [rest] if is_message(rest) else []
    return [data] if is_message(data) else []


def main():
    corpus, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    mail = out / "mail"
    mail.mkdir(parents=True, exist_ok=True)
    count = 0
    with open(out / "manifest.tsv", "w", encoding="utf-8", errors="surrogateescape") as manifest:
        for path in sorted(p for p in corpus.rglob("*") if p.is_file()):
            if path.suffix.lower() in NOT_MAIL or path.name.startswith("LICENSE") \
                    or path.name.endswith("-summary.txt"):
                continue
            # The variants hold the same 399 messages eight times; once is enough for the parts inside.
            if path.parent.name == "mbox-variants" and path.name != "mboxrd.mbox":
                continue
            for index, message in enumerate(messages_of(path)):
                count += 1
                name = f"m{count:05}.eml"
                (mail / name).write_bytes(message)
                print(name, path.relative_to(corpus), index, sep="\t", file=manifest)
    print(f"prepare: {count} messages", file=sys.stderr)


if __name__ == "__main__":
    main()
