"""A world of what must not be seen: private events in every form, joined links, names, under each privacy."""
import json

EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260301T000000Z
DTSTART:{start}
DTEND:20260310T100000Z
SUMMARY:Secret {uid}
LOCATION:Secret place {uid}
DESCRIPTION:Join https://meet.example/{uid}
ORGANIZER;CN=Ann Lee:mailto:ann@client.example
ATTENDEE;CN=Sam Low;PARTSTAT=ACCEPTED:mailto:sam@corp.example
{more}
END:VEVENT
"""


def calendar(*events, method=""):
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\n" + method + "".join(events) + "END:VCALENDAR\n"
    return "\n".join(line for line in text.split("\n") if line).replace("\n", "\r\n") + "\r\n"


def event(uid, *more, start="20260310T090000Z"):
    return EVENT.format(uid=uid, start=start, more="\n".join(more))


def invitation(uid, name, body):
    disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
    return (f'From: "Ann \\"Annie\\" Lee" <ann@client.example>\nTo: Sam Low <sam@corp.example>\n'
            f"Subject: Invitation {uid}\nMessage-ID: <{uid}@client.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
            "Please join https://zoom.us/j/12345\n--b\nContent-Type: text/calendar; method=REQUEST"
            + (f"; name={name}" if name else "") + f"\n{disposition}\n{body}--b--\n")


def jcal(uid, start):
    return json.dumps(["vcalendar", [["version", {}, "text", "2.0"]], [["vevent", [
        ["uid", {}, "text", uid], ["class", {}, "text", "PRIVATE"], ["summary", {}, "text", f"Secret {uid}"],
        ["dtstart", {}, "date-time", start], ["attendee", {}, "cal-address", "mailto:sam@corp.example"]], []]]])


def xcal(uid, start):
    return ('<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><components><vevent><properties>'
            f"<uid><text>{uid}</text></uid><class><text>PRIVATE</text></class><summary><text>Secret {uid}</text>"
            f"</summary><dtstart><date-time>{start}</date-time></dtstart></properties></vevent></components>"
            "</vcalendar></icalendar>")


def lay_out(scene):
    private = "CLASS:PRIVATE"
    scene.write("in/series.ics", calendar(
        event("series", private, "RRULE:FREQ=DAILY;COUNT=3"),
        event("series", "RECURRENCE-ID:20260311T090000Z", start="20260311T110000Z"),
        event("twice", private, "CLASS:PUBLIC"), event("ecivt", "CLASS:PUBLIC", private),
        event("confidential", "CLASS:CONFIDENTIAL"), event("unknown", "CLASS:X-SECRET"), event("open"),
        event("opened", "RRULE:FREQ=DAILY;COUNT=3"),
        event("opened", private, "RECURRENCE-ID:20260311T090000Z", start="20260311T110000Z")))
    scene.write("in/unreadable.ics", calendar(
        event("start", private, start="SECRET-START"), event("rule", private, "RRULE:FREQ=SECRET-RULE"),
        event("override", "RECURRENCE-ID:SECRET-ID", private), event("exdate", private, "EXDATE:SECRET-EXDATE"),
        event("public", start="OPEN-START")))
    scene.write("in/readable.json", jcal("jcal-good", "2026-03-10T09:00:00Z"))
    scene.write("in/unreadable.json", jcal("jcal-bad", "SECRET-JCAL"))
    scene.write("in/readable.xml", xcal("xcal-good", "2026-03-10T09:00:00Z"))
    scene.write("in/unreadable.xml", xcal("xcal-bad", "SECRET-XCAL"))
    for name in ("", "invite.ics", "Einladung ä.ics"):
        for kind, more in (("private", [private]), ("open", [])):
            uid = f"{kind}-{len(name)}"
            body = calendar(event(uid, *more), method="METHOD:REQUEST\n")
            scene.write(f"in/{uid}.eml", invitation(uid, name, body))
    scene.write("in/broken.eml", invitation("broken", "invite.ics", calendar(
        event("broken", private, start="SECRET-START"), method="METHOD:REQUEST\n")))
    scene.write("in/quoted.eml", 'From: "Ann Lee"@client.example\nTo: sam@corp.example\nSubject: Words of Ann\n'
                "Message-ID: <quoted@client.example>\nDate: Mon, 2 Mar 2026 11:00:00 +0000\n\nHello from Ann Lee.\n")
    scene.write("leads.csv", "id,email,name\nL1,ann@client.example,Ann Lee\n")


def leaks(scene):
    lay_out(scene)
    capture = ["cc", "bcc", "subject", "body", "attachments"]
    for invites in (True, False):
        for privacy in ("full", "headers", "pseudonymous"):
            name = f"{privacy}{'-invites' if invites else ''}"
            scene.write("winnow.json", json.dumps({
                "version": 1, "organization": {"domains": ["corp.example"], "timeZone": "UTC"},
                "users": [{"id": "sam", "name": "Sam Low", "email": "sam@corp.example"}],
                "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"], "columns": {"name": "name"}},
                "sources": [{"path": "in/*.eml", "owner": "sam", "folder": "inbox"},
                            *({"path": f"in/*.{kind}", "owner": "sam", "calendar": "primary"}
                              for kind in ("ics", "json", "xml"))],
                "email": {"inbound": {
                    "activity": {"capture": capture}, "captureLeads": {"enabled": True},
                    "behaviour": "keywords", "keywords": {"admin": ["invitation", "ann"]},
                    "exclude": {"admin": ["nobody.example"]}}},
                "calendar": {"invitesInMail": invites, "guests": "create"},
                "output": {"directory": f"out-{name}", "formats": ["jsonl", "json", "csv"], "privacy": privacy}}))
            scene.run(name, "import", now="2026-03-01")
            scene.run(f"{name}-log", "log", "--json", "--range", "2000-01-01..2100-01-01")
            scene.run(f"{name}-retry", "retry", "--list")
            scene.run(f"{name}-explain", "explain", "--message-id", "quoted@client.example", "--json")
            scene.run(f"{name}-explain-event", "explain", "--uid", "series")
            scene.run(f"{name}-availability", "availability", "--from", "2026-03-10", "--to", "2026-03-13", "--json")
    scene.run("inspect", "inspect", "in")


def worlds():
    return [("leaks", leaks)]
