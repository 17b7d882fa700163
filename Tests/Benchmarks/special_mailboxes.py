"""Mailboxes for single questions, made fast: long ones by repeating, many small mails, one message of any size."""
import base64
import json
import re


def repeat(source, target, size):
    """Writes at least `size` bytes of whole mailboxes: `source` again and again, with other Message-IDs."""
    block = bytearray(source.read_bytes())
    # The first eight bytes of each Message-ID become the copy's number.
    places = [m.end() for m in re.finditer(rb"\nMessage-ID: <", block)]
    written = copy = 0
    with open(target, "wb", buffering=0) as file:
        while written < size:
            number = b"%08x" % copy
            for at in places:
                block[at:at + 8] = number
            view = memoryview(block)
            while view:
                view = view[file.write(view):]
            written += len(block)
            copy += 1
    return copy * len(places), written


def small(target, count, senders=1):
    """Mails of some 190 bytes: what has to be remembered of each weighs most. `senders`: how many write them."""
    with open(target, "wb", buffering=1 << 20) as file:
        for start in range(0, count, 10_000):
            file.write("".join(
                f"From a@b Thu Jan  1 00:00:00 2026\nFrom: Person {n % senders} <p{n % senders}@volt.example>\n"
                f"To: mara@nordlicht.example\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n"
                f"Message-ID: <{n * 2654435761 % 2**32:08x}.{n}@volt.example>\n\n{n}\n\n"
                for n in range(start, min(count, start + 10_000))).encode())


def giant(target, size, attached):
    """One message of `size` bytes: an attachment in base64, or plain text."""
    head = ("From a@b Thu Jan  1 00:00:00 2026\nFrom: p0@volt.example\nTo: mara@nordlicht.example\n"
            "Date: Thu, 1 Jan 2026 00:00:00 +0000\nMessage-ID: <giant@volt.example>\nMIME-Version: 1.0\n")
    if attached:
        head += ('Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nOne file.\n--b\n'
                 'Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n'
                 'Content-Disposition: attachment; filename="a.pdf"\n\n')
        data = bytes(i * 131 % 251 for i in range(57 * 4096))
        text = base64.encodebytes(data)
    else:
        head += "Content-Type: text/plain; charset=utf-8\n\n"
        text = b"The panels are on the roof, the inverter follows on Tuesday, weather permitting.\n" * 4096
    with open(target, "wb", buffering=0) as file:
        written = file.write(head.encode())
        while written < size:
            written += file.write(text)
        file.write(b"--b--\n\n" if attached else b"\n")


def leads(target, people, count):
    """A leads list of `count` rows that ends with those of `people` (the rows of another list)."""
    with open(target, "w", buffering=1 << 20) as file:
        file.write("id,email\n")
        for n in range(count):
            file.write(f"M{n},contact{n}@customer{n % 9973}.example\n")
        file.write(people.read_text().split("\n", 1)[1])


def config(folder, name, mailbox, **changes):
    """Writes a configuration for a mailbox of make_mailboxes.py's people; returns its path."""
    settings = {
        "version": 1, "organization": {"domains": ["nordlicht.example"], "timeZone": "Europe/Berlin"},
        "users": "users.csv", "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
        "sources": [{"path": str(mailbox), "owner": "mara", "folder": "inbox"}], "output": {"formats": ["jsonl"]},
    }
    settings.update(changes)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(settings, indent=1))
    return path


# Attachments are captured beside what is captured anyway, and stored.
WITH_ATTACHMENTS = {"inbound": {"activity": {"capture": ["cc", "bcc", "subject", "body", "attachments"]}}}
# Every sender becomes a lead.
CAPTURING = {"inbound": {"captureLeads": {"enabled": True, "from": ["from"]}}}
