#!/usr/bin/env python3
"""Checks how `winnow inspect` splits the same 399 messages in eight mbox dialects.

  mbox_variants.py --winnow BINARY --variants FOLDER     (FOLDER holds *.mbox and manifest.json)

A message counts as found when the bytes at its offset and length, without the From line, with LF line ends,
one `>` taken off quoted From lines where the dialect quotes, without the headers that mail programs add and
with one line end at the end, have the SHA-256 of the manifest. In the mboxo dialects 14 messages hold lines
that were `>From ` before quoting; quoting cannot be undone there, so these count by number only.
"""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ADDED = re.compile(
    rb"^(X-GM-THRID|X-Gmail-Labels|Content-Length|X-Mozilla-Status2?|X-Mozilla-Keys|Status):.*\n(?:[ \t].*\n)*",
    re.M | re.I)


def digests(message):
    """SHA-256 of the message, as it stands and without the headers that were added to it."""
    message = message.replace(b"\r\n", b"\n")
    if message.startswith(b"From "):
        message = message.partition(b"\n")[2]
    found = set()
    for pattern in (None, rb"^>(From )", rb"^>(>*From )"):
        form = re.sub(pattern, rb"\1", message, flags=re.M) if pattern else message
        form = form.rstrip(b"\n") + b"\n"
        head, gap, body = form.partition(b"\n\n")
        for text in (form, ADDED.sub(b"", head + b"\n")[:-1] + gap + body):
            found.add(hashlib.sha256(text).hexdigest())
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--variants", required=True)
    options.add_argument("--require", type=float, default=0.0, help="percent that each dialect must reach")
    options = options.parse_args()
    folder = pathlib.Path(options.variants)
    truth = json.loads((folder / "manifest.json").read_text())
    low = False
    print(f"{'dialect':24} {'messages':>8} {'expected':>8} {'whole':>6} {'comparable':>10} {'percent':>8}")
    for path in sorted(folder.glob("*.mbox")):
        done = subprocess.run([options.winnow, "inspect", str(path)], capture_output=True, timeout=120)
        if done.returncode:
            sys.exit(f"mbox_variants: {path.name}: exit {done.returncode}: {done.stderr.decode()[:300]}")
        data = path.read_bytes()
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found = set()
        for line in lines:
            source = line["source"]
            found |= digests(data[source["offset"]:source["offset"] + source["length"]])
        lossy = path.stem in ("mboxo", "mboxcl", "takeout-crlf-mboxo")
        wanted = [t["sha256"] for t in truth if not (lossy and t["gt_from_lines"])]
        whole = sum(digest in found for digest in wanted)
        share = 100 * whole / len(wanted)
        low |= share < options.require
        print(f"{path.stem:24} {len(lines):8} {len(truth):8} {whole:6} {len(wanted):10} {share:8.2f}")
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
