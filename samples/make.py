#!/usr/bin/env python3
"""Writes the samples: exports/, expected-decisions.csv and the table in README.md.

  make.py            writes them
  make.py --check    ends with 1 when what lies there is not what this script writes

The messages stand in source/mara.py and source/jonas.py, the meetings and tasks in source/calendars.py, each with
what winnow must decide about it. They are written by a script because they hold encoded, binary and CRLF parts that
an editor would spoil.
"""
import csv
import io
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "source"))
sys.dont_write_bytecode = True

import calendars  # noqa: E402
import jonas  # noqa: E402
import mara  # noqa: E402

QUOTABLE = re.compile(rb"^(From )", re.M)


def takeout(mails):
    """Google Takeout: CRLF, labels and thread first, body lines quoted as mboxo does."""
    out = b""
    for number, mail in enumerate(mails):
        told = mail.prelude
        added = f"X-GM-THRID: {told['thread']}\nX-Gmail-Labels: {told['labels']}\n"
        text = mail.bytes(extra=added)
        text = QUOTABLE.sub(rb">\1", text)
        out += f"From {int(told['thread']) + number}@xxx {told['stamp']}\n".encode() + text + b"\n"
    return out.replace(b"\n", b"\r\n")


def thunderbird(mails):
    """Thunderbird: `From - `, status headers first, nothing quoted."""
    out = b""
    for mail in mails:
        told = mail.prelude
        date = re.search(r"^Date: (\w+), +(\d+) (\w+) (\d+) ([\d:]+)", mail.headers, re.M)
        day, number, month, year, time = date.groups()
        added = f"X-Mozilla-Status: {told['status']}\nX-Mozilla-Status2: 00000000\n" \
                f"X-Mozilla-Keys: {told.get('keys', ''):<80}\n"
        out += f"From - {day} {month} {int(number):2} {time} {year}\n".encode() + mail.bytes(extra=added) + b"\n"
    return out


def everything():
    """Each file's bytes, and the decisions in the order in which winnow reads the sources."""
    files, rows = {}, []

    def mbox(path, mails, writer):
        files[path] = writer(mails)
        rows.extend((path, index, mail) for index, mail in enumerate(mails))

    def single(path, mail, newline=b"\n"):
        files[path] = mail.bytes(newline)
        rows.append((path, 0, mail))

    mbox("exports/mara/Alle-Nachrichten.mbox", mara.TAKEOUT, takeout)
    for name, mail in mara.EML:
        single(f"exports/mara/eml/{name}", mail, b"\r\n")
    files["exports/mara/eml/02-ohne-kopf.eml"] = mara.BROKEN
    folder = "exports/jonas/thunderbird"
    mbox(f"{folder}/Inbox", jonas.INBOX, thunderbird)
    mbox(f"{folder}/Inbox.sbd/Kunden", jonas.CUSTOMERS, thunderbird)
    mbox(f"{folder}/Sent", jonas.SENT, thunderbird)
    mbox(f"{folder}/Trash", jonas.TRASH, thunderbird)
    # The index that Thunderbird keeps beside a mailbox; it must not be read as mail.
    files[f"{folder}/Inbox.msf"] = b"// <!-- <mdb:mork:z v=\"1.4\"/> -->\n<(A0=Inbox)(A1=10)>\n{1:^80 {(k^81:c)(s=9)} }\n"
    for name, mail in jonas.MAILDIR:
        single(f"exports/jonas/Maildir/{name}", mail)
    files["exports/jonas/Maildir/tmp/.gitkeep"] = files["exports/jonas/Maildir/.Archiv/new/.gitkeep"] = b""
    for name, mail in jonas.PETRA:
        single(f"exports/petra/{name}", mail)
    for path, head, events in [
        ("exports/mara/mara@nordlicht.example.ics", calendars.GOOGLE_HEAD, calendars.MARA_EVENTS),
        ("exports/jonas/Kalender.ics", calendars.OUTLOOK_HEAD, calendars.JONAS_EVENTS),
    ]:
        files[path] = calendars.calendar(head, events)
        rows.extend((path, index, event) for index, event in enumerate(events))
    tasks = io.StringIO()
    csv.writer(tasks, lineterminator="\n").writerows([calendars.TASK_COLUMNS] + [t.text for t in calendars.TASKS])
    files["crm/tasks.csv"] = tasks.getvalue().encode()
    rows.extend(("crm/tasks.csv", index, task) for index, task in enumerate(calendars.TASKS))
    for path, _, mail in rows:
        if mail.reason == "quarantined":
            mail.outcome = "quarantined"
    return files, rows


def expected(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", "index", "outcome", "reason"])
    writer.writerows((path, index, mail.outcome, mail.reason) for path, index, mail in rows)
    return text.getvalue().encode()


def table(rows):
    lines = ["| item | | outcome | reason | why |", "|---|---|---|---|---|"]
    seen = None
    for path, index, mail in rows:
        lines.append(f"| `{path.removeprefix('exports/') if path != seen else '〃'}` {index} | {mail.what} | {mail.outcome} "
                     f"| `{mail.reason}` | {mail.why} |")
        seen = path
    return "\n".join(lines)


def main():
    files, rows = everything()
    files["expected-decisions.csv"] = expected(rows)
    readme = (HERE / "README.md").read_text()
    start, end = "<!-- made by make.py -->\n", "\n<!-- end -->"
    head, _, rest = readme.partition(start)
    files["README.md"] = (head + start + table(rows) + end + rest.partition(end)[2]).encode()
    if "--check" in sys.argv:
        wrong = [p for p, data in files.items() if not (HERE / p).exists() or (HERE / p).read_bytes() != data]
        there = {str(p.relative_to(HERE)) for p in (HERE / "exports").rglob("*") if p.is_file()}
        wrong += sorted(there - set(files))
        for path in wrong:
            print(f"not as make.py writes it: {path}")
        sys.exit(1 if wrong else 0)
    for path, data in files.items():
        (HERE / path).parent.mkdir(parents=True, exist_ok=True)
        (HERE / path).write_bytes(data)
    print(f"{len(rows)} items in {sum(p.startswith('exports/') for p in files)} files")


if __name__ == "__main__":
    main()
