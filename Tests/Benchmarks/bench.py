#!/usr/bin/env python3
"""Runs winnow and GMime in turns over generated mailboxes and prints medians, ratios and peak memory.

  bench.py --gmime GMIME_DUMP [--winnow BINARY] [--megabytes 200] [--runs 5] [--kinds plain,base64,html]

winnow does the whole job: parse, rules, JSON Lines written (every sender is a lead, so every body is written),
stateless. GMime only parses: `bare` builds every message and walks its parts, `decode` decodes bodies, too.
Times are wall time of the whole process; memory is the peak resident size of the process.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def measure(arguments, folder):
    """Wall seconds, processor seconds, peak RSS in MiB and standard output of one process."""
    with open(folder / "stdout", "wb") as out, open(folder / "stderr", "wb") as err:
        began = time.monotonic()
        process = subprocess.Popen(arguments, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: exit {process.returncode}: {' '.join(map(str, arguments))}\n"
                 + (folder / "stderr").read_text(errors="replace")[:1000])
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, (folder / "stdout").read_text()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--gmime", required=True)
    options.add_argument("--winnow")
    options.add_argument("--megabytes", default="200")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--kinds", default="plain,base64,html")
    options.add_argument("--jobs")
    options.add_argument("--folder", help="where to work; default /dev/shm, else the temporary folder")
    options = options.parse_args()

    parent = options.folder or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="winnow-bench-", dir=parent))
    try:
        maker = pathlib.Path(__file__).with_name("make_mailboxes.py")
        subprocess.run([sys.executable, maker, folder, "--megabytes", options.megabytes,
                        "--kinds", options.kinds], check=True)
        print(f"{os.cpu_count()} processors, {options.runs} turns, {folder}")
        print(f"{'mailbox':8} {'program':14} {'median s':>9} {'MB/s':>8} {'mails/s':>9} {'cpu s':>7} "
              f"{'peak MiB':>9} {'times bare':>11}")
        for kind in options.kinds.split(","):
            bench_kind(kind, folder, options)
    finally:
        shutil.rmtree(folder)


def bench_kind(kind, folder, options):
    mailbox = folder / f"{kind}.mbox"
    size = mailbox.stat().st_size
    out = folder / "out"
    programs = {"gmime bare": [options.gmime, "--bench", mailbox],
                "gmime decode": [options.gmime, "--bench-decode", mailbox]}
    if options.winnow:
        # The result is written beside the mailbox, so both programs read and write the same medium.
        programs["winnow import"] = [options.winnow, "import", "--config", folder / f"{kind}.json",
                                     "--out", out, "--no-ledger", "--quiet"]
        if options.jobs:
            programs["winnow import"] += ["--jobs", options.jobs]
    seen = {name: [] for name in programs}
    messages = None
    for _ in range(options.runs):
        for name, arguments in programs.items():
            shutil.rmtree(out, ignore_errors=True)
            wall, processor, memory, text = measure(arguments, folder)
            seen[name].append((wall, processor, memory))
            if name == "gmime bare":
                messages = json.loads(text)["messages"]
            elif name == "winnow import":
                mail = json.loads((out / "run.json").read_text())["mail"]
                if mail["in"] != messages or mail["kept"] != messages:
                    print(f"  note: {messages} messages, winnow counts {mail}")
    bare = statistics.median(run[0] for run in seen["gmime bare"])
    for name, runs in seen.items():
        wall, processor, memory = (statistics.median(run[i] for run in runs) for i in range(3))
        print(f"{kind:8} {name:14} {wall:9.3f} {size / 1e6 / wall:8.1f} {messages / wall:9.0f} {processor:7.2f} "
              f"{max(run[2] for run in runs):9.1f} {bare / wall:11.2f}")


if __name__ == "__main__":
    main()
