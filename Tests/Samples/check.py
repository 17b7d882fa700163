#!/usr/bin/env python3
"""Runs winnow over samples/ and compares every decision with samples/expected-decisions.csv.

  check.py --winnow BINARY
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
CAPTURED = ["eva.brandt@stadtwerk-au.example", "ole@fjordkraft.example"]
# Mails to or from several leads give an activity for each: 28 kept mails, four of them with more than one.
ACTIVITIES = 34


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    winnow = os.path.abspath(options.parse_args().winnow)
    wrong = []
    made = subprocess.run([sys.executable, SAMPLES / "make.py", "--check"], capture_output=True, text=True)
    if made.returncode:
        wrong += made.stdout.splitlines()
    with tempfile.TemporaryDirectory(prefix="winnow-samples-") as folder:
        out = pathlib.Path(folder) / "result"
        done = subprocess.run([winnow, "import", "--config", SAMPLES / "winnow.json", "--out", out, "--quiet",
                               "--now", "2026-03-01T00:00:00Z"], capture_output=True, text=True, timeout=60)
        if done.returncode:
            sys.exit(f"samples: exit {done.returncode}\n{done.stderr}")
        decisions = lines(out / "decisions.jsonl")
        with open(SAMPLES / "expected-decisions.csv", encoding="utf-8", newline="") as file:
            wanted = [(r["path"], int(r["index"]), r["outcome"], r["reason"]) for r in csv.DictReader(file)]
        found = [(d["source"]["path"], d["source"]["index"], d["outcome"], d["reason"]) for d in decisions]
        by_place = {place[:2]: place[2:] for place in found}
        for path, index, *verdict in wanted:
            got = by_place.pop((path, index), None)
            if got != tuple(verdict):
                wrong.append(f"{path} {index}: {' '.join(got) if got else 'no decision'}, wanted {' '.join(verdict)}")
        wrong += [f"{path} {index}: a decision that nobody expects" for path, index in by_place]
        if not wrong and found != wanted:
            wrong.append("the decisions are not in source order")
        leads = sorted(lead["email"] for lead in lines(out / "leads.jsonl"))
        if leads != CAPTURED:
            wrong.append(f"leads {leads}, wanted {CAPTURED}")
        activities = lines(out / "activities.jsonl")
        if len(activities) != ACTIVITIES:
            wrong.append(f"{len(activities)} activities, wanted {ACTIVITIES}")
        repeated = [k for k, n in collections.Counter(a["key"] for a in activities).items() if n > 1]
        wrong += [f"two activities with the key {key}" for key in repeated]
    for text in wrong:
        print(text)
    print(f"samples: {len(wanted)} decisions, {len(wrong)} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
