"""The worlds made of ../shared/corpus: each collection of mail and of calendars under many configurations.

The collections bring no configurations of their own. Who the users and the leads are is taken from what
stands in the files: the most frequent recipient and sender are users, a third of all others are leads.
"""
import collections
import hashlib
import json
import re

ADDRESS = rb"[A-Za-z0-9._+-]{1,40}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
MAIL_FIELD = re.compile(rb"^(From|To|Cc):([^\n]*(?:\n[ \t][^\n]*)*)", re.M | re.I)
CALENDAR_FIELD = re.compile(rb"^(ORGANIZER|ATTENDEE)[;:]([^\n]*(?:\n[ \t][^\n]*)*)", re.M)
EVERYTHING = ["cc", "bcc", "subject", "body", "attachments"]
FORMATS = ["json", "csv", "jsonl"]


def share(text, of):
    """A number below `of` that depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % of


class People:
    """Users, leads and domains of one collection."""

    def __init__(self, folder, field, ours, theirs):
        counts = {ours: collections.Counter(), theirs: collections.Counter()}
        files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
        for path in files:
            for name, value in field.findall(path.read_bytes()[:2_000_000]):
                kind = ours if name.lower() == ours.lower() else theirs
                for address in re.findall(ADDRESS, value):
                    counts[kind][address.decode().lower()] += 1
        rank = {kind: sorted(c, key=lambda a: (-c[a], a)) for kind, c in counts.items()}
        self.sam = (rank[ours] + ["sam@corp.example"])[:3]
        self.ann = ([a for a in rank[theirs] if a not in self.sam] + ["ann@corp.example"])[:2]
        own = set(self.sam + self.ann)
        everybody = sorted((counts[ours].keys() | counts[theirs].keys()) - own)
        self.leads = [a for a in everybody if share(a, 3) == 0]
        self.strangers = [a for a in everybody if share(a, 3)]
        self.domains = sorted({a.split("@")[1] for a in own} | {"corp.example"})

    def users(self):
        return [
            {"id": "sam", "name": "Sam Low", "email": self.sam[0], "aliases": self.sam[1:], "role": "Sales User",
             "fields": {"Is Employee": "yes"},
             "overrides": {"outbound": {"keywords": ["the"], "exclude": self.strangers[:2]},
                           "inbound": {"keywords": ["re"], "exclude": self.strangers[2:4]}}},
            {"id": "ann", "name": "Ann Ek", "email": self.ann[0], "aliases": self.ann[1:], "role": "Administrator",
             "fields": {"Is Employee": "yes"}}]

    def lay_out(self, scene):
        rows = ["id,email,second,name,owner,company,phone"]
        for number, address in enumerate(self.leads):
            second = self.leads[number - 1] if number % 5 == 4 else ""
            rows.append(f"L{number},{address},{second},Lead {number},{'sam' if number % 2 else 'ann'},"
                        f"Company {number % 7},+49 30 {number}")
        scene.write("crm/leads.csv", "\n".join(rows) + "\n")

    def config(self, sources, **more):
        """Everybody and everything; `more` replaces members."""
        return {
            "version": 1,
            "organization": {"domains": self.domains, "timeZone": "Europe/Stockholm"},
            "users": self.users(),
            "leads": {"files": ["crm/leads.csv"], "id": "id", "searchBy": ["email", "second"],
                      "columns": {"name": "name", "owner": "owner", "company": "company", "phone": "phone"}},
            "sources": sources, "email": mail(), "calendar": {},
            "output": {"directory": "out", "formats": FORMATS}, **more}


def mail(capture=EVERYTHING, captures=False, **more):
    """The value of `email`; `more` holds what is added to each direction."""
    directions = {
        "outbound": {"activity": {"capture": capture},
                     "captureLeads": {"enabled": captures, "from": ["to", "cc"], "source": "Sales mail"}},
        "inbound": {"activity": {"capture": capture}, "captureLeads": {"enabled": captures, "from": ["from", "cc"]}}}
    for direction in directions.values():
        direction.update({key: value for key, value in more.items() if key in ("behaviour", "keywords", "exclude")})
        direction["activity"].update(more.get("activity", {}))
    return {**{key: value for key, value in more.items()
               if key not in ("behaviour", "keywords", "exclude", "activity")}, **directions}


def mail_variants(people):
    """(name, members of the configuration, further arguments)."""
    words = {"admin": ["unsubscribe", "re: *", "test", "meeting"], "allowUser": True, "checkIn": ["subject", "body"]}
    excluded = [a for a in people.strangers + people.leads if share(a, 7) == 1][:60]
    excluded += sorted({a.split("@")[1] for a in people.leads if share(a, 5) == 2})[:20]
    exclude = {"admin": [*excluded, "excluded.example"], "allowUser": True, "applyTo": ["from", "to", "cc", "bcc"]}
    quiet = {"bulk": "skip", "automatic": "skip", "noReply": "skip", "unauthenticated": "skip"}
    loud = {"bulk": "keep", "automatic": "keep", "noReply": "keep", "unauthenticated": "noCapture"}
    captured = mail(captures=True, guards=loud)

    def output(privacy):
        return {"directory": "out", "formats": FORMATS, "privacy": privacy}

    yield "matched", {}, ["--jobs", "1"]
    yield "capturing", {"email": captured}, ["--jobs", "3"]
    yield "guarded", {"email": mail(captures=True, guards=quiet, internal={"skip": True})}, []
    for match in ("contains", "word", "wildcard"):
        yield f"keywords-{match}", {"email": mail(
            captures=True, behaviour="keywords", keywords={**words, "match": match})}, []
    yield "exclusions", {"email": mail(captures=True, exclude=exclude)}, []
    yield "exclusions-recipient", {"email": mail(captures=True, exclude={**exclude, "scope": "recipient"})}, []
    yield "newest-part", {"email": mail(activity={"bodyScope": "newest", "attachmentTypes": ["inline", "jpg", "word"]},
                                        captures=True)}, ["--hash-inputs"]
    yield "headers", {"email": captured, "output": output("headers"), "calendar": {"invitesInMail": True}}, []
    yield "pseudonymous", {"email": captured, "output": output("pseudonymous"),
                           "calendar": {"invitesInMail": True}}, []
    yield "invites", {"email": captured, "calendar": {
        "invitesInMail": True, "guests": "create", "allDay": "keep", "private": "keep"}}, []
    yield "span", {"email": {**captured, "connectedAt": "2000-01-01T00:00:00Z"}}, [
        "--from", "2001-06-01", "--to", "2012-12-31"]
    for profile in ("leadsquared", "highlevel", "upsales", "leadgains"):
        yield f"profile-{profile}", {"profile": profile, "email": {}}, []


def calendar_variants(people):
    def output(privacy):
        return {"directory": "out", "formats": FORMATS, "privacy": privacy}

    tasks = {"files": ["crm/tasks.csv"], "types": [{"name": "Meeting", "category": "appointment"},
                                                   {"name": "Demo", "category": "appointment"},
                                                   {"name": "Call", "category": "todo"}]}
    everything = {"allDay": "keep", "private": "keep", "allowInternal": True, "guests": "create"}
    yield "matched", {}, ["--jobs", "1"]
    yield "busy-only", {"calendar": {"guests": "busy-only", "allDay": "keep"}}, []
    yield "create-once", {"calendar": {**everything, "sharedMeetings": "once"}}, ["--jobs", "3"]
    yield "two-way", {"tasks": tasks, "calendar": {**everything, "direction": "two-way", "outboundAttendees": "all",
                                                   "outboundTaskTypes": ["Meeting", "Demo"]}}, []
    yield "series", {"calendar": {"recurrence": "series", "allDay": "skip-recurring", "declined": "skip",
                                  "onCancel": "delete-row", "requireParticipants": True,
                                  "unknownAttendees": "block"}}, []
    yield "known-only", {"calendar": {"guests": "known-only", "unknownAttendees": "task",
                                      "online": {"keywords": ["zoom", "teams"], "emptyLocationIsOnline": True},
                                      "window": {"from": "2010-01-01", "months": 180, "rolling": False}}}, []
    yield "headers", {"calendar": everything, "output": output("headers")}, []
    yield "pseudonymous", {"calendar": everything, "output": output("pseudonymous")}, []
    for profile in ("leadsquared", "highlevel", "upsales", "leadgains"):
        yield f"profile-{profile}", {"profile": profile}, []


def tasks_csv(people):
    rows = ["id,type,subject,start,end,owner,location,participants,invite,status,createdOn,modifiedOn"]
    for number in range(24):
        lead = people.leads[number % len(people.leads)] if people.leads else "nobody@client.example"
        rows.append(f"T{number},{('Meeting', 'Demo', 'Call')[number % 3]},Talk {number},2026-06-{number + 2:02} 10:00,"
                    f"2026-06-{number + 2:02} 11:00,{'sam' if number % 4 else 'ann'},Room {number % 3},{lead},"
                    f"{'yes' if number % 2 else 'no'},Open,2026-05-01 09:00,2026-05-02 09:00")
    return "\n".join(rows) + "\n"


def prepare(scene, people, sources, members):
    scene.link("corpus", scene.shared / "corpus")
    people.lay_out(scene)
    scene.write("crm/tasks.csv", tasks_csv(people))
    scene.write("winnow.json", json.dumps(people.config(sources, **members), indent=1))


def import_world(people, sources, members, arguments):
    def act(scene):
        prepare(scene, people, sources, members)
        scene.run("import", "import", "--out", "result", *arguments)
        scene.run("effective", "check", "--effective", "--quiet")
    return act


def looking_world(people, sources, path, is_calendar):
    """The commands that only look, and those that take a SOURCE."""
    def act(scene):
        prepare(scene, people, sources, {"email": mail(captures=True)})
        scene.run("inspect", "inspect", path)
        if is_calendar:
            scene.run("inspect-span", "inspect", path, "--from", "2005-01-01", "--to", "2027-01-01")
            scene.run("availability", "availability", "--from", "2014-01-01", "--to", "2014-03-01", "--json")
        else:
            scene.run("inspect-span", "inspect", path, "--from", "2002-08-25", "--to", "2005-01-01", "--jobs", "2")
        scene.run("check", "check")
        scene.run("check-json", "check", "--json")
        scene.run("dry-run", "import", "--dry-run")
        scene.run("dry-run-json", "import", "--dry-run", "--json", "--quiet")
        scene.run("source", "import", path, "--out", "by-source", "--skip-missing")
        place = scene.root / path
        files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
        step = max(1, len(files) // 12)
        for file in files[::step][:12]:
            scene.run("explain-file", "explain", "--file", file.relative_to(scene.root))
        scene.remove("winnow.json")
        scene.run("bare", "import", path, "--out", "bare")
    return act


def worlds(shared):
    found = []
    root = shared / "corpus"
    places = []
    for folder in sorted(p for p in (root / "mail").iterdir() if p.is_dir()):
        files = sorted(folder.glob("*.mbox"))
        places += [(f"mail/{folder.name}/{f.stem}", f, f.stem == "mboxo") for f in files] \
            if folder.name == "mbox-variants" else [(f"mail/{folder.name}", folder, True)]
    for name, place, is_whole in places:
        people = People(place, MAIL_FIELD, "To", "From")
        path = f"corpus/{place.relative_to(root)}"
        sources = [{"path": path, "owner": "sam", "folder": "inbox"}]
        for variant, members, arguments in mail_variants(people):
            # The same messages in eight dialects: all configurations over one of them are enough.
            if is_whole or variant in ("capturing", "newest-part"):
                found.append((f"{name}/{variant}", import_world(people, sources, members, arguments)))
        auto = [{"path": path, "owner": "ann"}]
        found.append((f"{name}/folder-auto", import_world(people, auto, {"email": mail(captures=True)}, [])))
        if is_whole:
            found.append((f"{name}/looking", looking_world(people, sources, path, False)))
    for folder in sorted(p for p in (root / "calendar").iterdir() if p.is_dir()):
        if not any(folder.rglob("*.ics")):
            continue
        people = People(folder, CALENDAR_FIELD, "ORGANIZER", "ATTENDEE")
        path = f"corpus/calendar/{folder.name}"
        sources = [{"path": path, "owner": "sam", "calendar": "primary"},
                   {"path": f"{path}/**/*1*.ics", "owner": "ann", "calendar": "primary"}]
        for variant, members, arguments in calendar_variants(people):
            found.append((f"calendar/{folder.name}/{variant}", import_world(people, sources, members, arguments)))
        found.append((f"calendar/{folder.name}/looking", looking_world(people, sources, path, True)))
    return found
