"""The worlds made of samples/, and what needs no world: schemas, help, wrong usage."""
import json
import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "samples"
NOW = "2026-03-01T00:00:00Z"
SCHEMAS = ["config", "activity", "task", "lead", "block", "decision", "run", "inspect"]
COMMANDS = ["import", "explain", "check", "inspect", "availability", "export", "log", "users", "retry", "prune",
            "ledger", "schema"]


def samples(scene, change=lambda text: text):
    for part in ("crm", "exports"):
        scene.copy(SAMPLES / part, part)
    scene.write("winnow.json", change((SAMPLES / "winnow.json").read_text()))


def with_output(more):
    return lambda text: re.sub(r'("output": \{)', rf"\1 {more},", text, count=1)


def outputs(scene):
    """Every format and privacy, no ledger."""
    for privacy in ("full", "headers", "pseudonymous"):
        samples(scene, lambda text: with_output(f'"privacy": "{privacy}"')(text).replace(
            '"formats": ["jsonl", "csv"]', '"formats": ["jsonl", "csv", "json"]'))
        scene.run(privacy, "import", "--out", privacy, "--jobs", "2", now=NOW)
        scene.run(f"{privacy}-json", "import", "--out", privacy, "--json", now=NOW)
        scene.run(f"{privacy}-export", "export", "--out", f"export-{privacy}", now=NOW)


def profiles(scene):
    for profile in ("generic", "leadsquared", "highlevel", "upsales", "leadgains"):
        samples(scene, lambda text: text.replace('"profile": "generic"', f'"profile": "{profile}"'))
        scene.run(profile, "import", "--out", profile, now=NOW)
        scene.run(f"{profile}-effective", "check", "--effective")


def shapes(scene):
    """The settings of calendars and the narrowing of a run, one by one."""
    settings = [('"recurrence": "series"', []), ('"sharedMeetings": "once"', []), ('"declined": "skip"', []),
                ('"requireParticipants": true', []), ('"onCancel": "delete-row"', []), ('"freezePast": true', []),
                ('"invitesInMail": true', []), ('"primaryOnly": false', []), ('"allowInternal": true', []),
                ('"connectedAt": "2026-02-10T00:00:00Z"', []), ('"conflict": "crm"', []),
                ('"lockUserConfig": true', ["--user", "mara"]), ('"unknownAttendees": "create"', []),
                ('"contactCreation": "never"', ["--from", "2026-02-10"]),
                ('"internalDomainsFrom": "usernames"', ["--to", "2026-03-15"])]
    for number, (setting, arguments) in enumerate(settings):
        samples(scene, lambda text: re.sub(r'("calendar": \{)', rf"\1 {setting},", text, count=1))
        scene.run(f"setting-{number}", "import", "--out", f"setting-{number}", *arguments, now=NOW)
    for guests in ("busy-only", "create", "known-only", "create-quiet"):
        samples(scene, lambda text: text.replace('"guests": "match"', f'"guests": "{guests}"'))
        scene.run(guests, "import", "--out", guests, now=NOW)


def looking(scene):
    """Commands that change nothing."""
    samples(scene)
    scene.run("check", "check")
    scene.run("check-json", "check", "--json")
    scene.run("check-effective", "check", "--effective")
    scene.run("check-as", "check", "--as", "jonas")
    scene.run("check-fail-on", "check", "--fail-on", "warning")
    scene.run("inspect", "inspect", "exports")
    scene.run("inspect-span", "inspect", "exports", "--from", "2026-02-01", "--to", "2026-05-01")
    span = ["--from", "2026-03-17", "--to", "2026-03-21"]
    scene.run("availability", "availability", *span, "--hours", "08:00-18:00")
    scene.run("availability-json", "availability", *span, "--json")
    scene.run("availability-ascii", "availability", *span, "--ascii", "--slot", "1h")
    scene.run("availability-ics", "availability", *span, "--ics", now=NOW)
    scene.run("availability-user", "availability", *span, "--json", "--user", "jonas")
    scene.run("availability-source", "availability", *span, "--json", "exports/jonas/Kalender.ics")
    scene.run("dry-run", "import", "--dry-run", now=NOW)
    scene.run("dry-run-json", "import", "--dry-run", "--json", now=NOW)
    scene.run("export-dry-run", "export", "--dry-run", now=NOW)


def sources(scene):
    """SOURCE on the command line, with a configuration and without."""
    samples(scene)
    for number, source in enumerate(["exports/mara/Alle-Nachrichten.mbox", "exports/jonas/thunderbird",
                                     "exports/jonas/Maildir", "exports/petra", "exports/jonas/Kalender.ics",
                                     "exports"]):
        scene.run(f"source-{number}", "import", source, "--out", f"source-{number}", now=NOW)
        scene.run(f"explain-{number}", "explain", source, "--index", "0", now=NOW)
    scene.remove("winnow.json")
    scene.run("bare", "import", "exports/mara/Alle-Nachrichten.mbox", "--out", "bare", now=NOW)
    scene.run("bare-folder", "import", "exports", "--out", "bare-folder", now=NOW)


def explain(scene):
    """Every item that the samples' decisions name."""
    samples(scene)
    scene.run("import", "import", "--out", "result", now=NOW)
    seen = set()
    for line in (scene.root / "result/decisions.jsonl").read_text().splitlines():
        decision = json.loads(line)
        name = {"mail": "--message-id", "event": "--uid"}.get(decision["item"])
        if name and decision.get("id") and decision["id"] not in seen:
            seen.add(decision["id"])
            scene.run("explain", "explain", name, decision["id"], now=NOW)
            scene.run("explain-json", "explain", name, decision["id"], "--json", now=NOW)
    for file in sorted((scene.root / "exports").rglob("*.eml")):
        scene.run("explain-file", "explain", "--file", file.relative_to(scene.root), now=NOW)
    scene.run("explain-nothing", "explain", "--message-id", "nobody@nowhere.example", now=NOW)


def papers(scene):
    """Schemas and help."""
    for name in SCHEMAS:
        scene.run(f"schema-{name}", "schema", name)
    scene.run("help", "--help")
    scene.run("version", "--version")
    for name in COMMANDS:
        scene.run(f"help-{name}", "help", name)


def wrong(scene):
    """Faults of usage, configuration, lists and sources: statuses and words."""
    samples(scene)
    scene.run("no-command", "nonsense")
    scene.run("no-option", "import", "--nonsense", "1")
    scene.run("no-source", "import", "exports/nobody.mbox", "--out", "x", now=NOW)
    scene.run("no-config", "import", "--config", "nowhere.json", now=NOW)
    scene.run("fail-on", "import", "--out", "x", "--fail-on", "quarantine,no-lead", now=NOW)
    scene.run("fail-on-unknown", "import", "--out", "x", "--fail-on", "nonsense", now=NOW)
    scene.run("explain-usage", "explain")
    scene.run("explain-index", "explain", "--index", "3")
    scene.run("availability-usage", "availability", "--from", "2026-03-17", "--to", "2026-03-16")
    scene.run("no-ledger", "log")
    scene.run("no-ledger-users", "users", "list")
    scene.run("no-ledger-check", "ledger", "check")
    scene.write("out-file", "a file")
    scene.run("out-is-a-file", "import", "--out", "out-file/x", now=NOW)
    good = (SAMPLES / "winnow.json").read_text()
    for number, (old, new) in enumerate([
            ('"organization"', '"organisation"'), ('"timeZone": "Europe/Berlin"', '"timeZone": "Berlin"'),
            ('"id": "ProspectID"', '"id": "Prospect"'), ('"owner": "mara"', '"owner": "marla"'),
            ('"path": "exports/petra/*.eml"', '"path": "exports/nobody/*.eml"'),
            ('"behaviour": "all"', '"behaviour": "keywords"'), ('"version": 1', '"version": 2'),
            ('"direction": "two-way"', '"direction": "sideways"'), ('"months": 3', '"months": -3'),
            ('"crm/users.csv"', '"crm/nobody.csv"'), ("{", "{{"), ('"formats": ["jsonl", "csv"]', '"formats": []')]):
        scene.write("winnow.json", good.replace(old, new, 1))
        scene.run(f"fault-{number}", "import", "--out", f"fault-{number}", now=NOW)
        scene.run(f"fault-{number}-check", "check")
        scene.run(f"fault-{number}-check-json", "check", "--json")


def worlds():
    return [(f"samples/{act.__name__}", act) for act in (
        outputs, profiles, shapes, looking, sources, explain, wrong)] + [("papers", papers)]
