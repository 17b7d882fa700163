"""A mailbox that grows from night to night: mbox, Maildir, EML, calendar, lists. The same nights give
the same files, so that whatever the runs between them did can be held against one run over the end."""
import base64
import json
import os
import pathlib

DAYS = 4
CONFIG = {
    "version": 1,
    "organization": {"domains": ["example.com"], "timeZone": "UTC"},
    "users": [{"id": "sam", "name": "Sam Low", "email": "sam@example.com"},
              {"id": "ann", "name": "Ann Ek", "email": "ann@example.com"}],
    "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
    "sources": [{"path": "in/sam.mbox", "owner": "sam", "folder": "inbox"},
                {"path": "in/sam", "owner": "sam", "folder": "inbox"},
                {"path": "in/eml/*.eml", "owner": "sam", "folder": "inbox"},
                {"path": "in/ann.mbox", "owner": "ann", "folder": "inbox"},
                {"path": "in/sam.ics", "owner": "sam", "calendar": "primary"}],
    "email": {"inbound": {"activity": {"capture": ["cc", "bcc", "subject", "body", "attachments"]}},
              "outbound": {"captureLeads": {"enabled": True, "from": ["to", "cc"]},
                           "activity": {"capture": ["cc", "bcc", "subject", "body", "attachments"]}}},
    "output": {"directory": "out", "formats": ["jsonl", "csv"]},
}


def mail(number, sender, to, day, subject="Offer", more=(), body="Good morning.", minute=None):
    """One message; later numbers are later mails."""
    when = f"{day + 2:02} Mar 2026 {8 + number // 60 % 12:02}:{number % 60:02}:00 +0000"
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject} {number}",
             f"Message-ID: <m{number}@mail.test>", f"Date: {when}", *more]
    return "\n".join(lines) + "\n\n" + body + "\n"


def attached(number, sender, to, day, content):
    """The same with an attachment."""
    text = base64.b64encode(content).decode()
    return mail(number, sender, to, day, more=[
        "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"], body="--b\nContent-Type: "
        "text/plain\n\nSee the sheet.\n--b\nContent-Type: application/pdf; name=sheet.pdf\n"
        "Content-Disposition: attachment; filename=sheet.pdf\nContent-Transfer-Encoding: base64\n\n"
        + "\n".join(text[i:i + 76] for i in range(0, len(text), 76)) + "\n--b--")


def append(path, messages):
    """Appends to an mbox as a mail program does: one write, closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as f:
        f.write("".join(f"From x@mail.test Mon Mar  2 10:00:00 2026\n{m}\n" for m in messages))


def event(uid, day, hour, who, sequence=0, more=()):
    return "\r\n".join([
        "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260301T000000Z", f"DTSTART:202603{day:02}T{hour:02}0000Z",
        f"DTEND:202603{day:02}T{hour:02}3000Z", f"SUMMARY:Talk {uid}", f"SEQUENCE:{sequence}",
        "ORGANIZER:mailto:sam@example.com", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}", *more,
        "END:VEVENT"]) + "\r\n"


def lead(i):
    return f"lead{i}@client.test"


def begin(root):
    """The folder before the first night."""
    root = pathlib.Path(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / "winnow.json").write_text(json.dumps(CONFIG, indent=1))
    for d in ("in/sam/cur", "in/sam/new", "in/sam/tmp", "in/eml"):
        (root / d).mkdir(parents=True)


def grow(root, day, size=12):
    """What comes in before night `day`, from 0."""
    root = pathlib.Path(root)
    n = day * 1000
    box, hers = [], []
    for i in range(size):
        m = mail(n + i, f"Lead {i % 5} <{lead(i % 5)}>", "sam@example.com", day)
        box.append(m)
        if i % 4 == 0:
            hers.append(m)  # a copy in a later source
        if i % 3 == 0:
            box.append(m)  # and one in the same
    # Nobody's yet; captured when Sam writes to them the night after, or in the list later still.
    box.append(mail(n + 100, f"x{day}@else.test", "sam@example.com", day))
    box.append(mail(n + 101, "late@else.test", "sam@example.com", day, body="From the list\n>From it"))
    if day:
        box.append(mail(n + 102, "Sam Low <sam@example.com>", f"X Y <x{day - 1}@else.test>", day))
        hers.append(mail(n + 103, f"x{day - 1}@else.test", "ann@example.com", day))
        # A list's own address is no lead, also when an earlier night said that it is one.
        hers.append(mail(n + 104, "Ann Ek <ann@example.com>", f"list{day - 1}@else.test", day))
    hers.append(mail(n + 105, "who@else.test", "ann@example.com", day,
                     more=[f"List-Post: <mailto:list{day}@else.test>"]))
    box.append(attached(n + 106, lead(1), "sam@example.com", day, b"%PDF-1.4 the same every night"))
    box.append(attached(n + 107, lead(2), "sam@example.com", day, b"%%PDF-1.4 of day %d" % day * 2000))
    append(root / "in/sam.mbox", box)
    append(root / "in/ann.mbox", hers)
    for i in range(3):
        m = mail(n + 200 + i, lead(3) if i else "late@else.test", "sam@example.com", day)
        (root / f"in/sam/new/{n + 200 + i}.host").write_text(m)
    if day:  # seen since
        for i in range(3):
            old = f"{n - 1000 + 200 + i}.host"
            os.rename(root / "in/sam/new" / old, root / "in/sam/cur" / f"{old}:2,S")
    (root / f"in/eml/{day}.eml").write_text(mail(n + 300, lead(4), "sam@example.com", day))
    (root / f"in/eml/{day}-no-message.eml").write_text("\x01\x02 no header\n")
    events = [event("same", 20, 9, lead(0)), event("moves", 20, 10 + day, lead(1), day),
              event("gone", 21, 9, lead(2), day // 2, ["STATUS:CANCELLED"] if day > 1 else []),
              event("late", 21, 11, "late@else.test")]
    events += [event(f"day{d}", 22, 8 + d, lead(d)) for d in range(day + 1)]
    (root / "in/sam.ics").write_bytes(
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n" + "".join(events)
         + "END:VCALENDAR\r\n").encode())
    known = [f"L{i},{lead(i)}" for i in range(5)] + (["L9,late@else.test"] if day > 1 else [])
    (root / "leads.csv").write_text("id,email\n" + "\n".join(known) + "\n")
