#!/usr/bin/env python3
"""Holds one build of winnow against another over many worlds (README.md).

  compare.py --baseline BINARY --winnow BINARY [--only REGEX] [--list] [--keep] [--jobs N] [--report FILE]
  compare.py --facts --winnow BINARY […]        map, sort and reduce against import, by one program
"""
import argparse
import collections
import concurrent.futures
import datetime
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import commands
import corpus
import difference
import facts
import hostile
import leaks
import nights
import stage

HERE = pathlib.Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"


def all_worlds():
    """(name, function of a stage) of every world that can be made here."""
    found = commands.worlds() + leaks.worlds() + nights.worlds(SHARED)
    if SHARED.is_dir():
        found += corpus.worlds(SHARED) + hostile.worlds(SHARED)
    names = collections.Counter(name for name, _ in found)
    assert max(names.values()) == 1, names.most_common(3)
    return found


class Outcome:
    def __init__(self, name, files, differences, statuses, seconds):
        self.name, self.files, self.differences = name, files, differences
        self.statuses, self.seconds = statuses, seconds


def play(options, mask, work, number, world):
    """One world by both programs, in a folder of the same name."""
    name, act = world
    began = time.monotonic()
    place = work / f"{number:04}"
    stages = []
    for winnow, side in ((options.baseline, "baseline"), (options.winnow, "present")):
        scene = stage.Stage(winnow, place / "world", SHARED)
        try:
            act(scene)
        except Exception as error:  # a world that cannot be played must not pass
            scene.write("said/broken", f"{side}: {error!r}\n")
            scene.laid_out.discard("said/broken")
        os.rename(place / "world", place / side)
        scene.root = place / side
        stages.append(scene)
    files, found = difference.compare(name, *stages, mask)
    if not options.keep:
        shutil.rmtree(place)
    return Outcome(name, files, found, stages[1].statuses, time.monotonic() - began)


def play_facts(options, work, number, world):
    """One world's imports, over facts, too."""
    name, act = world
    began = time.monotonic()
    place = work / f"{number:04}"
    scene = facts.FactsStage(options.winnow, place / "world", SHARED, number)
    try:
        act(scene)
    except Exception as error:  # a world that cannot be played must not pass
        scene.found.append(f"cannot be played: {error!r}")
    if not options.keep:
        shutil.rmtree(place)
    return name, scene.imports, scene.found, time.monotonic() - began


def compare_facts(options, worlds, work):
    """True when map, sort and reduce give what import gives."""
    failed, imports, lines = 0, 0, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        tasks = [pool.submit(play_facts, options, work, n, w) for n, w in enumerate(worlds)]
        for task in tasks:
            name, count, found, seconds = task.result()
            imports += count
            if options.verbose:
                print(f"{name}: {count} imports, {len(found)} differences, {seconds:.1f} s", flush=True)
            if found:
                failed += 1
                lines += [f"\n{name}:"] + found
                if failed <= 20:
                    print("\n".join([f"\n{name}:"] + found[:3]), flush=True)
    if options.report:
        path = pathlib.Path(options.report)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", errors="backslashreplace")
    print(f"\n{imports} imports in {len(worlds)} worlds against map, sort and reduce with "
          f"{', '.join(map(str, facts.CUTS))} cuts of each mbox")
    print(f"{len(worlds) - failed} passed, {failed} failed")
    return failed == 0


def report(options, outcomes, allowed):
    """Prints what was found. True when nothing differs that nobody asked for."""
    failed, shown, lines = 0, 0, []
    for outcome in outcomes:
        wrong = [d for d in outcome.differences if d.allowed is None]
        if not wrong:
            continue
        failed += 1
        lines.append(f"\n{outcome.name}: {len(wrong)} differences that nobody asked for"
                     + (f" (kept: {outcome.kept})" if options.keep else ""))
        lines += [d.text() for d in wrong]
        if shown < 40:
            print(lines[-len(wrong) - 1])
            for d in wrong[:5]:
                print(d.text())
            if len(wrong) > 5:
                print(f"  … {len(wrong) - 5} more in {options.report}")
            shown += 1
    if options.report:
        path = pathlib.Path(options.report)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", errors="backslashreplace")
    statuses = collections.Counter(str(s) for o in outcomes for s in o.statuses)
    print(f"\n{len(outcomes)} worlds, {sum(len(o.statuses) for o in outcomes)} commands "
          f"(status {', '.join(f'{k}: {v}' for k, v in sorted(statuses.items()))}), "
          f"{sum(o.files for o in outcomes)} files compared")
    slowest = max(outcomes, key=lambda o: o.seconds, default=None)
    if slowest:
        print(f"slowest world: {slowest.name}, {slowest.seconds:.0f} s")
    by_sentence = collections.defaultdict(lambda: [0, set()])
    for entry in allowed:
        by_sentence[entry.sentence][0] += entry.hunks
        by_sentence[entry.sentence][1] |= entry.files
    for sentence, (hunks, files) in by_sentence.items():
        print(f"allowed: {hunks} differences in {len(files)} files: {sentence}")
    if not options.only:
        for entry in allowed:
            if not entry.hunks:
                print(f"stale: nothing differs like this: where {entry.where.pattern}: {entry.sentence}")
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return failed == 0


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--baseline", help="the program whose behaviour is right")
    options.add_argument("--winnow", help="the program in question")
    options.add_argument("--facts", action="store_true", help="map, sort and reduce against import")
    options.add_argument("--only", default="", help="worlds whose name matches this regular expression")
    options.add_argument("--list", action="store_true", help="names the worlds and runs none")
    options.add_argument("--keep", action="store_true", help="leaves the folders of the worlds")
    options.add_argument("--verbose", action="store_true", help="a line for each world")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worlds at a time")
    options.add_argument("--allowed", default=str(HERE / "allowed.json"))
    options.add_argument("--report", default="", help="a file for all differences that nobody asked for")
    options = options.parse_args()
    worlds = [w for w in all_worlds() if re.search(options.only, w[0])]
    if options.list:
        print("\n".join(name for name, _ in worlds))
        return
    if not worlds:
        sys.exit(f"no world matches {options.only}")
    if not SHARED.is_dir():
        print("skipped: the corpus and the hostile files (no ../shared)")
    if options.facts:
        # Nights follow from each other by the ledger, which facts know nothing of.
        worlds = [w for w in worlds if not w[0].startswith("nights/")]
        options.winnow = os.path.abspath(options.winnow)
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        work = pathlib.Path(tempfile.mkdtemp(prefix="winnow-facts-", dir=parent))
        try:
            sys.exit(0 if compare_facts(options, worlds, work) else 1)
        finally:
            if not options.keep:
                shutil.rmtree(work, ignore_errors=True)
    options.baseline, options.winnow = os.path.abspath(options.baseline), os.path.abspath(options.winnow)
    allowed = difference.Allowed.read(options.allowed)
    mask = difference.Mask(datetime.datetime.now(datetime.timezone.utc))
    # /dev/shm keeps the disk out of it.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    work = pathlib.Path(tempfile.mkdtemp(prefix="winnow-compare-", dir=parent))
    outcomes = []
    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            tasks = [pool.submit(play, options, mask, work, n, w) for n, w in enumerate(worlds)]
            for number, task in enumerate(tasks):
                outcome = task.result()
                outcome.kept = work / f"{number:04}"
                difference.judge(outcome.differences, allowed)
                outcomes.append(outcome)
                if options.verbose:
                    print(f"{outcome.name}: {outcome.files} files, {len(outcome.differences)} differences, "
                          f"status {outcome.statuses}, {outcome.seconds:.1f} s", flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if report(options, outcomes, allowed) else 1)


if __name__ == "__main__":
    main()
