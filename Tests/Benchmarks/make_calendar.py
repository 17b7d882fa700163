#!/usr/bin/env python3
"""Writes a large calendar for measuring: the same arguments give the same bytes.

  make_calendar.py OUT.ics [--events N] [--seed N]

50,000 events make 52 MB: an Exchange-like export, zones first, one event in ten recurring, nearly half of them with an
empty LOCATION, with attendees, folded descriptions and an alarm.
"""
import argparse
import random

from make_mailboxes import FAMILIES, FIRMS, NAMES, WORDS

ZONE = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""
RULES = ["FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;COUNT=60", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
         "FREQ=DAILY;UNTIL=20261231T225959Z", "FREQ=MONTHLY;BYMONTHDAY=15"]


def fold(line):
    raw = line.encode()
    out = []
    width = 75
    while len(raw) > width:
        cut = width
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        out.append(raw[:cut])
        raw = raw[cut:]
        width = 74
    out.append(raw)
    return b"\r\n ".join(out) + b"\r\n"


def event(r, i, people):
    day = f"2026{r.randint(1, 12):02}{r.randint(1, 28):02}"
    hour = r.randint(7, 16)
    organizer = r.choice(people)
    lines = ["BEGIN:VEVENT", f"UID:040000008200E00074C5B7101A82E008{i:032X}@bench.example",
             f"DTSTAMP:20260201T{r.randint(0, 23):02}0000Z",
             f"DTSTART;TZID=W. Europe Standard Time:{day}T{hour:02}0000",
             f"DTEND;TZID=W. Europe Standard Time:{day}T{hour + 1:02}0000"]
    if i % 10 == 0:
        lines.append("RRULE:" + r.choice(RULES))
    words = " ".join(r.choices(WORDS, k=20))
    room = "Konferenzraum Süd\\, 2. Stock" if r.random() < 0.53 else ""
    lines += [f"SUMMARY;LANGUAGE=de-DE:{' '.join(r.choices(WORDS, k=5))}", f"LOCATION;LANGUAGE=de-DE:{room}",
              "DESCRIPTION;LANGUAGE=de-DE:" + words.replace(" thanks ", "\\, thanks\\n") + "\\n",
              f"ORGANIZER;CN={organizer[0]}:mailto:{organizer[1]}"]
    for name, address in r.sample(people, 2):
        lines.append(f'ATTENDEE;CN="{name}";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:{address}')
    lines += ["CLASS:PUBLIC", "PRIORITY:5", "TRANSP:OPAQUE", "STATUS:CONFIRMED", f"SEQUENCE:{i % 4}",
              "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE", "BEGIN:VALARM",
              "ACTION:DISPLAY", "TRIGGER;RELATED=START:-PT15M", "END:VALARM", "END:VEVENT"]
    return b"".join(fold(line) for line in lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    r = random.Random(a.seed)
    people = [(f"{n} {f}", f"{n}.{f}@{r.choice(FIRMS)}.example".lower()) for n in NAMES for f in FAMILIES]
    with open(a.out, "wb") as out:
        head = "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n" \
               "X-WR-CALNAME:Kalender\n" + ZONE
        out.write(b"".join(fold(line) for line in head.split("\n")))
        for i in range(a.events):
            out.write(event(r, i, people))
        out.write(b"END:VCALENDAR\r\n")


main()
