#!/usr/bin/env python3
"""Compares where `winnow inspect` finds messages in MimeKit's mboxes with the offsets MimeKit's reader recorded.

  mimekit_offsets.py --winnow BINARY [--corpus DIR]

Each mbox is read with LF (`X.unix-offsets.json`) and with CRLF (`X.dos-offsets.json`). Counted are messages whose
beginning equals MimeKit's `beginOffset`, and those whose end equals its `endOffset` too or lies one line end behind
it: where no blank line stands before the next `From `, MimeKit gives the line end of the last line to the mbox,
winnow to the message (RFC 4155: a message consists of whole lines). The mboxes without recorded
offsets must give the number of messages that MimeKit's tests expect. Of `jwz` only the offsets are in the corpus.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

COUNTS = {"simple": 3, "unmunged": 2}


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    options = argparse.ArgumentParser()
    options.add_argument("--winnow", required=True)
    options.add_argument("--corpus", default=str(here / "../shared/corpus/mail/MimeKit/UnitTests/TestData/mbox"))
    options = options.parse_args()
    corpus = pathlib.Path(options.corpus)
    if not corpus.is_dir():
        print(f"skipped: no corpus at {corpus}")
        return
    wrong = False
    print(f"{'mbox':22} {'expected':>8} {'found':>6} {'begin':>6} {'end':>6} {'line end more':>13}")
    for path in sorted(corpus.glob("*.mbox.txt")):
        name = path.name.removesuffix(".mbox.txt")
        for form, end in (("unix", b"\n"), ("dos", b"\r\n")):
            data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end)
            with tempfile.TemporaryDirectory() as folder:
                copy = pathlib.Path(folder) / f"{name}.mbox"
                copy.write_bytes(data)
                done = subprocess.run([options.winnow, "inspect", str(copy)], capture_output=True, timeout=120)
            if done.returncode:
                sys.exit(f"mimekit_offsets: {name}: exit {done.returncode}: {done.stderr.decode()[:300]}")
            found = [json.loads(line)["source"] for line in done.stdout.splitlines()]
            offsets = corpus / f"{name}.{form}-offsets.json"
            if not offsets.exists():
                wrong |= len(found) != COUNTS.get(name, len(found))
                print(f"{name + ' ' + form:22} {COUNTS.get(name, '-'):>8} {len(found):6} {'-':>6} {'-':>6}")
                continue
            truth = json.loads(offsets.read_text())
            begins = {f["offset"]: f["offset"] + f["length"] for f in found}
            begin = [t for t in truth if t["beginOffset"] in begins]
            ends = [t for t in begin if begins[t["beginOffset"]] == t["endOffset"]]
            more = [t for t in begin if begins[t["beginOffset"]] == t["endOffset"] + len(end)
                    and not data[:t["endOffset"]].endswith(end) and data.startswith(end + b"From ", t["endOffset"])]
            wrong |= not len(truth) == len(found) == len(begin) == len(ends) + len(more)
            print(f"{name + ' ' + form:22} {len(truth):8} {len(found):6} {len(begin):6} {len(ends):6} {len(more):13}")
            for t in truth:
                if t not in ends and t not in more:
                    print(f"  MimeKit {t['beginOffset']}..{t['endOffset']}, winnow ..{begins.get(t['beginOffset'])}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
