"""The calendars of Mara and Jonas and the CRM's tasks, each with what winnow must decide about it."""
from build import Mail


def told(what, outcome, reason, why, text):
    item = Mail(what, outcome, reason, why, "", "")
    item.text = text
    return item


def kept(what, reason, why, text):
    return told(what, "kept", reason, why, text)


def dropped(what, reason, why, text):
    return told(what, "dropped", reason, why, text)


# Google Calendar's export: CRLF, times in UTC but for series, DTSTAMP is the time of the export.
GOOGLE_HEAD = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:mara@nordlicht.example
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VTIMEZONE
TZID:Europe/Berlin
X-LIC-LOCATION:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:GMT+2
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:GMT+1
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def google(uid, summary, when, more="", sequence=0):
    return f"""BEGIN:VEVENT
{when}
DTSTAMP:20260228T180000Z
UID:{uid}@google.com
{more}CREATED:20260120T080000Z
LAST-MODIFIED:20260201T080000Z
SEQUENCE:{sequence}
STATUS:{'CANCELLED' if 'CANCELLED' in summary else 'CONFIRMED'}
SUMMARY:{summary.replace(' CANCELLED', '')}
TRANSP:OPAQUE
END:VEVENT
"""


def hours(day, start, end):
    return f"DTSTART:2026{day}T{start}00Z\nDTEND:2026{day}T{end}00Z"


MARA = "ORGANIZER;CN=Mara Lindt:mailto:mara@nordlicht.example\n"


def guest(address, name, status="ACCEPTED", more=""):
    return (f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};CN={name};X-NUM-GUE\n"
            f" STS=0{more}:mailto:{address}\n")


MARA_EVENTS = [
    kept("Roof check with a Meet link", "matched", "Klara Weiß is a lead; the link becomes joinUrl",
         google("dach1", "Dachbegehung Hofgut Weiß", hours("0303", "0900", "1000"),
                "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij\n" + MARA
                + guest("klara.weiss@hofgut-weiss.example", "Klara Weiß"))),
    kept("Every Tuesday, four times, one day left out", "matched",
         "Sara Lindqvist is a lead; a task for each occurrence that no override replaces",
         google("jf", "Jour fixe Vindruvan",
                "DTSTART;TZID=Europe/Berlin:20260317T140000\nDTEND;TZID=Europe/Berlin:20260317T150000\n"
                "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU\nEXDATE;TZID=Europe/Berlin:20260324T140000",
                MARA + guest("S.Lindqvist@Vindruvan.example", "Sara Lindqvist", "TENTATIVE"))),
    kept("The third Tuesday, moved to Wednesday", "matched",
         "the override of 31 March, after the change to summer time",
         google("jf", "Jour fixe Vindruvan (verlegt)",
                "DTSTART;TZID=Europe/Berlin:20260401T100000\nDTEND;TZID=Europe/Berlin:20260401T110000\n"
                "RECURRENCE-ID;TZID=Europe/Berlin:20260331T140000",
                MARA + guest("s.lindqvist@vindruvan.example", "Sara Lindqvist"), 1)),
    dropped("A private appointment", "private", "CLASS:PRIVATE; nothing of it is written but its UID",
            google("zahn", "Zahnarzt", hours("0304", "0700", "0800"), "CLASS:PRIVATE\n")),
    dropped("A day off", "all-day", "calendar.allDay is skip",
            google("urlaub", "Urlaub", "DTSTART;VALUE=DATE:20260306\nDTEND;VALUE=DATE:20260309")),
    dropped("Among colleagues", "internal", "organiser and attendees are nordlicht.example",
            google("team", "Wochenplanung", hours("0302", "0700", "0730"),
                   MARA + guest("jonas@nordlicht.example", "Jonas Ahlers"))),
    kept("With somebody whom the CRM does not know", "no-lead-task",
         "guests is match, so the task is written without a lead",
         google("neu", "Kennenlernen", hours("0305", "1300", "1330"),
                MARA + guest("bauamt@stadt-au.example", "Bauamt"))),
    dropped("A cancelled meeting", "cancelled", "STATUS:CANCELLED, and no ledger knows it",
            google("abgesagt", "Montagetermin CANCELLED", hours("0310", "0900", "1000"),
                   MARA + guest("luc@toitures-moreau.example", "Luc Moreau"))),
    kept("An appointment of her own", "no-lead-task", "nobody else takes part",
         google("angebot", "Angebote schreiben", hours("0311", "0900", "1000"))),
    kept("With a room", "matched", "Rui Costa is a lead; the room is listed apart",
         google("raum", "Lageplan", hours("0312", "0900", "1000"),
                MARA + guest("r.costa@quinta-costa.example", "Rui Costa")
                + "ATTENDEE;CUTYPE=RESOURCE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Besprechungsrau\n"
                  " m 1:mailto:c_18876@resource.calendar.google.com\n")),
    dropped("A meeting of last year", "outside-window", "before calendar.window.from",
            google("alt", "Messe", "DTSTART:20251103T090000Z\nDTEND:20251103T100000Z",
                   MARA + guest("luc@toitures-moreau.example", "Luc Moreau"))),
]

# Outlook's export: a Windows zone, Teams in a property of Microsoft's own.
OUTLOOK_HEAD = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-CALSTART:20260301T000000Z
X-WR-CALNAME:Kalender
BEGIN:VTIMEZONE
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
END:VTIMEZONE
"""


def outlook(uid, summary, day, start, end, more=""):
    return f"""BEGIN:VEVENT
CLASS:PUBLIC
CREATED:20260125T100000Z
{more}DTEND;TZID="W. Europe Standard Time":2026{day}T{end}00
DTSTAMP:20260228T170000Z
DTSTART;TZID="W. Europe Standard Time":2026{day}T{start}00
LAST-MODIFIED:20260225T100000Z
PRIORITY:5
SEQUENCE:0
SUMMARY;LANGUAGE=de:{summary}
TRANSP:OPAQUE
UID:{uid}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-IMPORTANCE:1
END:VEVENT
"""


JONAS = 'ORGANIZER;CN="Ahlers, Jonas":mailto:jonas@nordlicht.example\n'
JONAS_EVENTS = [
    kept("A Teams meeting", "matched", "Iva Nováková is a lead; it overlaps the next one, and both say so",
         outlook("040000008200E00074C5B7101A82E00801", "Wechselrichter", "0317", "1000", "1100",
                 'ATTENDEE;CN="Iva Nováková";RSVP=TRUE:mailto:i.novak@novak-stroje.example\n' + JONAS
                 + "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19%3ame\n"
                   " eting_abc%40thread.v2/0\n")),
    kept("Another at the same time", "matched", "Dana Petersen is a lead",
         outlook("040000008200E00074C5B7101A82E00802", "Kletterhalle: Dach", "0317", "1030", "1200",
                 "ATTENDEE;CN=Dana Petersen;PARTSTAT=ACCEPTED:mailto:dana@kletterhalle-nord.example\n" + JONAS)),
    dropped("The CRM's own task, come back", "duplicate", "its UID is the one that winnow gave task T-2",
            outlook("crm-task-T-2@winnow.invalid", "Vorführung Speicher", "0318", "1400", "1500", JONAS)),
    dropped("A task of Outlook's", "not-appointment", "VTODO is no meeting",
            """BEGIN:VTODO
DTSTAMP:20260228T170000Z
DUE;VALUE=DATE:20260320
SUMMARY:Kabel bestellen
UID:040000008200E00074C5B7101A82E00803
END:VTODO
"""),
    kept("Declined by Jonas", "matched", "calendar.declined is keep; the task says that he declined",
         outlook("040000008200E00074C5B7101A82E00804", "Abend der Energiegenossen", "0319", "1900", "2100",
                 "ORGANIZER;CN=Jule Kern:mailto:einkauf@energie-genossen.example\n"
                 "ATTENDEE;CN=Jonas Ahlers;PARTSTAT=DECLINED:mailto:jonas@nordlicht.example\n")),
]

TASK_COLUMNS = ["TaskId", "TaskType", "Subject", "Description", "Start", "End", "Owner", "Location", "Participants",
                "Invite", "Status", "CreatedOn", "ModifiedOn"]
TASKS = [
    kept("A meeting that Mara booked in the CRM", "written", "its type is selected",
         ["T-1", "Meeting", "Übergabe Lagerhaus", "Protokoll mitbringen", "2026-03-20 10:00", "2026-03-20 11:00", "mara",
          "Lagerhaus West, Tor 3", "t.okafor@lagerhaus-west.example", "yes", "Open", "2026-02-20 09:00",
          "2026-02-21 09:00"]),
    kept("An online demo", "written", "the place says online: a link is asked for, none is made up",
         ["T-2", "Demo", "Vorführung Speicher", "", "2026-03-18 14:00", "2026-03-18 15:00", "jonas@nordlicht.example",
          "online", "h.brunner@brunner-holzbau.example", "no", "Open", "2026-02-20 09:00", "2026-02-20 09:00"]),
    dropped("A call", "task-type-not-selected", "Phone Call is not among calendar.outboundTaskTypes",
            ["T-3", "Phone Call", "Anrufen", "", "2026-03-20 12:00", "2026-03-20 12:15", "mara", "", "", "", "Open",
             "2026-02-20 09:00", ""]),
    dropped("A meeting of nobody", "no-owner", "no user has the id anna",
            ["T-4", "Meeting", "Messeplanung", "", "2026-03-23 10:00", "2026-03-23 11:00", "anna", "", "", "", "Open",
             "2026-02-20 09:00", ""]),
    kept("A cancelled meeting", "written", "it goes out as STATUS:CANCELLED",
         ["T-5", "Meeting", "Wartung", "", "2026-03-24 10:00", "2026-03-24 11:00", "mara", "", "", "", "Cancelled",
          "2026-02-20 09:00", "2026-02-26 09:00"]),
]


def calendar(head, events):
    return (head + "".join(e.text for e in events) + "END:VCALENDAR\n").replace("\n", "\r\n").encode()
