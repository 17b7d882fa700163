"""The worlds of several nights with a ledger."""
import json
import pathlib
import sys

import commands

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Nightly"))
import world  # noqa: E402

ALWAYS = "2000-01-01..2100-01-01"


def evening(scene, day):
    """What comes in before a night."""
    scene.day = day + 1
    world.grow(scene.root, day)
    scene.laid_out = {path for path in scene.laid_out if (scene.root / path).exists()}
    for path in sorted((scene.root / "in").rglob("*")) + [scene.root / "leads.csv"]:
        # What the night before laid out and nothing touched keeps its time.
        name = str(path.relative_to(scene.root))
        if path.is_file() and (name not in scene.laid_out or path.stat().st_mtime > 1_780_000_000):
            scene.settle(name)


def begin(scene, change=None):
    world.begin(scene.root)
    config = json.loads(json.dumps(world.CONFIG))
    if change:
        change(config)
    scene.write("winnow.json", json.dumps(config, indent=1))


def tonight(scene, day, *arguments):
    return scene.run(f"night-{day}", "import", *arguments, now=f"2026-03-{10 + day:02}T00:00:00Z")


def reports(scene, *more):
    """What the ledger can tell."""
    scene.run("log", "log", "--json", "--range", ALWAYS, *more)
    for view in ("activities", "captures", "tasks"):
        scene.run(f"log-{view}", "log", "--csv", "--range", ALWAYS, "--view", view, *more)
    scene.run("log-by-date", "log", "--json", "--by", "message-date", "--range", "2026-03-02..2026-03-04", *more)
    scene.run("log-find", "log", "--range", ALWAYS, "--find", "a", "--limit", "20", *more)
    scene.run("log-reason", "log", "--json", "--range", ALWAYS, "--reason", "no-lead", *more)
    scene.run("users", "users", "list", "--json", *more)
    scene.run("users-table", "users", "list", *more)
    scene.run("ledger", "ledger", "check", "--json", "--deep", *more)
    scene.run("quarantine", "retry", "--list", *more)


def predicted(scene):
    """What explain, the dry run and the free times say before the night."""
    scene.run("dry-run", "import", "--dry-run", now="2026-03-15T00:00:00Z")
    scene.run("explain", "explain", "--message-id", "m100@mail.test", now="2026-03-15T00:00:00Z")
    scene.run("explain-sent", "explain", "--message-id", "m1102@mail.test", now="2026-03-15T00:00:00Z")
    scene.run("explain-event", "explain", "--uid", "moves", now="2026-03-15T00:00:00Z")
    scene.run("availability", "availability", "--from", "2026-03-19", "--to", "2026-03-24", "--json")


def growing(scene):
    """Four nights; a fifth without news; the ledger built again."""
    begin(scene)
    for day in range(world.DAYS):
        evening(scene, day)
        predicted(scene)
        tonight(scene, day)
        reports(scene)
    tonight(scene, world.DAYS)
    scene.run("rescan", "import", "--rescan", now="2026-03-15T00:00:00Z")
    scene.run("whole", "import", "--out", "whole", "--no-ledger", now="2026-03-15T00:00:00Z")
    # The republished run, by its number.
    scene.run("republish", "import", "--republish", "2", "--out", "again", now="2026-03-15T00:00:00Z")
    for name in ("winnow.sqlite", "winnow.sqlite-wal", "winnow.sqlite-shm"):
        if (scene.root / "out" / name).exists():
            scene.remove(f"out/{name}")
    scene.run("rebuild", "ledger", "check", "--rebuild", "--deep")
    reports(scene)


def elsewhere(scene):
    """The ledger named, results with --out; other lists, another configuration, a calendar cut short."""
    begin(scene, lambda config: config["calendar"].update(onMissing="mark") if "calendar" in config
          else config.update(calendar={"onMissing": "mark", "onCancel": "delete-row"}))
    ledger = ["--ledger", "state/known.sqlite"]
    (scene.root / "state").mkdir()
    for day in range(world.DAYS):
        evening(scene, day)
        if day == 2:
            config = json.loads((scene.root / "winnow.json").read_text())
            config["email"]["inbound"]["exclude"] = {"admin": ["lead1@client.test"]}
            config["email"]["inbound"]["captureLeads"] = {"enabled": True}
            scene.write("winnow.json", json.dumps(config))
        if day == 3:
            text = (scene.root / "in/sam.ics").read_bytes()
            scene.write("in/sam.ics", text[:text.index(b"BEGIN:VEVENT", 400)] + b"END:VCALENDAR\r\n")
            scene.write("leads.csv", "id,email\nL1,lead1@client.test\nL7,x2@else.test\n")
        tonight(scene, day, "--out", f"result-{day}", *ledger)
        scene.run("dry-run", "import", "--dry-run", *ledger, now="2026-03-15T00:00:00Z")
        reports(scene, *ledger)
    tonight(scene, 4, "--out", "result-4", *ledger, "--from", "2026-03-04", "--user", "sam")


def people(scene):
    """Users paused, resumed and removed between the nights."""
    begin(scene)
    for day, command in enumerate([("pause", "ann"), ("resume", "ann"), ("remove", "sam"), ("resume", "sam")]):
        evening(scene, day)
        tonight(scene, day)
        scene.run(f"{command[0]}-{command[1]}", "users", *command, "--now", f"2026-03-{10 + day:02}T06:00:00Z")
        predicted(scene)
        scene.run("users", "users", "list", "--json")
        scene.run("users-active", "users", "list", "--active")
        scene.run("users-paused", "users", "list", "--paused", "--json")
    tonight(scene, 4)
    scene.run("pause-nobody", "users", "pause", "nobody")
    reports(scene)


def mended(scene):
    """What was quarantined is retried, before and after it is mended; then pruned."""
    begin(scene, lambda config: config["organization"].update(retentionDays=10))
    for day in range(2):
        evening(scene, day)
        tonight(scene, day)
    scene.run("retry", "retry", now="2026-03-15T00:00:00Z")
    scene.write("in/eml/0-no-message.eml", world.mail(900, "Lead <lead1@client.test>", "sam@example.com", 1))
    scene.run("retry-only", "retry", "--only", "2", now="2026-03-15T00:00:00Z")
    scene.run("retry-mended", "retry", now="2026-03-15T00:00:00Z")
    reports(scene)
    tonight(scene, 2)
    scene.keep("before-prune", "out")
    scene.run("prune-dry-run", "prune", "--dry-run", now="2100-01-01")
    scene.run("prune-not-yet", "prune", now="2026-03-12")
    scene.run("prune", "prune", now="2100-01-01")
    scene.run("prune-again", "prune", now="2100-01-01")
    reports(scene)


def private(scene):
    """Nights under the other privacies."""
    for privacy in ("headers", "pseudonymous"):
        place = f"{privacy}-out"
        (begin if privacy == "headers" else lambda s: None)(scene)
        config = json.loads(json.dumps(world.CONFIG))
        config["output"].update(privacy=privacy, directory=place)
        scene.write("winnow.json", json.dumps(config))
        for day in range(2):
            if privacy == "headers":
                evening(scene, day)
            tonight(scene, day)
            reports(scene)


def sample_nights(scene):
    """The samples, one source a night later than the other, a mailbox that is exchanged."""
    commands.samples(scene)
    late = (scene.root / "exports/jonas/Kalender.ics").read_bytes()
    scene.write("exports/jonas/Kalender.ics", late.replace(b"STATUS:CANCELLED", b"STATUS:CONFIRMED"))
    box = (scene.root / "exports/mara/Alle-Nachrichten.mbox").read_bytes()
    cut = box.index(b"\nFrom ", len(box) // 2) + 1
    scene.write("exports/mara/Alle-Nachrichten.mbox", box[:cut])
    for night in range(4):
        scene.day = night + 1
        if night == 1:
            scene.write("exports/mara/Alle-Nachrichten.mbox", box)
        if night == 2:
            scene.write("exports/jonas/Kalender.ics", late)
            tasks = (scene.root / "crm/tasks.csv").read_text()
            scene.write("crm/tasks.csv", tasks.replace("10:00", "10:30", 1).replace("2026-02-21 09:00",
                                                                                    "2026-03-02 09:00", 1))
        if night == 3:
            scene.write("exports/mara/Alle-Nachrichten.mbox", box[cut:] + box[:cut])
            leads = (scene.root / "crm/leads.csv").read_text().splitlines()
            scene.write("crm/leads.csv", "\n".join(leads[:-2]) + "\n")
        scene.run("dry-run", "import", "--dry-run", now=f"2026-03-0{night + 1}T00:00:00Z")
        scene.run(f"night-{night}", "import", now=f"2026-03-0{night + 1}T00:00:00Z")
        reports(scene)
        if night == 0:
            scene.run("pause", "users", "pause", "jonas")
        if night == 1:
            scene.run("resume", "users", "resume", "jonas")
    scene.run("export", "export", "--out", "exported", now="2026-03-05")


def worlds(_):
    return [(f"nights/{act.__name__.replace('_', '-')}", act) for act in (
        growing, elsewhere, people, mended, private, sample_nights)]
