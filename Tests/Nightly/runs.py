"""Runs winnow, and holds what its nights published against one run without a ledger."""
import collections
import csv
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

NOW = "2026-03-10T00:00:00Z"
KINDS = ("activities", "leads", "tasks", "blocks")
# As known when published; a task's status says that it was written again.
SOFT = {"activities": {"source"}, "tasks": {"status", "source"}, "blocks": set(),
        "leads": {"source", "firstSeen", "firstMessageId", "capturedFrom"}}


class Program:
    """The program under test, with the library that lets it die where it is told to."""

    def __init__(self, binary, library):
        self.binary, self.library = binary, library

    def command(self, *more):
        return [self.binary, "import", "--quiet", "--now", NOW, *more]

    def environment(self, **points):
        return {**os.environ, "LD_PRELOAD": self.library, "SWIFT_BACKTRACE": "enable=no",
                **{k: str(v) for k, v in points.items()}}

    def run(self, folder, *more, **points):
        """One run to its end, however it ends."""
        return subprocess.run(self.command(*more), cwd=folder, env=self.environment(**points),
                              capture_output=True, text=True, timeout=120)

    def count(self, folder, *more):
        """How many calls change files in a run."""
        counter = pathlib.Path(folder) / "counter"
        counter.unlink(missing_ok=True)
        done = self.run(folder, *more, FAIL_COUNT=counter)
        assert done.returncode == 0, done.stderr
        n = int.from_bytes(counter.read_bytes(), "little")
        counter.unlink()
        return n

    def shot(self, folder, seconds, number=signal.SIGKILL):
        """One run that gets a signal after a time. Its status, error text and how long it took to end."""
        p = subprocess.Popen(self.command(), cwd=folder, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True,
                             env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
        try:
            p.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        sent = time.monotonic()
        p.send_signal(number)
        error = p.communicate()[1]
        return p.returncode, error, time.monotonic() - sent


class Torn(Exception):
    """Something visible is not whole."""


def published(out):
    """The folders that runs published, oldest first."""
    out = pathlib.Path(out)
    if not out.exists():
        return []
    found = [p for p in out.iterdir() if p.is_dir() and not p.is_symlink() and p.name[0] != "."]
    return sorted(found, key=lambda p: (p.name.split("-")[0], int(p.name.split("-")[1])))


def records(folder):
    """The records of one published folder by kind, checked for wholeness."""
    found = {}
    try:
        run = json.loads((folder / "run.json").read_text())
        decisions = [json.loads(line) for line in (folder / "decisions.jsonl").open()]
        for kind in KINDS:
            rows = [json.loads(line) for line in (folder / f"{kind}.jsonl").open()]
            with (folder / f"{kind}.csv").open(newline="", encoding="utf-8") as f:
                if len(list(csv.reader(f))) != len(rows) + 1:
                    raise Torn(f"{folder}: {kind}.csv")
            if run["records"][kind] != len(rows):
                raise Torn(f"{folder}: {kind}.jsonl")
            found[kind] = rows
        if run["items"]["in"] != len(decisions):
            raise Torn(f"{folder}: decisions.jsonl")
        for a in found["activities"]:
            for x in a.get("attachments", []):
                if x["kept"] and (folder / x["path"]).stat().st_size != x["bytes"]:
                    raise Torn(f"{folder}: {x['path']}")
    except (OSError, ValueError, KeyError) as e:
        raise Torn(f"{folder}: {e!r}") from e
    return found


class Result:
    """What a chain of nights gave, against what it should have."""

    def __init__(self):
        self.lost = self.doubled = self.extra = self.other = self.torn = self.bad = 0
        self.notes = []

    def add(self, other):
        for k, v in vars(other).items():
            setattr(self, k, getattr(self, k) + v)

    @property
    def is_clean(self):
        return not (self.lost or self.doubled or self.extra or self.other or self.torn or self.bad)


def compare(root, reference, out="out", ledger="out/winnow.sqlite"):
    """Holds all published runs below `root` against the records of one stateless run."""
    r = Result()
    root = pathlib.Path(root)
    seen = {kind: collections.defaultdict(list) for kind in KINDS}
    for folder in published(root / out):
        try:
            for kind, rows in records(folder).items():
                for row in rows:
                    seen[kind][row["key"]].append(row)
        except Torn as e:
            r.torn += 1
            r.notes.append(str(e))
    for kind in KINDS:
        wanted = {row["key"]: row for row in reference[kind]}
        for key in wanted:
            if key not in seen[kind]:
                # A meeting that was cancelled is no task for a run that never knew it.
                r.lost += 1
                r.notes.append(f"lost {kind} {key}")
        for key, rows in seen[kind].items():
            if kind in ("activities", "leads") and len(rows) > 1:
                r.doubled += 1
                r.notes.append(f"doubled {kind} {key}")
            if key not in wanted:
                if kind != "tasks" or rows[-1]["status"] != "cancelled":
                    r.extra += 1
                    r.notes.append(f"extra {kind} {key} {rows[-1]}")
                continue
            a, b = ({k: v for k, v in row.items() if k not in SOFT[kind]}
                    for row in (rows[-1], wanted[key]))
            if json.dumps(a) != json.dumps(b):
                r.other += 1
                r.notes.append(f"other {kind} {key}: {a} != {b}")
    left = [p.name for p in (root / out).iterdir() if p.name.startswith(".winnow-")]
    if left or (root / f"{ledger}.staged").exists():
        r.bad += 1
        r.notes.append(f"left over: {left}")
    if ledger:
        r.bad += check_ledger(root / ledger, sum(len(s) for s in seen.values()), r.notes)
    return r


def check_ledger(path, keys, notes):
    """1 when the ledger is damaged, has unsettled runs or does not know exactly the records."""
    db = sqlite3.connect(path)
    try:
        ok = db.execute("PRAGMA integrity_check").fetchone()[0]
        unsettled = db.execute("SELECT count(*) FROM run WHERE state < 2").fetchone()[0]
        known = db.execute("SELECT count(*) FROM record").fetchone()[0]
    finally:
        db.close()
    if ok == "ok" and not unsettled and known == keys:
        return 0
    notes.append(f"ledger: {ok}, {unsettled} unsettled, {known} records, {keys} published")
    return 1


class Inbox:
    """Everything below a folder but `out`, to be put back as it was: the same files (a copy would be
    another one to whoever looks at inodes), with their content, names and times."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = {}
        for p in self.walk():
            s = p.stat()
            self.files[s.st_ino] = (p.relative_to(self.root), p.read_bytes(), s.st_mtime_ns)

    def walk(self):
        for folder, names, files in os.walk(self.root):
            if pathlib.Path(folder) == self.root:
                names[:] = [n for n in names if n != "out"]
            for f in files:
                yield pathlib.Path(folder) / f

    def restore(self):
        left = dict(self.files)
        found = [(p, left.pop(p.stat().st_ino, None)) for p in list(self.walk())]
        for i, (p, known) in enumerate(found):  # aside first: names may have changed places
            if known:
                os.rename(p, self.root / f"aside{i}")
            else:
                p.unlink()
        for i, (_, known) in enumerate(found):
            if not known:
                continue
            path, data, when = self.root / known[0], known[1], known[2]
            os.rename(self.root / f"aside{i}", path)
            if path.read_bytes() != data:
                with path.open("r+b") as f:
                    f.write(data)
                    f.truncate()
            os.utime(path, ns=(when, when))
        for path, data, when in left.values():
            (self.root / path).write_bytes(data)
            os.utime(self.root / path, ns=(when, when))


class Evening:
    """The state before a night: what the nights before published, and what has come in since."""

    def __init__(self, root, store):
        self.root, self.store = pathlib.Path(root), pathlib.Path(store)
        shutil.rmtree(self.store, ignore_errors=True)
        if (self.root / "out").exists():
            shutil.copytree(self.root / "out", self.store, symlinks=True)
        self.inbox = Inbox(root)

    def restore(self):
        shutil.rmtree(self.root / "out", ignore_errors=True)
        if self.store.exists():
            shutil.copytree(self.store, self.root / "out", symlinks=True)
        self.inbox.restore()
