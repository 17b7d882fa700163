#!/usr/bin/env python3
"""Lets single system calls of `winnow import` fail (strace's fault injection) and looks at what is left.

  faults.py --winnow BINARY [--every N]

Whatever fails: a documented exit status, no signal, the earlier result as it was or the new one whole, and the next run
succeeds and leaves nothing beside its result.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FAULTS = [("write", "ENOSPC"), ("write", "EIO"), ("fsync", "EIO"), ("syncfs", "EIO"), ("mkdir", "ENOSPC"),
          ("rename", "EIO"), ("renameat2", "EIO"), ("openat", "EMFILE"), ("openat", "ENOSPC"), ("openat", "EIO"),
          ("read", "EIO"), ("lseek", "EIO"), ("close", "EIO"), ("flock", "ENOLCK"), ("mmap", "ENOMEM")]
DOCUMENTED = {0, 65, 70, 73, 74, 78}


def lay_out(folder):
    mail = (b"From ann@client.example Tue Mar  3 10:15:00 2026\nFrom: ann@client.example\nTo: bob@corp.example\n"
            b"Subject: s\nMessage-ID: <m%d@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n"
            b"--b\nContent-Disposition: attachment; filename=a.txt\n\nfile %d\n--b--\n\n")
    (folder / "mail.mbox").write_bytes(b"".join(mail % (i, i) for i in range(20))
                                       + b"From x Tue Mar  3 10:15:00 2026\nno header\n")
    (folder / "leads.csv").write_text("id,email\nL1,ann@client.example\n")
    (folder / "winnow.json").write_text(json.dumps({
        "version": 1, "organization": {"domains": ["corp.example"]},
        "users": [{"id": "bob", "email": "bob@corp.example"}],
        "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"]},
        "sources": [{"path": "mail.mbox", "owner": "bob", "folder": "inbox"}],
        "email": {"inbound": {"activity": {"capture": ["subject", "body", "attachments"]},
                              "captureLeads": {"enabled": True}}}}))


def call(winnow):
    return [winnow, "import", "--quiet", "--no-ledger", "--jobs", "2", "--now", "2026-06-01T00:00:00Z", "--out", "result"]


def state(folder):
    """The result's files, without what differs from run to run."""
    found = {}
    for path in sorted((folder / "result").rglob("*")):
        if path.is_file() and path.name != "run.json":
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--every", type=int, default=1, help="only each Nth call")
    options = options.parse_args()
    winnow, wrong, runs = str(pathlib.Path(options.winnow).resolve()), [], 0
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
    with tempfile.TemporaryDirectory(prefix="winnow-faults-") as place:
        folder = pathlib.Path(place)
        lay_out(folder)
        log = folder.parent / (folder.name + ".trace")
        names = ",".join(sorted({name for name, _ in FAULTS}))
        subprocess.run(["strace", "-f", "-qq", "-o", str(log), "-e", "trace=" + names, *call(winnow)], cwd=folder,
                       check=True, capture_output=True, env=environment)
        counts = {}
        for line in log.read_text(errors="replace").splitlines():
            hit = re.match(r"\d+ +(\w+)\(", line)
            if hit:
                counts[hit.group(1)] = counts.get(hit.group(1), 0) + 1
        log.unlink()
        whole = state(folder)
        for name, error in FAULTS:
            first = 1
            if name in ("openat", "read", "mmap", "close"):
                # The dynamic loader's calls come before the program's own.
                first = max(1, counts.get(name, 0) // 2)
            for nth in range(first, counts.get(name, 0) + 1, options.every):
                runs += 1
                done = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none", "-e",
                     f"inject={name}:error={error}:when={nth}", *call(winnow)],
                    cwd=folder, capture_output=True, timeout=60, env=environment)
                what = f"{name} {nth} {error}"
                if done.returncode not in DOCUMENTED:
                    wrong.append(f"{what}: exit {done.returncode}: {done.stderr[-200:]!r}")
                if state(folder) != whole:
                    wrong.append(f"{what}: exit {done.returncode}, the result is not whole")
                again = subprocess.run(call(winnow), cwd=folder, capture_output=True, timeout=60)
                beside = [n for n in os.listdir(folder) if n.startswith(".winnow-")]
                if again.returncode != 0 or beside or state(folder) != whole:
                    wrong.append(f"{what}: the next run: exit {again.returncode}, {beside}, {again.stderr[-200:]!r}")
                    subprocess.run(["rm", "-rf", str(folder / "result")], check=False)
                    subprocess.run(call(winnow), cwd=folder, capture_output=True)
    for text in wrong:
        print(text)
    print(f"{runs} faults, {len(wrong)} not as they should be")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
