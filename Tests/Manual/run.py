#!/usr/bin/env python3
"""Runs the commands of the manual against the samples and compares what they print with what the manual shows.

  run.py --winnow BINARY [PAGE…]

Every block marked `console` in README.md and Sources/*/*.docc/*.md runs in a copy of samples/ of its own, in one bash.
`$ ` begins a command, `> ` continues it. The other lines are its output, both streams together; `…` stands for anything,
alone on a line for any number of lines. `# ends with N` behind the output says that the command ends with status N.
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 120


class Command:
    def __init__(self, line, text):
        self.line, self.text, self.expected, self.status = line, text, [], 0


def blocks(page):
    """The console blocks of a page, each a list of commands."""
    fence, block = None, None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        mark = re.match(r"(`{3,}|~{3,})\s*(\S*)", line)
        if fence is None:
            if mark:
                fence, block = mark[1], [] if mark[2] == "console" else None
        elif mark and mark[1].startswith(fence) and not mark[2]:
            if block is not None:
                yield block
            fence, block = None, None
        elif block is None:
            continue
        elif line.startswith("$ "):
            block.append(Command(number, line[2:]))
        elif not block:
            sys.exit(f"{page}:{number}: a console block begins with a command")
        elif line.startswith("> ") and not block[-1].expected:
            block[-1].text += "\n" + line[2:]
        elif match := re.fullmatch(r"# ends with (\d+)", line):
            block[-1].status = int(match[1])
        else:
            block[-1].expected.append(line)


def first_difference(expected, got):
    """None when the lines match, else the number of the first expected line that nothing matches."""
    patterns = [None if e == "…" else re.compile(".*".join(map(re.escape, e.split("…")))) for e in expected]
    reach = {0}  # how many lines of output the expected lines so far may have taken
    for number, pattern in enumerate(patterns):
        if pattern is None:
            reach = set(range(min(reach), len(got) + 1))
        else:
            reach = {n + 1 for n in reach if n < len(got) and pattern.fullmatch(got[n])}
        if not reach:
            return number
    return None if len(got) in reach else len(expected)


def trimmed(text):
    lines = [line.rstrip() for line in text]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def run(block, winnow, scratch):
    """Runs a block; yields each command with its status, None if it was not reached, and its output."""
    shutil.copytree(ROOT / "samples", scratch / "samples")
    for folder in ("bin", "tmp", "told"):
        (scratch / folder).mkdir()
    (scratch / "bin/winnow").symlink_to(winnow)
    told = shlex.quote(str(scratch / "told"))
    script = "".join(f"{{\n{c.text}\n}} >{told}/{n} 2>&1 </dev/null\necho $? >{told}/{n}.status\n"
                     for n, c in enumerate(block))
    (scratch / "script").write_text(script, encoding="utf-8")
    inside = scratch if block[0].text.split("&&")[0].strip() == "cd samples" else scratch / "samples"
    environment = {"PATH": f"{scratch}/bin:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "HOME": str(scratch / "tmp"), "TMPDIR": str(scratch / "tmp")}
    shell = subprocess.Popen(["bash", str(scratch / "script")], cwd=inside, env=environment, start_new_session=True)
    try:
        shell.wait(SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
    for number, command in enumerate(block):
        output, status = scratch / "told" / str(number), scratch / "told" / f"{number}.status"
        text = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
        yield command, int(status.read_text()) if status.exists() else None, trimmed(text.splitlines())


def fault(command, status, got):
    """What is wrong with a command, or None."""
    if status is None:
        return f"did not end within {SECONDS} s, or a command before it ended the shell"
    expected = trimmed(command.expected)
    at = first_difference(expected, got)
    if at is not None:
        wanted = f"the line {expected[at]!r}" if at < len(expected) else "no more lines"
        return f"wanted {wanted}; printed:\n" + "\n".join("    " + line for line in got[:60])
    return f"ended with {status}, not {command.status}" if status != command.status else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--winnow", required=True)
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    winnow = pathlib.Path(options.winnow).resolve()
    commands = faults = 0
    for page in options.pages or [ROOT / "README.md", *sorted(ROOT.glob("Sources/*/*.docc/*.md"))]:
        page = page.resolve()
        for block in blocks(page):
            with tempfile.TemporaryDirectory(prefix="winnow-manual.") as scratch:
                for command, status, got in run(block, winnow, pathlib.Path(scratch)):
                    commands += 1
                    if wrong := fault(command, status, got):
                        faults += 1
                        print(f"{page.relative_to(ROOT)}:{command.line}: {command.text.splitlines()[0]}: {wrong}")
    print(f"{commands} commands, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
