#!/usr/bin/env python3
"""A large mailbox that grew by ten mails which no rule keeps: the second run against the first.

  scale.py --winnow BINARY [--megabytes 3000] [--folder DIR]

Prints seconds, peak memory and the sizes of the state files; fails when the second run takes more
than 0.5 s or 4 % of the first. A folder is kept and used again."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Benchmarks"))


def run(binary, folder, *more):
    """Seconds and peak memory in MiB of one run."""
    start = time.monotonic()
    p = subprocess.Popen([binary, "import", "--config", "plain.json", "--quiet", *more], cwd=folder)
    _, status, usage = os.wait4(p.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--winnow", required=True)
    parser.add_argument("--megabytes", type=int, default=3000)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="winnow-scale-"))
    binary = str(pathlib.Path(options.winnow).resolve())
    try:
        mailbox = folder / "plain.mbox"
        if not mailbox.exists():
            tool = pathlib.Path(__file__).resolve().parent.parent / "Benchmarks/make_mailboxes.py"
            subprocess.run([sys.executable, tool, folder, "--kinds", "plain", "--megabytes",
                            str(options.megabytes)], check=True)
        size = mailbox.stat().st_size
        shutil.rmtree(folder / "out", ignore_errors=True)
        first = run(binary, folder, "--jobs", options.jobs)
        with open(mailbox, "ab") as f:
            for i in range(10):
                f.write(f"From nobody@else.test Mon Mar  2 10:00:00 2026\nFrom: nobody{i}@else.test\n"
                        f"To: mara@nordlicht.example\nSubject: new {i}\nMessage-ID: <new{i}.{time.time()}@else.test>\n"
                        "Date: Mon, 2 Mar 2026 10:00:00 +0000\n\nNobody keeps this.\n\n".encode())
        later = [run(binary, folder, "--jobs", options.jobs) for _ in range(1)]
        newest = json.loads((folder / "out/latest/run.json").read_text())
        again = [run(binary, folder, "--jobs", options.jobs) for _ in range(2)]
        with open(mailbox, "ab") as f:
            f.truncate(size)
        oldest = sorted(p for p in (folder / "out").iterdir() if p.name[0] == "2")[0]
        records = json.loads((oldest / "run.json").read_text())["records"]
        print(f"{size / 1e6:.0f} MB, {records['activities']} activities")
        for name, runs in (("first", [first]), ("grown by ten", later), ("nothing new", again)):
            for seconds, memory, cpu in runs:
                print(f"{name:14} {seconds:8.3f} s  {cpu:8.3f} s CPU  {memory:7.1f} MiB")
        print(f"read {newest['items']['in']}, unread {newest['items']['unread']}, {newest['reasons']}")
        for p in sorted((folder / "out").iterdir()):
            if p.is_file() and not p.is_symlink():
                print(f"{p.name:22} {p.stat().st_size / 1e6:9.2f} MB")
        seconds = later[0][0]
        good = seconds <= 0.5 and seconds <= 0.04 * first[0]
        print(f"second run: {seconds:.3f} s, {100 * seconds / first[0]:.2f} % of the first: {'ok' if good else 'TOO SLOW'}")
        return 0 if good else 1
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
