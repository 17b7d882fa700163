"""The worlds made of ../shared/hostile, given to winnow as Tests/Hostile gives them, and of ../shared/cases."""
import json
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Hostile"))
import cases  # noqa: E402

# Takes 48 s and 1 GB with the baseline, which is what is wrong with it.
TOO_SLOW = {"slow-invite-secondly-window.eml"}


def hostile_world(entries, folder):
    """A few files of the manifest, each in a folder of its own."""
    def act(scene):
        for entry in entries:
            data = (folder / entry["file"]).read_bytes()
            case = cases.Case(entry, data)
            place = entry["file"].replace("/", "-")
            for name, content in case.files.items():
                scene.write(f"{place}/{name}", content)
            scene.write(f"{place}/winnow.json", case.text())
            root = scene.root
            scene.root = root / place
            (scene.root / "said").mkdir()
            scene.run("import", "import", *case.arguments)
            scene.run("check", "check")
            if entry["file"].split("/")[0] in ("eml", "mbox", "ics"):
                scene.run("inspect", "inspect", "in")
                scene.run("explain", "explain", f"in/{entry['file'].split('/')[1]}", "--index", "0")
            scene.root = root
    return act


def together(entries, folder):
    """All mail, and all calendars, in one run; with every privacy."""
    def act(scene):
        first = cases.Case(next(e for e in entries if e["file"].startswith("eml/")), b"")
        for entry in entries:
            if entry["file"].split("/")[0] in ("eml", "mbox", "ics"):
                scene.copy(folder / entry["file"], f"in/{entry['file']}")
        scene.write("leads.csv", first.files["leads.csv"])
        config = {**first.config, "calendar": {"invitesInMail": True, "guests": "create", "allDay": "keep"},
                  "sources": [{"path": "in/eml", "owner": "bob", "folder": "inbox"},
                              {"path": "in/mbox", "owner": "bob", "folder": "inbox"},
                              {"path": "in/ics", "owner": "bob", "calendar": "primary"}]}
        for privacy in ("full", "headers", "pseudonymous"):
            config["output"]["privacy"] = privacy
            scene.write("winnow.json", json.dumps(config))
            scene.run(privacy, "import", "--out", privacy, "--skip-missing")
        scene.run("night-1", "import", "--skip-missing")
        scene.run("night-2", "import", "--skip-missing")
        scene.run("retry", "retry")
        scene.run("retry-list", "retry", "--list")
        scene.run("log", "log", "--json", "--range", "2000-01-01..2100-01-01")
    return act


def case_config(sources, calendar=None):
    return {"version": 1, "organization": {"domains": ["nordlicht.example"], "timeZone": "Europe/Berlin"},
            "users": [{"id": "sam", "name": "Sam", "email": "sam@nordlicht.example"}],
            "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]}, "sources": sources,
            "email": {"inbound": {"activity": {"capture": ["cc", "bcc", "subject", "body", "attachments"]},
                                  "captureLeads": {"enabled": True}}},
            "calendar": calendar or {}, "output": {"directory": "out", "formats": ["jsonl", "csv", "json"]}}


def attack_world(folder, path):
    """An attack of cases/hostile under each of the configurations there that it could be meant for."""
    def act(scene):
        for config in sorted(folder.glob("winnow-*.json")):
            text = config.read_text()
            place = config.stem.removeprefix("winnow-")
            # The configurations name the folder sam, or the mail and the calendars in it.
            scene.write(f"{place}/sam/{path.name}", path.read_bytes())
            for name in ("leads.csv",):
                scene.copy(folder / name, f"{place}/{name}")
            if path.suffix == ".json":
                text = text.replace('"sam/*.ics"', '"sam/*.json"')
            scene.write(f"{place}/winnow.json", text)
            scene.run(place, "import", "--config", f"{place}/winnow.json", "--out", f"{place}/result",
                      "--skip-missing", now="2026-03-01")
            scene.run(f"{place}-nightly", "import", "--config", f"{place}/winnow.json", "--skip-missing",
                      now="2026-03-01")
            scene.run(f"{place}-log", "log", "--config", f"{place}/winnow.json", "--json", "--range",
                      "2000-01-01..2100-01-01")
            scene.run(f"{place}-retry", "retry", "--list", "--config", f"{place}/winnow.json")
        scene.run("inspect", "inspect", f"base/sam/{path.name}")
    return act


def plain_case_world(path, is_calendar):
    def act(scene):
        scene.copy(path, f"in/{path.name}")
        scene.write("leads.csv", "id,email\nL1,ann@client.example\n")
        source = {"path": f"in/{path.name}", "owner": "sam", **({"calendar": "primary"} if is_calendar else {})}
        calendar = {"invitesInMail": True, "guests": "create", "allDay": "keep"}
        scene.write("winnow.json", json.dumps(case_config([source], calendar)))
        scene.run("import", "import", "--out", "result", now="2026-03-01")
        scene.run("inspect", "inspect", f"in/{path.name}", *(
            ["--from", "2025-01-01", "--to", "2027-01-01"] if is_calendar else []))
    return act


def nights_world(folder):
    """A world of cases/nights: each night's folder takes the place of the last one's, then its command runs."""
    line = re.search(r"^Runs: (.*)", (folder / "README.md").read_text(), re.M)
    runs = re.findall(r"(night\d+) `winnow ([^`]*)`", line.group(1)) if line else []

    def act(scene):
        for night, command in runs:
            for old in sorted(scene.laid_out):
                if (scene.root / old).exists():
                    scene.remove(old)
            scene.day += 1
            scene.copy(folder / night)
            scene.run("dry-run", *command.split(), "--dry-run") if command.startswith("import") else None
            scene.run(night, *command.split())
            scene.run("log", "log", "--json", "--range", "2000-01-01..2100-01-01")
    return act


def worlds(shared):
    found = []
    folder = shared / "hostile"
    if (folder / "MANIFEST.json").exists():
        entries = json.loads((folder / "MANIFEST.json").read_text())["files"]
        for start in range(0, len(entries), 10):
            found.append((f"hostile/{start:03}", hostile_world(entries[start:start + 10], folder)))
        found.append(("hostile/together", together(entries, folder)))
    folder = shared / "cases"
    for path in sorted((folder / "hostile").glob("*")):
        if path.name.startswith(("winnow-", "README", "leads.")) or path.name in TOO_SLOW:
            continue
        found.append((f"cases/hostile/{path.name}", attack_world(folder / "hostile", path)))
    for kind in ("mail", "calendar"):
        for path in sorted((folder / kind).glob("*")):
            if path.suffix in (".eml", ".mbox", ".ics"):
                found.append((f"cases/{kind}/{path.name}", plain_case_world(path, kind == "calendar")))
    for path in sorted((folder / "nights").glob("*/README.md")):
        found.append((f"cases/nights/{path.parent.name}", nights_world(path.parent)))
    return found
