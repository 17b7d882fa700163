#!/usr/bin/env python3
"""Feeds `winnow inspect` every message as LF, as CRLF and cut off at 20 places each: no crash, no hang, no message lost.

  robustness.py --winnow BINARY [--hostile DIR] [--seconds N] [FOLDER_OF_EML …]

FOLDER_OF_EML default to what Tests/Peers/run prepared (.build/peers/mail). A file of at least one header field must give
one line. Batches of 100 messages (4,200 files); each batch must end within N seconds (default 120).
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

CUTS = 20


def variants(data):
    lf = data.replace(b"\r\n", b"\n")
    for form, whole in (("lf", lf), ("crlf", lf.replace(b"\n", b"\r\n"))):
        yield form, whole
        for cut in range(CUTS):
            # Spread over the file, more of them in the first kilobytes, where the headers are.
            span = min(len(whole), 4096) if cut % 2 else len(whole)
            yield f"{form}{cut:02}", whole[:span * (cut + 1) // (CUTS + 1)]


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--hostile", default=str(here / "../shared/hostile/eml"))
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("folders", nargs="*")
    options = options.parse_args()
    folders = [pathlib.Path(f) for f in options.folders] or [here / ".build/peers/mail"]
    sources = sorted(p for f in [*folders, pathlib.Path(options.hostile)] if f.is_dir() for p in f.glob("*.eml"))
    if not sources:
        print("skipped: nothing to read (run Tests/Peers/run first)")
        return
    fed, lost, worst, failed = 0, [], 0.0, False
    for start in range(0, len(sources), 100):
        with tempfile.TemporaryDirectory() as folder:
            names = {}
            for number, path in enumerate(sources[start:start + 100]):
                for form, data in variants(path.read_bytes()):
                    name = f"{number:03}-{form}.eml"
                    (pathlib.Path(folder) / name).write_bytes(data)
                    names[name] = (path, form, len(data), re.match(rb"\s*(?:\xef\xbb\xbf)?[!-9;-~]+[ \t]*:", data))
            began = time.monotonic()
            try:
                done = subprocess.run([options.winnow, "inspect", folder], capture_output=True, timeout=options.seconds)
            except subprocess.TimeoutExpired:
                print(f"hang: messages {start} to {start + 99}: {sources[start]} …")
                failed = True
                continue
            worst = max(worst, time.monotonic() - began)
            if done.returncode not in (0, 65):
                print(f"exit {done.returncode}: messages from {sources[start]}: {done.stderr.decode()[-300:]}")
                failed = True
            seen = {pathlib.Path(json.loads(line)["source"]["path"]).name for line in done.stdout.splitlines()}
            fed += len(names)
            lost += [f"{path.name} {form} ({size} bytes)" for name, (path, form, size, field) in names.items()
                     if field and name not in seen]
    print(f"robustness: {len(sources)} messages, {fed} files, slowest batch {worst:.1f} s, {len(lost)} without a line")
    for name in lost[:20]:
        print(f"  {name}")
    sys.exit(1 if failed or lost else 0)


if __name__ == "__main__":
    main()
