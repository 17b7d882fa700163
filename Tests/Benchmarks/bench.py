#!/usr/bin/env python3
"""Measures `winnow import` against other programs on generated mailboxes that are the same every time.

  bench.py --winnow BINARY [--gmime GMIME_DUMP] [--stalwart PROGRAM] [--html-tree PROGRAM] [--python PYTHON]
           [--sections speed,disk,attachments,linear,instructions,memory,jobs,leads,startup]
           [--kinds plain,base64,html]
           [--megabytes 200] [--runs 5] [--jobs N] [--long] [--folder DIR] [--disk-folder DIR]
           [--json FILE] [--markdown FILE]

winnow does the whole job: parse, rules, JSON Lines written (every sender is a lead, so every body is written),
stateless. What the others do is said in README.md. Times are wall time of whole processes, the median of turns that
the programs take; memory is the highest peak resident size. A peer that is missing is named in the table.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import measure
import sections

SECTIONS = ["speed", "disk", "attachments", "linear", "instructions", "memory", "jobs", "leads", "startup"]


class Bench:
    """What the sections share: programs, places, mailboxes, the tables."""

    def __init__(self, options, folder, disk):
        self.options, self.folder, self.disk = options, folder, disk
        self.here = pathlib.Path(__file__).resolve().parent
        self.kinds = options.kinds.split(",")
        self.turns, self.long = options.runs, options.long
        self.gmime, self.stalwart, self.html_tree = options.gmime, options.stalwart, options.html_tree
        self.python = options.python
        self.runner = measure.Runner(folder)
        self.tables = []
        self.counts = {}

    def winnow_in(self, folder):
        return measure.Winnow(self.options.winnow, folder / "out", self.options.jobs)

    def mailbox(self, kind):
        """One of make_mailboxes.py's, made when it is first asked for."""
        path = self.folder / f"{kind}.mbox"
        if not path.exists():
            subprocess.run([sys.executable, self.here / "make_mailboxes.py", self.folder, "--kinds", kind,
                            "--megabytes", str(self.options.megabytes)], check=True, stdout=subprocess.DEVNULL)
        return path

    def kept(self, config, winnow):
        """How many mails the mailbox of a configuration has; all must be kept, or the work is not the same."""
        if config.name not in self.counts:
            winnow.clear()
            self.runner.once(winnow.command(config))
            mail = json.loads((winnow.out / "run.json").read_text())["mail"]
            if mail["in"] != mail["kept"]:
                sys.exit(f"bench: {config}: not all was kept: {mail}")
            self.counts[config.name] = mail["in"]
        return self.counts[config.name]

    def begin(self, title):
        self.tables.append({"title": title, "head": [], "rows": []})
        print(f"\n== {title}", flush=True)

    def head(self, cells):
        self.tables[-1]["head"] = cells
        self._print(cells)

    def row(self, cells):
        self.tables[-1]["rows"].append(cells)
        self._print(cells)

    def _print(self, cells):
        widths = [max(10, len(name)) for name in self.tables[-1]["head"]]
        widths[0] = {"input": 34, "goal": 64}.get(self.tables[-1]["head"][0], 12)
        if len(widths) > 1 and self.tables[-1]["head"][1] == "program":
            widths[1] = 17
        text = [cell.ljust(width) if i < 2 and width > 10 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(cells, widths))]
        print("  ".join(text).rstrip(), flush=True)


def markdown(tables, goals, machine):
    """The tables for README.md."""
    lines = [f"Measured on {machine['date']}: {machine['processors']} × {machine['processor']}, "
             f"{machine['memoryGiB']} GiB, Linux {machine['kernel']}.", ""]
    if goals:
        tables = [{"title": "goals", "head": ["goal", "wanted", "measured", "met"],
                   "rows": [[g["goal"], g["wanted"], g["measured"], "yes" if g["met"] else "no"] for g in goals]},
                  *tables]
    for table in tables:
        count = len(table["head"])
        lines += [f"**{table['title']}**", "", "| " + " | ".join(table["head"]) + " |", "|" + "---|" * count]
        lines += ["| " + " | ".join(row + [""] * (count - len(row))) + " |" for row in table["rows"]]
        lines.append("")
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--winnow", required=True, type=pathlib.Path)
    for name in ("--gmime", "--stalwart", "--html-tree", "--python", "--jobs", "--folder", "--disk-folder", "--json",
                 "--markdown"):
        options.add_argument(name)
    options.add_argument("--sections", default=",".join(SECTIONS))
    options.add_argument("--kinds", default="plain,base64,html")
    options.add_argument("--megabytes", type=float, default=200)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--long", action="store_true", help="3,200 MB, 5,000,000 mails and 10 GB as well")
    options = options.parse_args()
    options.winnow = options.winnow.resolve()
    wanted = options.sections.split(",")
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        sys.exit(f"bench: unknown section {unknown[0]}; there are {', '.join(SECTIONS)}")

    memory = options.folder or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    disk = options.disk_folder or ".build"
    os.makedirs(disk, exist_ok=True)
    places = [pathlib.Path(tempfile.mkdtemp(prefix="winnow-bench-", dir=d)).resolve() for d in (memory, disk)]
    bench = None
    # So that the mailboxes are removed, whatever ends it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        bench = Bench(options, *places)
        machine = measure.machine()
        print(f"{machine['processors']} × {machine['processor']}, {machine['memoryGiB']} GiB, {machine['date']}; "
              f"{options.runs} turns, {options.megabytes:g} MB each")
        result, goals = {}, []
        for name in wanted:
            section = getattr(sections, name)
            bench.begin(f"{name}: {section.__doc__.splitlines()[0]}")
            result[name], found = section(bench)
            goals += found
        if goals:
            bench.begin("goals")
            bench.head(["goal", "wanted", "measured", "met"])
            for g in goals:
                bench.row([g["goal"], g["wanted"], g["measured"], "yes" if g["met"] else "NO"])
            bench.tables.pop()
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(
                {"machine": machine, "megabytes": options.megabytes, "runs": options.runs, "sections": result,
                 "goals": goals}, indent=1) + "\n")
        if options.markdown:
            text = markdown(bench.tables, goals, machine)
            print(text) if options.markdown == "-" else pathlib.Path(options.markdown).write_text(text)
    finally:
        if bench:
            bench.runner.close()
        for place in places:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
