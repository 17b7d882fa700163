"""The invariants that hold for every run, whatever it was given. Each check returns what is wrong, as text."""
import csv
import json
import os
import re

DOCUMENTED = {0, 1, 2, 64, 65, 70, 73, 74, 75, 78}
SYSTEM = ("/lib/", "/lib64/", "/usr/", "/proc/", "/sys/", "/dev/", "/etc/ld.so", "/etc/ssl/", "/etc/localtime",
          "/etc/timezone", "/etc/gai.conf", "/etc/nsswitch.conf", "/opt/swift/", "/run/systemd/")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def terminal(text):
    """G10: what a terminal would act on is escaped."""
    shown = text.decode("utf-8", "replace")
    hit = CONTROL_CHARACTER.search(shown)
    if hit:
        around = shown[max(0, hit.start() - 20):hit.start() + 20]
        return [f"G10 control character {hit.group()!r} in {around!r}"]
    return ["G10 terminal text is not UTF-8"] if "\ufffd" in shown and b"\xef\xbf\xbd" not in text else []


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("duplicate key")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def strict_json(text):
    value = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate fails here
    return value


def read_json(path):
    return strict_json(path.read_bytes().decode("utf-8"))


def read_lines(path):
    data = path.read_bytes().decode("utf-8")
    if data and not data.endswith("\n"):
        raise ValueError("the last line does not end")
    return [strict_json(line) for line in data.split("\n")[:-1]]


def output_files(folder):
    """G8: JSON is strict UTF-8 JSON, CSV is RFC 4180 with one number of columns."""
    wrong = []
    csv.field_size_limit(1 << 28)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        relative = path.relative_to(folder)
        if relative.parts[0] in ("attachments", "quarantine"):
            continue
        try:
            if path.suffix == ".jsonl":
                read_lines(path)
            elif path.suffix == ".json":
                read_json(path)
            elif path.suffix == ".csv" and relative.parts[0] != "crm":
                wrong += csv_file(path, relative)
        except (ValueError, UnicodeError, RecursionError) as error:
            wrong.append(f"G8 {relative}: {error}")
    return wrong


def csv_file(path, relative):
    text = path.read_bytes().decode("utf-8")
    if not text:
        return [f"G8 {relative}: no header row"]
    wrong = []
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        wrong.append(f"G8 {relative}: control character")
    # Outside quotes every line must end in CRLF.
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    if re.search(r"(?<!\r)\n|\r(?!\n)", bare):
        wrong.append(f"G8 {relative}: a row does not end in CRLF")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        wrong.append(f"G8 {relative}: rows of {sorted(widths)} columns")
    return wrong


def counts(run, decisions):
    """G7: what went in is the sum of what came out, and every item has its decision."""
    wrong = []
    for group in ("items", "mail", "events"):
        part = run.get(group)
        if part is None:
            continue
        total = part["kept"] + part["dropped"] + part["quarantined"]
        if part["in"] != total:
            wrong.append(f"G7 {group}: in {part['in']}, out {total}")
    decided = sum(run["reasons"].values())
    if run["items"]["in"] != len(decisions) or decided != len(decisions):
        wrong.append(f"G7 items {run['items']['in']}, decisions {len(decisions)}, reasons {decided}")
    for outcome in ("kept", "dropped", "quarantined"):
        number = sum(d["outcome"] == outcome for d in decisions)
        if number != run["items"][outcome]:
            wrong.append(f"G7 {outcome}: run.json {run['items'][outcome]}, decisions {number}")
    return wrong


WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
CHANGING = ("mkdir", "rename", "unlink", "rmdir", "symlink", "link(", "linkat", "chmod", "chown", "truncate", "mknod",
            "utime")


def system_calls(trace, folder, binary):
    """G4 and G5 from an strace log: nothing written outside the case's folder, no file of others read, no socket."""
    wrong = set()
    folder = str(folder)
    for line in trace.splitlines():
        line = re.sub(r"^(\[pid +\d+\]|\d+) +", "", line)
        if line.startswith(("socket(", "connect(", "sendto(", "bind(")):
            if "AF_UNIX" in line and line.startswith("socket("):
                continue
            wrong.add(f"G5 {line[:100]}")
            continue
        call = line.split("(")[0]
        paths = [p for p in re.findall(r'"((?:[^"\\]|\\.)*)"', line) if p.startswith("/")]
        if call.startswith("exec") or not paths or " = -1 ENOENT" in line:
            continue
        changes = any(call.startswith(c.rstrip("(")) for c in CHANGING) or \
            (call.startswith(("open", "creat")) and WRITING.search(line))
        for path in paths:
            path = os.path.normpath(path)
            if path == folder or path.startswith(folder + "/") or path in ("/dev/null", "/dev/tty") \
                    or path.startswith("/proc/self/fd/"):  # a file of its own, given its name once it is whole
                continue
            if changes:
                wrong.add(f"G4 changed {line[:160]}")
            elif call.startswith("open") and not (path + "/").startswith(SYSTEM) \
                    and not path.startswith(SYSTEM) and not path.startswith(os.path.dirname(binary)) \
                    and not folder.startswith(path) and path != "/":
                wrong.add(f"G4 read {line[:160]}")
    return sorted(wrong)
