#!/usr/bin/env python3
"""Holds winnow to "each record exactly once": see README.md.

  nightly.py --winnow BINARY [--long] [--only NAME[,NAME]] [--seed N]
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import runs
import world

HERE = pathlib.Path(__file__).resolve().parent
STOPPED = re.compile(r"winnow: stopped by SIGTERM; nothing was published\n")


class Nights:
    """The chain of nights that every trial runs through, and its evenings to begin at."""

    def __init__(self, program, work):
        self.program, self.work = program, work
        self.root = work / "w"
        self.evenings = []
        world.begin(self.root)
        for day in range(world.DAYS):
            world.grow(self.root, day)
            self.evenings.append(runs.Evening(self.root, work / f"evening{day}"))
            done = program.run(self.root)
            if done.returncode != 0:
                sys.exit(f"night {day} ends with {done.returncode}: {done.stderr}")
        done = program.run(self.root, "--out", str(work / "whole"), "--no-ledger")
        assert done.returncode == 0, done.stderr
        self.reference = runs.records(work / "whole")
        found = {kind: len(rows) for kind, rows in self.reference.items()}
        if found["activities"] < 60 or found["leads"] < 3 or found["tasks"] < 7:
            sys.exit(f"the mailbox gives too little to lose: {found}")
        self.calm = runs.compare(self.root, self.reference)

    def begin(self, day):
        self.evenings[day].restore()

    def end(self, day):
        """The nights after `day`, undisturbed, and what all of them gave."""
        for later in range(day + 1, world.DAYS):
            world.grow(self.root, later)
            self.quiet()
        return runs.compare(self.root, self.reference)

    def quiet(self):
        """A run that must go well. An error is a trial's failure, not the program's end."""
        done = self.program.run(self.root)
        if done.returncode != 0:
            raise Stuck(f"{done.returncode}: {done.stderr.strip()}")


class Stuck(Exception):
    """A run fails though nothing disturbs it."""


class Table:
    """What was tried and what came of it."""

    def __init__(self):
        self.rows = []

    def row(self, name, trials, total, statuses, more=""):
        self.rows.append((name, trials, total, statuses, more))
        found = ", ".join(f"{k}: {v}" for k, v in sorted(statuses.items(), key=str))
        print(f"{name:34} {trials:6} {total.lost:5} {total.doubled:7} {total.extra:5} "
              f"{total.other:7} {total.torn:5} {total.bad:4}  {found} {more}".rstrip(), flush=True)
        for note in total.notes[:5]:
            print(f"    {note}")

    @staticmethod
    def head():
        print(f"{'':34} {'points':>6} {'lost':>5} {'doubled':>7} {'extra':>5} {'changed':>7} "
              f"{'torn':>5} {'bad':>4}  statuses", flush=True)

    @property
    def is_clean(self):
        return all(total.is_clean for _, _, total, _, _ in self.rows)


class Trials:
    def __init__(self, nights, table, dice, is_long):
        self.nights, self.table, self.dice, self.is_long = nights, table, dice, is_long
        self.program, self.root = nights.program, nights.root

    def chosen(self, count, share):
        """Points from 1 to `count`: all of them, or a sample and the last, among which the commit
        lies."""
        if self.is_long:
            return list(range(1, count + 1))
        step = max(1, count // share)
        return sorted(set(range(self.dice.randint(1, step), count + 1, step))
                      | set(range(max(1, count - 5), count + 1)))

    def try_each(self, name, days, share, disturb):
        """`disturb(point, result)` runs once with a disturbance and gives its status."""
        total, statuses, trials = runs.Result(), collections.Counter(), 0
        for day in days:
            self.nights.begin(day)
            count = self.program.count(self.root)
            for point in self.chosen(count, share):
                self.nights.begin(day)
                trials += 1
                result = runs.Result()
                try:
                    statuses[disturb(point, result)] += 1
                    if point % 2:  # else the mailbox has grown before the next run
                        self.nights.quiet()
                    result.add(self.nights.end(day) if day + 1 < world.DAYS or point % 2
                               else self.settled(day))
                except Stuck as e:
                    result.bad += 1
                    result.notes.append(f"night {day}, point {point}: stuck: {e}")
                result.notes = [f"night {day}, point {point}: {n}" for n in result.notes]
                total.add(result)
        self.table.row(name, trials, total, statuses)

    def settled(self, day):
        self.nights.quiet()
        return self.nights.end(day)

    # The trials, each a row or some of the table.

    def calm(self):
        self.table.row("undisturbed", world.DAYS, self.nights.calm, {0: world.DAYS})

    def kill(self):
        def at(how):
            def disturb(point, result):
                status = self.program.run(self.root, FAIL_AT=point, FAIL_HOW=how).returncode
                if point % 3 == 0:  # and the one that clears up dies, too
                    again = self.dice.randint(1, 40)
                    self.program.run(self.root, FAIL_AT=again, FAIL_HOW="kill")
                return status
            return disturb
        self.try_each("SIGKILL before a call", range(3), 12, at("kill"))
        self.try_each("SIGKILL in the middle of a write", range(3), 5, at("tear"))

    def faults(self):
        for name, number in (("no space", 28), ("I/O error", 5)):
            for always in (0, 1):
                def disturb(point, result):
                    before = len(runs.published(self.root / "out"))
                    done = self.program.run(
                        self.root, FAIL_AT=point, FAIL_HOW=number, FAIL_ALWAYS=always)
                    grown = len(runs.published(self.root / "out")) - before
                    says = "nothing was published" in done.stderr
                    if done.returncode not in (0, 70, 73, 74) or says and grown:
                        result.bad += 1
                        result.notes.append(f"{done.returncode}, {grown} published: {done.stderr}")
                    if done.returncode == 0 and grown != 1:
                        result.bad += 1
                        result.notes.append("status 0, nothing published")
                    return done.returncode
                self.try_each(f"{name} {'from a call on' if always else 'once'}",
                              range(3) if self.is_long else (1,), 4, disturb)

    def term(self):
        def disturb(point, result):
            before = len(runs.published(self.root / "out"))
            start = time.monotonic()
            done = self.program.run(self.root, FAIL_AT=point, FAIL_HOW="term")
            self.judge_stop(done.returncode, done.stderr, before, result,
                            time.monotonic() - start)
            return done.returncode
        self.try_each("SIGTERM at a call", range(3) if self.is_long else (1,), 10, disturb)

    def judge_stop(self, status, error, before, result, seconds):
        out = self.root / "out"
        grown = len(runs.published(out)) - before
        left = [p.name for p in out.iterdir() if p.name.startswith(".winnow-")] if out.exists() else []
        if status == 143:
            right = grown == 0 and STOPPED.fullmatch(error) and not left \
                and not (out / "winnow.sqlite.staged").exists()
        elif status == -15:  # before anything began
            right = grown == 0 and not error and not left
        else:
            right = status == 0 and grown == 1
        if not right or seconds > 2:
            result.bad += 1
            result.notes.append(f"status {status} after {seconds:.2f} s, {grown} published, {left}: {error}")

    def at_random(self):
        for name, number, trials in (("SIGKILL at random times", signal.SIGKILL, 400 if self.is_long else 18),
                                     ("SIGTERM at random times", signal.SIGTERM, 200 if self.is_long else 9)):
            total, statuses, done = runs.Result(), collections.Counter(), 0
            while done < trials:
                self.nights.begin(0)
                start = time.monotonic()
                self.nights.quiet()
                length = time.monotonic() - start
                result = runs.Result()
                try:
                    for day in range(1, world.DAYS):
                        world.grow(self.root, day)
                        for _ in range(3):
                            before = len(runs.published(self.root / "out"))
                            status, error, seconds = self.program.shot(
                                self.root, self.dice.uniform(0, length * 1.2), number)
                            statuses[status] += 1
                            done += 1
                            if number == signal.SIGTERM:
                                # A dead run's result may come to light beside a stopped one.
                                self.judge_stop(status, error, before, result, seconds)
                    self.nights.quiet()
                    result.add(runs.compare(self.root, self.nights.reference))
                except Stuck as e:
                    result.bad += 1
                    result.notes.append(f"stuck: {e}")
                total.add(result)
            self.table.row(name, done, total, statuses)

    def together(self):
        """Several runs at once: all but one stop with 75 and name a process."""
        total, statuses = runs.Result(), collections.Counter()
        rounds = 40 if self.is_long else 4
        for i in range(rounds):
            day = i % 3
            self.nights.begin(day)
            slow = self.program.environment(SLOW=20) if i % 2 else None
            crowd = [subprocess.Popen(self.program.command(), cwd=self.root, text=True, env=slow,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                     for _ in range(4)]
            for p in crowd:
                error = p.communicate()[1]
                statuses[p.returncode] += 1
                if p.returncode not in (0, 75) or p.returncode == 75 and not re.search(
                        r"process \d+ holds the ledger", error):
                    total.bad += 1
                    total.notes.append(f"{p.returncode}: {error}")
            total.add(self.nights.end(day))
        self.table.row("four runs at once", rounds, total, statuses)

    def one_place(self):
        """Runs without a ledger into one folder at once: each publishes a whole result."""
        total, statuses = runs.Result(), collections.Counter()
        rounds = 60 if self.is_long else 4
        self.nights.begin(world.DAYS - 1)
        for i in range(rounds):
            command = self.program.command("--no-ledger", "--out", "out/here")
            # On a slow disk half of the time: that opens whatever gap there is.
            slow = self.program.environment(SLOW=20) if i % 2 else None
            crowd = [subprocess.Popen(command, cwd=self.root, text=True, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, env=slow) for _ in range(6)]
            for p in crowd:
                error = p.communicate()[1]
                statuses[p.returncode] += 1
                if p.returncode != 0:
                    total.bad += 1
                    total.notes.append(f"{p.returncode}: {error}")
            try:
                if runs.records(self.root / "out/here") != self.nights.reference:
                    total.other += 1
            except runs.Torn as e:
                total.torn += 1
                total.notes.append(str(e))
            left = [p.name for p in (self.root / "out").iterdir() if p.name.startswith(".winnow-")]
            if left:
                total.bad += 1
                total.notes.append(f"left over: {left}")
        self.table.row("six without ledger, one folder", rounds, total, statuses)

    def clock(self):
        """A clock that goes back, by a night, and to before 1970 and far ahead."""
        total, statuses = runs.Result(), collections.Counter()
        shifts = (0, -86_400, -5, 10**9, -10**9, 0)
        for i in range(0, len(shifts), 2):
            self.nights.begin(0)
            for day in range(world.DAYS):
                if day:
                    world.grow(self.root, day)
                done = self.program.run(self.root, CLOCK_SHIFT=shifts[(i + day) % len(shifts)])
                statuses[done.returncode] += 1
                if done.returncode != 0:
                    total.bad += 1
                    total.notes.append(done.stderr)
            total.add(self.by_number())
        self.table.row("a clock that goes back", len(shifts) // 2, total, statuses)

    def by_number(self):
        # Names hold the clock's time: the order of a task's versions is that of the counter.
        plain = runs.published
        runs.published = lambda out: sorted(plain(out), key=lambda p: int(p.name.split("-")[-1]))
        try:
            return runs.compare(self.root, self.nights.reference)
        finally:
            runs.published = plain

    def committed(self):
        """Killed between commit and rename; then a run without a ledger into the same folder."""
        total, statuses, found = runs.Result(), collections.Counter(), 0
        for day in range(3):
            self.nights.begin(day)
            count = self.program.count(self.root)
            for point in range(count, 0, -1):
                self.nights.begin(day)
                before = len(runs.published(self.root / "out"))
                status = self.program.run(self.root, FAIL_AT=point, FAIL_HOW="kill").returncode
                out = self.root / "out"
                staged = [p for p in out.iterdir() if p.name.startswith(".winnow-")]
                if len(runs.published(out)) > before or not staged:
                    continue
                state = self.state()
                if state != 1:
                    break
                found += 1
                statuses[status] += 1
                other = self.program.run(self.root, "--no-ledger", "--out", "out/other")
                result = runs.Result()
                if other.returncode != 0 or not staged[0].exists():
                    result.bad += 1
                    result.notes.append(f"{other.returncode} {other.stderr}: the committed folder is gone")
                shutil.rmtree(out / "other")
                try:
                    result.add(self.settled(day))
                except Stuck as e:
                    result.bad += 1
                    result.notes.append(f"stuck: {e}")
                total.add(result)
        if not found:
            total.bad += 1
            total.notes.append("no such point was found")
        self.table.row("between commit and rename", found, total, statuses)

    def state(self):
        import sqlite3
        db = sqlite3.connect(self.root / "out/winnow.sqlite")
        try:
            row = db.execute("SELECT state FROM run ORDER BY id DESC LIMIT 1").fetchone()
            return row[0] if row else None
        finally:
            db.close()

    def read_only(self):
        """A ledger folder and an output folder that may not be written."""
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            return print("skipped: read-only folders (root may write everywhere)")
        total, statuses = runs.Result(), collections.Counter()
        drop = ["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"] \
            if os.geteuid() == 0 else []
        for folder in ("ledger", "out"):
            self.nights.begin(0)
            (self.root / "ledger").mkdir()
            (self.root / "out").mkdir(exist_ok=True)
            os.chmod(self.nights.work, 0o755)
            for p in [self.root, *self.root.rglob("*")]:
                os.chmod(p, 0o777 if p.is_dir() else 0o666)
            os.chmod(self.root / folder, 0o555)
            done = subprocess.run(
                [*drop, *self.program.command("--ledger", "ledger/l.sqlite")], cwd=self.root,
                capture_output=True, text=True)
            statuses[done.returncode] += 1
            if done.returncode not in (73, 74) or folder not in done.stderr or runs.published(self.root / "out"):
                total.bad += 1
                total.notes.append(f"{folder}: {done.returncode} {done.stderr}")
            os.chmod(self.root / folder, 0o755)
            shutil.rmtree(self.root / "ledger")
        self.table.row("folders that may not be written", 2, total, statuses)

    def small_disk(self):
        """A full disk, of all sizes, under the output, the ledger, or both."""
        mount = self.nights.work / "disk"
        mount.mkdir(exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount],
                          capture_output=True).returncode != 0:
            return print("skipped: a full disk (no right to mount a tmpfs)")
        total, statuses, trials = runs.Result(), collections.Counter(), 0
        sizes = range(8, 900, 12 if self.is_long else 180)
        try:
            for out, ledger in (("disk", "disk/l.sqlite"), ("out", "disk/l.sqlite"), ("disk", "out/l.sqlite")):
                for size in sizes:
                    for p in mount.iterdir():
                        shutil.rmtree(p) if p.is_dir() and not p.is_symlink() else p.unlink()
                    self.nights.begin(0)
                    (self.root / "disk").unlink(missing_ok=True)
                    (self.root / "disk").symlink_to(mount)
                    config = self.root / "winnow.json"
                    config.write_text(config.read_text().replace('"directory": "out"', f'"directory": "{out}"'))
                    result, trials = runs.Result(), trials + 1
                    for day in range(world.DAYS):
                        if day:
                            world.grow(self.root, day)
                        subprocess.run(["mount", "-o", f"remount,size={size}k", mount], check=True)
                        done = self.program.run(self.root, "--ledger", ledger)
                        statuses[done.returncode] += 1
                        if done.returncode not in (0, 73, 74):
                            result.bad += 1
                            result.notes.append(f"{done.returncode}: {done.stderr}")
                    subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
                    done = self.program.run(self.root, "--ledger", ledger)
                    if done.returncode != 0:
                        result.bad += 1
                        result.notes.append(f"with room again {done.returncode}: {done.stderr}")
                    result.add(runs.compare(self.root, self.nights.reference, out, ledger))
                    result.notes = [f"{out}, {ledger}, {size} KiB: {n}" for n in result.notes]
                    total.add(result)
        finally:
            (self.root / "disk").unlink(missing_ok=True)
            subprocess.run(["umount", mount])
        self.table.row("a full disk, by size", trials, total, statuses)

    def apart(self):
        """Output and ledger on different file systems, killed all along."""
        if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(self.root).st_dev:
            return print("skipped: two file systems (no /dev/shm)")
        far = pathlib.Path(tempfile.mkdtemp(prefix="winnow-nightly-", dir="/dev/shm"))
        total, statuses, trials = runs.Result(), collections.Counter(), 0
        plain = self.program.command
        try:
            self.program.command = lambda *more: plain("--ledger", str(far / "l.sqlite"), *more)
            self.nights.begin(0)
            count = self.program.count(self.root)
            for point in self.chosen(count, 5)[::4 if self.is_long else 1]:
                self.nights.begin(0)
                for p in far.iterdir():
                    p.unlink()
                trials += 1
                statuses[self.program.run(self.root, FAIL_AT=point, FAIL_HOW="kill").returncode] += 1
                try:
                    for day in range(1, world.DAYS):
                        world.grow(self.root, day)
                        self.nights.quiet()
                    total.add(runs.compare(self.root, self.nights.reference, "out", far / "l.sqlite"))
                except Stuck as e:
                    total.bad += 1
                    total.notes.append(f"point {point}: stuck: {e}")
        finally:
            self.program.command = plain
            shutil.rmtree(far)
        self.table.row("ledger on another file system", trials, total, statuses)


    def unreadable(self):
        """Mail that cannot be opened for a night, or is moved while the run lists it."""
        total, statuses, trials = runs.Result(), collections.Counter(), 0
        for name in ("200.host", "201.host", "0.eml", "ann.mbox"):
            for number in (2, 13, 5) if self.is_long else (2, 13):
                self.nights.begin(0)
                trials += 1
                done = self.program.run(self.root, "--skip-missing", NO_OPEN=name, NO_OPEN_HOW=number)
                statuses[done.returncode] += 1
                if done.returncode != 0:
                    total.bad += 1
                    total.notes.append(f"{name}, {number}: {done.returncode} {done.stderr}")
                try:
                    total.add(self.settled(0))
                except Stuck as e:
                    total.bad += 1
                    total.notes.append(f"{name}, {number}: stuck: {e}")
        self.table.row("mail that cannot be opened once", trials, total, statuses)


ALL = ("calm", "kill", "faults", "term", "at_random", "together", "one_place", "clock", "committed", "read_only",
       "small_disk", "apart", "unreadable")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--winnow", required=True)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    began = time.monotonic()
    work = pathlib.Path(tempfile.mkdtemp(prefix="winnow-nightly-"))
    try:
        library = work / "failpoint.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, HERE / "failpoint.c", "-ldl"], check=True)
        program = runs.Program(str(pathlib.Path(options.winnow).resolve()), str(library))
        table = Table()
        trials = Trials(Nights(program, work), table, random.Random(options.seed), options.long)
        table.head()
        for name in options.only.split(",") if options.only else ALL:
            getattr(trials, name)()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{'clean' if table.is_clean else 'NOT CLEAN'}, {time.monotonic() - began:.0f} s, seed {options.seed}")
    return 0 if table.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
