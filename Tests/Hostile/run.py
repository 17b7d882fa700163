#!/usr/bin/env python3
"""Runs winnow on every file of the hostile corpus, each alone, and checks what the manifest promises.

  run.py --winnow BINARY --manifest MANIFEST.json [--only eml,mbox,csv,json,config,ics] [--match TEXT]
         [--no-strace] [--keep] [--accepted FILE]

Per file: exit status (outcome of the manifest in winnow's words, see cases.py), records, 2 s wall time,
256 MiB resident, and the invariants G1, G3, G4, G5, G7, G8, G10; then all mail in one run must come out as it
did alone (G2). What each mail is read as is in contents.py. Ends with 1 when a file differs that is not named, with its reason, in accepted.txt.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import cases
import checks
import contents

SECONDS, MEBIBYTES = 2.0, 256.0


class Run:
    def __init__(self, winnow, folder, arguments, limit, strace=False):
        self.arguments = [winnow, "import", "--config", "winnow.json", "--now", "2026-06-01T00:00:00Z", *arguments]
        trace = folder.parent / (folder.name + ".trace")
        if strace:
            self.arguments = ["strace", "-f", "-qq", "-s", "256", "-e", "trace=%file,%network", "-o", str(trace),
                              *self.arguments]
        home = folder / "home"
        (folder / "tmp").mkdir(exist_ok=True)
        home.mkdir(exist_ok=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(folder / "tmp"), "LANG": "C.UTF-8"}
        out, err = folder.parent / "stdout", folder.parent / "stderr"
        with open(out, "wb") as one, open(err, "wb") as two:
            began = time.monotonic()
            process = subprocess.Popen(self.arguments, cwd=folder, stdout=one, stderr=two, stdin=subprocess.DEVNULL,
                                       env=environment)
            self.timed_out = not self.wait(process, began + limit)
            self.wall = time.monotonic() - began
        self.stdout, self.stderr = out.read_bytes(), err.read_bytes()
        self.trace = trace.read_text(errors="replace") if strace and trace.exists() else None

    def wait(self, process, deadline):
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() > deadline:
                process.kill()
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = self.exit = os.waitstatus_to_exitcode(status)
                self.memory = usage.ru_maxrss / 1024
                return False
            time.sleep(0.002)
        process.returncode = self.exit = os.waitstatus_to_exitcode(status)
        self.memory = usage.ru_maxrss / 1024
        return True


def lay_out(case, folder):
    (folder / "in").mkdir(parents=True)
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    (folder / "winnow.json").write_bytes(case.text())


def result_folder(case, folder):
    """Where the run published, or None."""
    if "--out" in case.arguments:
        path = folder / case.arguments[case.arguments.index("--out") + 1]
        return path if (path / "run.json").exists() else None
    found = sorted(p for p in folder.rglob("run.json") if not any(part.startswith(".") for part in p.parts[-3:]))
    return found[-1].parent if found else None


def judge(case, run, folder):
    """Everything that is not as the manifest says and as winnow promises."""
    if run.timed_out:
        return [f"G3 still running after {SECONDS} s"], []
    wrong = []
    if run.exit < 0:
        return [f"G1 killed by signal {-run.exit}: {run.stderr[-300:].decode(errors='replace')}"], []
    if run.exit not in checks.DOCUMENTED or run.exit in (1, 70):
        wrong.append(f"G1 exit {run.exit}: {run.stderr[:300].decode(errors='replace')}")
    elif run.exit not in case.exits:
        wrong.append(f"exit {run.exit}, wanted {sorted(case.exits)}: {run.stderr[:200].decode(errors='replace')}")
    if run.memory > MEBIBYTES:
        wrong.append(f"G3 {run.memory:.0f} MiB resident")
    wrong += checks.terminal(run.stdout) + checks.terminal(run.stderr)
    said = run.stdout + run.stderr
    published = result_folder(case, folder)
    decisions = []
    if run.exit != 0:
        if not run.stderr.strip():
            wrong.append("an error without a word on standard error")
        if published:
            wrong.append("published although it failed")
        return wrong + forbidden(case, said, None), decisions
    if case.must_publish_nothing and published:
        wrong.append("published although it should refuse")
    if not published:
        return wrong + ["exit 0 but nothing published"], decisions
    broken = checks.output_files(published)
    wrong += broken
    try:
        summary = checks.read_json(published / "run.json")
        decisions = checks.read_lines(published / "decisions.jsonl")
    except (OSError, ValueError) as error:
        return wrong + [f"unreadable result: {error}"], decisions
    wrong += checks.counts(summary, decisions)
    parsed = [d for d in decisions if d["outcome"] != "quarantined"]
    distinct = [d for d in parsed if d["reason"] != "duplicate"]
    if case.records is not None and len(distinct) != case.records:
        reasons = collections.Counter(d["reason"] for d in decisions)
        wrong.append(f"records {len(distinct)}, wanted {case.records} ({dict(reasons)})")
    quarantined = len(decisions) - len(parsed)
    if case.quarantined and not quarantined:
        wrong.append("nothing quarantined")
    if case.entry["outcome"] == "ok" and quarantined:
        wrong.append(f"{quarantined} quarantined although nothing is wrong with it")
    if case.reason and [d["reason"] for d in decisions] != [case.reason]:
        wrong.append(f"control mail {[d['reason'] for d in decisions]}, wanted {case.reason}")
    for name in case.required_files:
        if not (folder / name).exists():
            wrong.append(f"no file {name!r}: the ledger went elsewhere")
    leads = published / "leads.jsonl"
    for demand in case.entry["must_not"]:
        hit = re.fullmatch(r"create a lead for (\S+)", demand)
        if hit and leads.exists() and hit.group(1) in leads.read_text(errors="replace"):
            wrong.append(demand)
    return wrong + forbidden(case, said, published), decisions


def forbidden(case, said, published):
    texts = [said]
    if published:
        texts += [p.read_bytes() for p in published.glob("activities.jsonl")]
    return [f"shows {text!r}" for text in case.forbidden_text if any(text.encode() in t for t in texts)]


def together(options, manifest, alone, folder):
    """G2: all mail in one run comes out as each file did alone."""
    entries = [e for e in manifest["files"] if e["file"].startswith("eml/") and e["file"] in alone]
    if not entries:
        return []
    first = cases.Case(entries[0], b"")
    first.config["sources"] = [{"path": "in/*.eml", "owner": "bob", "folder": "inbox"}]
    first.files = {"leads.csv": first.files["leads.csv"]}
    corpus = pathlib.Path(options.manifest).parent
    for entry in entries:
        first.files["in/" + entry["file"].split("/")[1]] = (corpus / entry["file"]).read_bytes()
    lay_out(first, folder)
    run = Run(options.winnow, folder, first.arguments, 60)
    if run.exit != 0:
        return [f"G2 all mail in one run: exit {run.exit}: {run.stderr[:300].decode(errors='replace')}"]
    wrong, seen = [], {}
    for decision in checks.read_lines(folder / "result" / "decisions.jsonl"):
        seen["eml/" + os.path.basename(decision["source"]["path"])] = decision
    for name, outcome in alone.items():
        other = seen.get(name)
        if other is None:
            wrong.append(f"G2 {name}: no decision when run with the others")
        elif (other["outcome"] == "quarantined") != (outcome == "quarantined"):
            wrong.append(f"G2 {name}: {outcome} alone, {other['outcome']} with the others")
    print(f"all {len(entries)} mails in one run: {run.wall:.2f} s, {run.memory:.0f} MiB")
    return wrong


def accepted_differences(path):
    found = {}
    if path.exists():
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, why = line.partition("\t")
                found[name.strip()] = why.strip()
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--manifest", required=True)
    options.add_argument("--only", default="eml,mbox,csv,json,config,ics")
    options.add_argument("--match", default="")
    options.add_argument("--no-strace", action="store_true")
    options.add_argument("--keep", action="store_true", help="leave the folders of the runs and say where")
    options.add_argument("--accepted", default=str(pathlib.Path(__file__).with_name("accepted.txt")))
    options = options.parse_args()
    options.winnow = os.path.abspath(options.winnow)
    manifest = json.loads(pathlib.Path(options.manifest).read_text())
    accepted = accepted_differences(pathlib.Path(options.accepted))
    strace = not options.no_strace and shutil.which("strace") is not None
    if not strace:
        print("G4 and G5 not checked: no strace")
    # /dev/shm keeps the disk out of the wall times.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    work = pathlib.Path(tempfile.mkdtemp(prefix="winnow-hostile-", dir=parent))
    chosen = [e for e in manifest["files"]
              if e["file"].split("/")[0] in options.only.split(",") and options.match in e["file"]]
    good, differing, alone, slowest, largest = 0, {}, {}, (0, ""), (0, "")
    per_folder = collections.Counter()
    for number, entry in enumerate(chosen):
        data = (pathlib.Path(options.manifest).parent / entry["file"]).read_bytes()
        case = cases.Case(entry, data)
        folder = work / f"{number:03}"
        lay_out(case, folder)
        run = Run(options.winnow, folder, case.arguments, SECONDS)
        wrong, decisions = judge(case, run, folder)
        slowest, largest = max(slowest, (run.wall, case.name)), max(largest, (run.memory, case.name))
        if case.name.startswith("eml/") and len(decisions) == 1:
            alone[case.name] = decisions[0]["outcome"]
        if case.name.startswith("eml/"):
            seen = subprocess.run([options.winnow, "inspect", str(pathlib.Path(options.manifest).parent / case.name)],
                                  capture_output=True, timeout=30)
            wrong += contents.check(case.name, seen.stdout)
        if strace and not run.timed_out:
            again = work / f"{number:03}s"
            lay_out(case, again)
            traced = Run(options.winnow, again, case.arguments, 30, strace=True)
            wrong += checks.system_calls(traced.trace or "", again, options.winnow)
        kind = case.name.split("/")[0]
        per_folder[kind, "all"] += 1
        if wrong:
            differing[case.name] = wrong
        else:
            good += 1
            per_folder[kind, "good"] += 1
        if not options.keep:
            shutil.rmtree(folder)
            shutil.rmtree(work / f"{number:03}s", ignore_errors=True)

    extra = together(options, manifest, alone, work / "together") if not options.match else []
    for name, wrong in differing.items():
        mark = f"   accepted: {accepted[name]}" if name in accepted else ""
        print(f"{name}{mark}")
        for text in wrong[:6]:
            print(f"    {text!r}"[:400] if "\n" in text else f"    {text}"[:400])
    for text in extra:
        print(text)
    table = ", ".join(f"{k} {per_folder[k, 'good']}/{per_folder[k, 'all']}" for k in options.only.split(",")
                      if per_folder[k, "all"])
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]}), largest {largest[0]:.0f} MiB ({largest[1]})")
    print(f"{good} of {len(chosen)} as the manifest says ({table}); "
          f"{sum(n in accepted for n in differing)} differences accepted")
    if options.keep:
        print(f"runs kept in {work}")
    else:
        shutil.rmtree(work)
    sys.exit(1 if extra or any(name not in accepted for name in differing) else 0)


if __name__ == "__main__":
    main()
