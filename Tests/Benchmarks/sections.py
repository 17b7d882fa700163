"""The sections of the benchmark. Each takes a Bench, prints its table, and returns what it measured and its goals."""
import binascii
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys

import measure
import special_mailboxes as special

MIB_LIMIT, BYTES_A_MAIL = 256, 64
# MB/s of stalwart's mail-parser for plain mail of 3 kB, measured on another day: where it cannot be had.
STALWART = 319


def goal(text, wanted, measured, met):
    return {"goal": text, "wanted": wanted, "measured": measured, "met": bool(met)}


def at_least(text, ratio, bound):
    return goal(text, f"≥ {bound}", f"{ratio:.2f}", ratio >= bound)


def speed(bench):
    """The whole import against GMime, libxml2 and Python on a file system in memory."""
    return _speed(bench, bench.folder, "memory")


def disk(bench):
    """The same with mailbox and output on the disk, everything synced before each run; time in sync apart."""
    return _speed(bench, bench.disk, "disk")


def _speed(bench, folder, medium):
    rows, goals = [], []
    winnow = bench.winnow_in(folder)
    bench.head(["mailbox", "program", "median s", "MB/s", "mails/s", "cpu s", "peak MiB", "ratio"])
    for kind in bench.kinds:
        mailbox = bench.mailbox(kind)
        config = bench.folder / f"{kind}.json"
        if medium == "disk":
            for name in (mailbox.name, config.name, "users.csv", "leads.csv"):
                shutil.copy(bench.folder / name, folder)
            mailbox, config = folder / mailbox.name, folder / config.name
        size = mailbox.stat().st_size
        programs = {"winnow import": [winnow.command(config)]}
        if kind == "plain" and medium == "memory":
            programs["winnow --jobs 1"] = [winnow.command(config, jobs=1)]
        if bench.gmime:
            programs["gmime bare"] = [[bench.gmime, "--bench", mailbox]]
            programs["gmime decode"] = [[bench.gmime, "--bench-decode", mailbox]]
        if bench.stalwart and medium == "memory":
            programs["stalwart parse"] = [[bench.stalwart, mailbox]]
        if kind == "html" and bench.html_tree and medium == "memory":
            programs["libxml2 tree"] = [[bench.html_tree, _html_documents(mailbox)]]
        runs = bench.runner.turns(
            programs, bench.turns, before=lambda _: (winnow.clear(), os.sync(), measure.touch(bench.folder, size)))
        own = runs["winnow import"]
        mails = bench.kept(config, winnow)
        for name, run in runs.items():
            bytes_read = _html_documents(mailbox).stat().st_size if name == "libxml2 tree" else size
            rows.append({"mailbox": kind, "program": name, "seconds": run.wall, "MB/s": bytes_read / 1e6 / run.wall,
                         "mails/s": mails / run.wall, "cpu": run.processor, "peakMiB": run.peak,
                         "ratio": run.wall / own.wall})
            bench.row([kind, name, f"{run.wall:.3f}", f"{rows[-1]['MB/s']:.1f}", f"{mails / run.wall:.0f}",
                       f"{run.processor:.2f}", f"{run.peak:.0f}", f"{run.wall / own.wall:.2f}"])
        if medium == "memory":
            goals += _speed_goals(kind, size, runs)
            rows += _python_rows(bench, kind, mailbox, size / own.wall)
        else:
            seconds = _sync_seconds(winnow, config, folder)
            rows.append({"mailbox": kind, "program": "winnow, sync alone", "seconds": seconds})
            bench.row([kind, "  of it in sync", "not known" if seconds is None else f"{seconds:.3f}"])
        if medium == "disk":
            mailbox.unlink()
            winnow.clear()
    return rows, goals


def _speed_goals(kind, size, runs):
    own, bare, stalwart, tree = (runs.get(name) for name in (
        "winnow import", "gmime bare", "stalwart parse", "libxml2 tree"))
    goals = []
    if bare and kind == "base64":
        goals.append(at_least("base64-heavy, times GMime's bare parse (aim 4)", bare.wall / own.wall, 3))
    if kind == "plain":
        if bare:
            goals.append(at_least("plain text of 3 kB, times GMime's bare parse (aim 8)", bare.wall / own.wall, 6))
        if stalwart:
            goals.append(at_least("plain text of 3 kB, times stalwart's bare parse", stalwart.wall / own.wall, 2))
        else:
            goals.append(at_least(f"plain text of 3 kB, times {STALWART} MB/s, stalwart's on another day",
                                  size / 1e6 / own.wall / STALWART, 2))
    if tree:
        goals.append(at_least("HTML-only mail, times libxml2's parse to a tree on one core", tree.wall / own.wall, 2))
    return goals


def _html_documents(mailbox):
    """The bodies of html.mbox, decoded, in the form that html_tree reads (html_documents.py does it for any mbox)."""
    path = mailbox.with_suffix(".documents")
    if not path.exists():
        data = mailbox.read_bytes()
        starts = [m.end() for m in re.finditer(rb"quoted-printable\n\n", data)]
        ends = [m.end() for m in re.finditer(rb"</html>\n", data)]
        with open(path, "wb", buffering=1 << 20) as file:
            for start, end in zip(starts, ends):
                file.write(binascii.a2b_qp(data[start:end]) + b"\0")
    return path


def _python_rows(bench, kind, mailbox, own):
    """Python's libraries once, over the first 20 MB: they are slow, and linear."""
    cut = bench.folder / "python.mbox"
    _beginning(mailbox, cut, 20_000_000)
    rows = []
    for name, label in (("email", "python email"), ("fast", "fast_mail_parser")):
        row = {"mailbox": kind, "program": label}
        python = bench.python if name == "fast" else sys.executable
        if python:
            run = bench.runner.once([python, bench.here / "python_peer.py", name, cut])
            seconds = json.loads(run.output)["seconds"]
            per_second = cut.stat().st_size / seconds
            row |= {"MB/s": per_second / 1e6, "cutMB": cut.stat().st_size / 1e6, "ratio": own / per_second}
            bench.row([kind, label, "(20 MB)", f"{per_second / 1e6:.1f}",
                       f"{json.loads(run.output)['messages'] / seconds:.0f}", "", "", f"{own / per_second:.2f}"])
        else:
            row["missing"] = "not installed"
            bench.row([kind, label, "not installed"])
        rows.append(row)
    return rows


def _sync_seconds(winnow, config, folder):
    """Seconds in fsync, fdatasync and syncfs of one run, as strace sees them; None without strace."""
    if not shutil.which("strace"):
        return None
    winnow.clear()
    os.sync()
    trace = folder / "strace"
    subprocess.run(["strace", "-f", "--seccomp-bpf", "-T", "-o", trace, "-e", "trace=fsync,fdatasync,syncfs,sync",
                    *map(str, winnow.command(config))], check=True, stdout=subprocess.DEVNULL)
    return sum(float(s) for s in re.findall(r"<([\d.]+)>$", trace.read_text(), re.M))


def attachments(bench):
    """Attachments written to files and hashed, against openssl on the same bytes."""
    mailbox = bench.mailbox("base64")
    config = special.config(bench.folder, "attachments", mailbox.name, email=special.WITH_ATTACHMENTS)
    text, data = bench.folder / "openssl.b64", bench.folder / "openssl.bin"
    with open(text, "wb") as file:
        for part in re.findall(rb"Content-Transfer-Encoding: base64\n\n(.*?)\n--", mailbox.read_bytes(), re.S):
            file.write(part + b"\n")
    winnow = bench.winnow_in(bench.folder)
    programs = {"winnow import": [winnow.command(config)],
                "openssl": [["openssl", "base64", "-d", "-in", text, "-out", data],
                            ["openssl", "dgst", "-sha256", data]]}
    runs = bench.runner.turns(programs, bench.turns, before=winnow.clear)
    bench.runner.once(winnow.command(config))
    stored = sum(f.stat().st_size for f in (winnow.out / "attachments").rglob("*") if f.is_file())
    if stored != data.stat().st_size:
        sys.exit(f"bench: {stored} bytes of attachments stored, openssl decoded {data.stat().st_size}")
    bench.head(["program", "median s", "MB/s of base64", "cpu s", "peak MiB", "ratio"])
    rows = []
    for name, run in runs.items():
        ratio = run.wall / runs["winnow import"].wall
        rows.append({"program": name, "seconds": run.wall, "MB/s": text.stat().st_size / 1e6 / run.wall,
                     "cpu": run.processor, "peakMiB": run.peak, "ratio": ratio})
        bench.row([name, f"{run.wall:.3f}", f"{rows[-1]['MB/s']:.1f}", f"{run.processor:.2f}", f"{run.peak:.0f}",
                   f"{ratio:.2f}"])
    text.unlink()
    data.unlink()
    winnow.clear()
    return rows, [at_least("attachments extracted, times openssl base64 -d and dgst -sha256",
                           runs["openssl"].wall / runs["winnow import"].wall, 1.5)]


def linear(bench):
    """User and system time at n, 4 n (and 16 n with --long), that of a mailbox with one mail taken off."""
    rows, goals = [], []
    winnow = bench.winnow_in(bench.folder)
    bench.head(["mailbox", "MB", "cpu s", "of it system", "times the first", "bytes, times"])
    for kind in bench.kinds:
        source, target = bench.mailbox(kind), bench.folder / "linear.mbox"
        size = source.stat().st_size
        one = bench.folder / "one.mbox"
        _one_mail(source, one)
        command = winnow.command(special.config(bench.folder, "linear", target.name))
        factors = (16, 4, 1) if bench.long else (4, 1)
        # The same bytes in many runs and in one: a phase of the machine weighs as much in each.
        programs = {factor: [command] * (factors[0] // factor) for factor in factors}
        programs["empty"] = [winnow.command(special.config(bench.folder, "one", one.name))]

        def before(name):
            winnow.clear()
            if name != "empty":
                _resize(target, source, name)
                measure.touch(bench.folder, name * size)

        runs = bench.runner.turns(programs, bench.turns, before=before)
        target.unlink()
        empty = runs["empty"].processor
        seconds = {factor: [run.processor / len(programs[factor]) - empty for run in runs[factor].turns]
                   for factor in factors}
        for factor in reversed(factors):
            # Turn by turn: its runs saw the same phase of the machine.
            growth = statistics.median(long / short for long, short in zip(seconds[factor], seconds[1]))
            median, system = statistics.median(seconds[factor]), runs[factor].system / len(programs[factor])
            rows.append({"mailbox": kind, "MB": factor * size / 1e6, "cpu": median, "system": system,
                         "growth": growth, "bytes": factor})
            bench.row([kind, f"{factor * size / 1e6:.0f}", f"{median:.2f}", f"{system:.2f}", f"{growth:.2f}",
                       f"{factor}"])
            if factor > 1:
                goals.append(goal(f"{kind}: {factor} times the bytes, processor time", f"{factor} ± 15 %",
                                  f"{growth:.2f}", abs(growth / factor - 1) <= 0.15))
    winnow.clear()
    return rows, goals


def _one_mail(source, target):
    """The first mail of a mailbox as a mailbox."""
    with open(source, "rb") as file:
        data = file.read(1 << 20)
    target.write_bytes(data[:data.index(b"\nFrom ", 1) + 1])


def _beginning(source, target, size):
    """The whole mails among the first `size` bytes of a mailbox."""
    with open(source, "rb") as file:
        data = file.read(size)
    target.write_bytes(data[:data.rfind(b"\nFrom ") + 1] or data)


def _resize(target, source, factor):
    """Makes `target` so many copies of `source`.

    The short mailbox is the beginning of the long one, the same pages of memory: a file that was written into pages
    that lie scattered takes the kernel up to twice the time to read.
    """
    size = factor * source.stat().st_size
    if not target.exists() or target.stat().st_size < size:
        special.repeat(source, target, size)
    elif target.stat().st_size > size:
        os.truncate(target, size)


def memory(bench):
    """Peak resident memory of inputs that are large in one way or another."""
    rows, goals = [], []
    winnow = bench.winnow_in(bench.folder if not bench.long else bench.disk)
    bench.head(["input", "MB", "mails", "peak MiB", "limit MiB", "seconds"])
    place = bench.disk if bench.long else bench.folder

    def case(name, make, **changes):
        target = place / "memory.mbox"
        make(target)
        for list_name in ("users.csv", "leads.csv"):
            shutil.copy(bench.folder / list_name, place / list_name) if place != bench.folder else None
        (place / "people.csv").write_text("id,email\n" + "".join(f"P{n},p{n}@volt.example\n" for n in range(1)))
        config = special.config(place, "memory", target, **changes)
        winnow.clear()
        run = bench.runner.once(winnow.command(config))
        mails = json.loads((winnow.out / "run.json").read_text())["mail"]["in"]
        limit = MIB_LIMIT + mails * BYTES_A_MAIL / 2**20
        size = target.stat().st_size / 1e6
        rows.append({"input": name, "MB": size, "mails": mails, "peakMiB": run.peak, "limitMiB": limit,
                     "seconds": run.wall})
        bench.row([name, f"{size:.0f}", str(mails), f"{run.peak:.0f}", f"{limit:.0f}", f"{run.wall:.1f}"])
        goals.append(goal(f"peak memory, {name}", f"≤ {limit:.0f} MiB", f"{run.peak:.0f} MiB", run.peak <= limit))
        target.unlink()
        winnow.clear()

    people = {"leads": {"files": ["people.csv"], "id": "id", "searchBy": ["email"]}}
    plain = bench.mailbox("plain")
    many = 5_000_000 if bench.long else 1_000_000
    case(f"{many:,} mails of 0.2 kB, all kept", lambda t: special.small(t, many), **people)
    case("200,000 mails, each makes a lead", lambda t: special.small(t, 200_000, 200_000), email=special.CAPTURING)
    case("one message of 500 MB, attached", lambda t: special.giant(t, 500_000_000, True),
         email=special.WITH_ATTACHMENTS, **people)
    case("one message of 500 MB, text", lambda t: special.giant(t, 500_000_000, False), **people)
    case("12 messages of 60 MB, attached", lambda t: _concatenated(t, 12, 60_000_000),
         email=special.WITH_ATTACHMENTS, **people)
    if bench.long:
        case("10 GB of plain mail", lambda t: special.repeat(plain, t, 10_000_000_000))
    return rows, goals


def _concatenated(target, count, size):
    special.giant(target, size, True)
    message = target.read_bytes()
    with open(target, "wb") as file:
        for n in range(count):
            file.write(message.replace(b"<giant@", b"<giant-%d@" % n, 1))


def jobs(bench):
    """The files of one worker and of several, byte by byte."""
    rows, goals = [], []
    winnow = bench.winnow_in(bench.folder)
    bench.head(["mailbox", "workers", "files", "the same as one's"])
    for kind in bench.kinds + ["attachments"]:
        mailbox = bench.mailbox("base64" if kind == "attachments" else kind)
        config = special.config(bench.folder, "jobs", mailbox.name,
                                email=special.WITH_ATTACHMENTS if kind == "attachments" else special.CAPTURING)
        wanted = None
        for workers in sorted({1, 2, 4, os.cpu_count() or 1}):
            winnow.clear()
            bench.runner.once(winnow.command(config, workers))
            seen = _tree(winnow.out)
            wanted = wanted or seen
            rows.append({"mailbox": kind, "jobs": workers, "files": len(seen), "same": seen == wanted})
            bench.row([kind, str(workers), str(len(seen)), "yes" if seen == wanted else "NO"])
    winnow.clear()
    goals.append(goal("--jobs 1 and --jobs N give the same bytes", "yes", "yes" if all(r["same"] for r in rows) else "no",
                      all(r["same"] for r in rows)))
    return rows, goals


def _tree(folder):
    """SHA-256 of every file below a folder; of run.json all but `timing`."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name == "run.json":
            report = json.loads(path.read_text())
            report.pop("timing", None)
            data = json.dumps(report).encode()
            found[path.name] = hashlib.sha256(data).hexdigest()
        else:
            with open(path, "rb") as file:
                found[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest() \
                    if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()
    return found


def instructions(bench):
    """Processor instructions of small imports under callgrind: a byte, and at four times the bytes."""
    file = bench.folder / "instructions.json"
    run = subprocess.run([bench.here / "instructions", "--winnow", bench.options.winnow, "--json", file],
                         capture_output=True, text=True)
    bench.head(["mailbox", "MB", "million", "a byte", "ceiling", "times", "hashing, a byte"])
    if not file.exists():
        bench.row([run.stderr.strip().splitlines()[-1] if run.stderr.strip() else f"exit {run.returncode}"])
        return [], []
    found = json.loads(file.read_text())
    for row in found["rows"]:
        bench.row([row["mailbox"], f"{row['bytes'] / 1e6:.1f}", f"{row['instructions'] / 1e6:.1f}",
                   f"{row['aByte']:.3f}", f"{row['ceiling']}", f"{row['growth']:.3f}", f"{row['hashing']:.3f}"])
    bench.row(["one mail", "", f"{found['oneMail']}"])
    worst = max(found["rows"], key=lambda row: abs(row["growth"] - 4))["growth"]
    return (found["rows"],
            [goal("4 times the bytes, instructions", f"4 ± {found['linear']:.0%}", f"{worst:.3f}",
                  abs(worst / 4 - 1) <= found["linear"]),
             goal("instructions a byte within Tests/Benchmarks/ceilings.json", "yes",
                  found["faults"][0] if found["faults"] else "yes", not found["faults"])])


def leads(bench):
    """What a lookup among a million leads costs a mail: processor time, loading the list taken off."""
    winnow = bench.winnow_in(bench.folder)
    mailbox = bench.mailbox("plain")
    _one_mail(mailbox, bench.folder / "one.mbox")
    special.leads(bench.folder / "million.csv", bench.folder / "leads.csv", 1_000_000)
    listed = {"leads": {"files": ["million.csv"], "id": "id", "searchBy": ["email"]}}
    programs = {
        "few": [winnow.command(bench.folder / "plain.json")],
        "few, one mail": [winnow.command(special.config(bench.folder, "few-one", "one.mbox"))],
        "million": [winnow.command(special.config(bench.folder, "million", mailbox.name, **listed))],
        "million, one mail": [winnow.command(special.config(bench.folder, "million-one", "one.mbox", **listed))],
    }
    size = mailbox.stat().st_size
    # Loading takes longer than reading the mail, and both differ from run to run by more than is looked for: many
    # short turns, each judged by itself.
    runs = bench.runner.turns(
        programs, 6 * bench.turns, before=lambda _: (winnow.clear(), measure.touch(bench.folder, size)))
    mails = bench.kept(bench.folder / "plain.json", winnow)
    bench.head(["leads", "cpu s", "load, cpu s", "µs a mail", "peak MiB"])
    rows = []
    for name in ("few", "million"):
        full, one = runs[name], runs[f"{name}, one mail"]
        rows.append({"leads": name, "cpu": full.processor, "load": one.processor,
                     "microseconds": (full.processor - one.processor) / mails * 1e6, "peakMiB": full.peak})
        bench.row([name, f"{full.processor:.2f}", f"{one.processor:.2f}", f"{rows[-1]['microseconds']:.2f}",
                   f"{full.peak:.0f}"])
    more = [(million.processor - load.processor - few.processor + start.processor) / mails * 1e6
            for few, start, million, load in zip(*(runs[name].turns for name in programs))]
    median = statistics.median(more)
    # The standard error of a median, from the median deviation as the runs have outliers.
    error = 1.86 * statistics.median(abs(x - median) for x in more) / len(more) ** 0.5
    rows.append({"more": median, "error": error})
    goals = [goal("1,000,000 leads, processor time a mail", "nothing measurable (< 5 %)",
                  f"{median:+.2f} ± {error:.2f} µs", median < 0.05 * rows[0]["microseconds"])]
    _beginning(mailbox, bench.folder / "part.mbox", 20_000_000)
    part = special.config(bench.folder, "few-part", "part.mbox")
    counted = _counted(bench, [
        part, bench.folder / "few-one.json", special.config(bench.folder, "million-part", "part.mbox", **listed),
        bench.folder / "million-one.json"])
    (bench.folder / "million.csv").unlink()
    if counted:
        mails = bench.kept(part, winnow) - 1
        few, million = ([(a - b) / mails for a, b in zip(*pair)] for pair in (counted[:2], counted[2:]))
        for name, values in (("few", few), ("million", million)):
            bench.row([name, "cachegrind, a mail:", f"{values[0]:.0f} instructions",
                       f"{values[1]:.1f} misses of 32 KiB", f"{values[2]:.1f} of 512 KiB"])
        rows.append({"cachegrind": {"few": few, "million": million}})
        goals.append(goal("1,000,000 leads, instructions a mail", "nothing measurable (< 5 %)",
                          f"{million[0] - few[0]:+.0f} of {few[0]:.0f}", million[0] < 1.05 * few[0]))
    return rows, goals


def _counted(bench, configs):
    """Of one import each with one worker, under cachegrind: instructions, data misses of a cache of 32 KiB, of 512 KiB.

    None where valgrind is missing.
    """
    if not shutil.which("valgrind") or not shutil.which("strip"):
        return None
    # Valgrind does not read the debug information of Swift's compiler.
    stripped = bench.folder / "winnow-stripped"
    subprocess.run(["strip", "-g", "-o", stripped, bench.options.winnow], check=True)

    def count(config):
        winnow = measure.Winnow(stripped, bench.folder / f"{config.stem}.out")
        run = subprocess.run(
            ["valgrind", "--tool=cachegrind", "--cache-sim=yes", "--cachegrind-out-file=/dev/null",
             "--I1=32768,8,64", "--D1=32768,8,64", "--LL=524288,8,64", *winnow.command(config, jobs=1)],
            capture_output=True, text=True, check=True, env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"))
        winnow.clear()
        return [int(re.search(rf"{name}:\s+([\d,]+)", run.stderr).group(1).replace(",", ""))
                for name in (r"I\s+refs", r"D1\s+misses", r"LLd misses")]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(count, configs))


def startup(bench):
    """One small EML, from start to exit."""
    winnow = bench.winnow_in(bench.folder)
    mail = bench.folder / "one.eml"
    _one_mail(bench.mailbox("plain"), mail)
    mail.write_bytes(mail.read_bytes().split(b"\n", 1)[1])
    config = special.config(bench.folder, "startup", mail.name)
    run = bench.runner.turns({"one": [winnow.command(config)]}, 4 * bench.turns, before=winnow.clear)["one"]
    bench.head(["input", "median ms", "cpu ms", "peak MiB"])
    bench.row(["one EML", f"{run.wall * 1e3:.1f}", f"{run.processor * 1e3:.1f}", f"{run.peak:.0f}"])
    return ([{"input": "one EML", "seconds": run.wall, "cpu": run.processor, "peakMiB": run.peak}],
            [goal("start to exit, one small EML", "< 30 ms", f"{run.wall * 1e3:.1f} ms", run.wall < 0.03)])
