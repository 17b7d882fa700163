#!/usr/bin/env python3
"""Compares `winnow inspect` with GMime and Python, field by field, on the messages where those two agree.

  compare.py --gmime G.jsonl --python P.jsonl [--winnow W.jsonl] [--manifest M.tsv]
             [--differences FILE] [--require PERCENT] [--json FILE]

Without --winnow it says only how far the two peers agree. A field counts for a message when both peers give
it and give the same; `winnow equal` of those is the figure. What is normalised before comparing:

  messageId    all white space and the angle brackets at the ends off (white space inside is obsolete syntax
               that means nothing, RFC 5322 section 4.5.4)
  date         seconds since 1970 in UTC
  subject      every run of white space and line ends one space, ends trimmed; C1 control characters are the
               windows-1252 ones they stand for, since the peers read Latin-1 in headers to the letter
  from, to, cc addresses in order, lower-cased, white space off; no display names
  names        display names of from, to, cc in order, white space as in subject, quotes at the ends off,
               an empty name or one that equals its address = none; counts where the addresses agree
  text         only where a text/plain body exists; CRLF and CR to LF, a byte order mark off, white space at the
               end of each line off, empty lines at the end off; of format=flowed mail all white space and
               all `>` off, since joining flowed lines is left to the reader
  attachments  multiset of SHA-256; unnamed text/html leaves marked inline (`soft`) count for nobody
  embedded     multiset of SHA-256 of message/rfc822 leaves
"""
import argparse
import collections
import datetime
import json
import os
import re
import sys

FIELDS = ("messageId", "date", "subject", "from", "to", "cc", "names", "text", "attachments", "embedded")
MESSAGE_TYPES = ("message/rfc822", "message/global", "message/news")
ABSENT = object()


def western(match):
    return match.group().encode("latin-1").decode("cp1252", "replace")


def spaces(text):
    text = re.sub("[\x80-\x9f]", western, text)
    return re.sub(r"\s+", " ", text).strip()


def plain(text, flowed):
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if flowed:
        return re.sub(r"[\s>]+", "", text)
    return re.sub(r"[ \t\f\v]+$", "", text, flags=re.M).rstrip("\n")


def addresses(people):
    return [re.sub(r"\s", "", p.get("email") or "").lower() for p in people]


def names(people):
    found = []
    for person in people:
        name = spaces(person.get("name") or "").strip("\"' ")
        found.append("" if name.lower() == (person.get("email") or "").lower() else name)
    return found


def epoch(value):
    if value is None or isinstance(value, int):
        return value
    try:
        return int(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())
    except ValueError:
        return value  # equal to no peer's date, so it shows up as a difference


def view(record, flowed):
    """The comparable form of one record; a field that it does not give is ABSENT."""
    out = {}
    identifier = record.get("messageId")
    out["messageId"] = re.sub(r"\s", "", identifier).strip("<>") if identifier else ABSENT
    date = epoch(record.get("date"))
    out["date"] = ABSENT if date is None else date
    subject = record.get("subject")
    out["subject"] = ABSENT if subject is None else spaces(subject)
    all_names = []
    for field in ("from", "to", "cc"):
        people = record.get(field)
        out[field] = ABSENT if people is None else addresses(people)
        all_names += names(people or [])
    out["names"] = all_names
    text = record.get("text")
    out["text"] = ABSENT if text is None else plain(text, flowed)
    if "soft" in record:  # a peer
        out["attachments"] = sorted(record["attachments"])
        out["embedded"] = sorted(record["embedded"])
        out["soft"] = set(record["soft"])
    else:
        found = record.get("attachments") or []
        out["embedded"] = sorted(a["sha256"] for a in found if a["mediaType"].lower() in MESSAGE_TYPES)
        out["attachments"] = sorted(a["sha256"] for a in found if a["mediaType"].lower() not in MESSAGE_TYPES)
        out["soft"] = set()
    return out


def load(path):
    records = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            source = record.get("path") or record.get("source", {}).get("path", "")
            records[os.path.basename(source)] = record
    return records


def agreed(gmime, python, field):
    """The value both peers give, or ABSENT. `names` counts only where the addresses agree."""
    if field == "names" and any(gmime[f] != python[f] for f in ("from", "to", "cc")):
        return ABSENT
    return gmime[field] if gmime[field] is not ABSENT and gmime[field] == python[field] else ABSENT


def shown(value):
    return "(none)" if value is ABSENT else json.dumps(value, ensure_ascii=False)[:2000]


def main():
    options = argparse.ArgumentParser()
    for name in ("gmime", "python"):
        options.add_argument("--" + name, required=True)
    for name in ("winnow", "manifest", "differences", "json", "explained"):
        options.add_argument("--" + name)
    options.add_argument("--require", type=float, default=0.0)
    options = options.parse_args()

    gmime, python = load(options.gmime), load(options.python)
    winnow = load(options.winnow) if options.winnow else None
    origin = {}
    if options.manifest:
        with open(options.manifest, encoding="utf-8", errors="replace") as file:
            origin = {n: f"{p}#{i}" for n, p, i in (line.rstrip("\n").split("\t") for line in file)}

    explained = {}
    if options.explained:
        with open(options.explained, encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
            explained = {(source, field): reason for source, field, reason in rows}

    count = collections.Counter()
    differences = []
    for name in sorted(gmime):
        if "error" in gmime[name] or "error" in python.get(name, {"error": ""}):
            count["peer error"] += 1
            continue
        flowed = gmime[name]["flowed"] or python[name]["flowed"]
        g, p = view(gmime[name], flowed), view(python[name], flowed)
        mine = None
        if winnow is not None:
            mine = winnow.get(name)
            if mine is None or mine.get("item") == "quarantined":
                count["missing" if mine is None else "quarantined"] += 1
                why = "no line" if mine is None else f"quarantined: {mine.get('error')}"
                differences.append(f"{name} {origin.get(name, '')}\n  {why}")
                continue
            mine = view(mine, flowed)
            soft = g["soft"] | p["soft"]
            mine["attachments"] = [a for a in mine["attachments"] if a not in soft]
        for field in FIELDS:
            both = g[field] is not ABSENT and p[field] is not ABSENT
            empty = field in ("attachments", "embedded", "names") and not (g[field] or p[field])
            value = agreed(g, p, field)
            # Two empty lists agree; they say nothing unless winnow finds something there.
            if empty and (mine is None or not mine[field]):
                continue
            count[field, "both"] += both
            if value is ABSENT:
                continue
            count[field, "agreed"] += 1
            if mine is None:
                continue
            if mine[field] == value:
                count[field, "equal"] += 1
            else:
                reason = explained.get((origin.get(name), field))
                count[field, "explained"] += reason is not None
                differences.append(f"{name} {origin.get(name, '')}\n  {field} ({reason or 'not explained'})\n    peers  {shown(value)}\n"
                                   f"    winnow {shown(mine[field])}")

    print(f"messages: {len(gmime)}, peer errors {count['peer error']}", end="")
    print("" if winnow is None else f", no winnow line {count['missing']}, quarantined {count['quarantined']}")
    print(f"{'field':12} {'both give':>9} {'agree':>7} {'percent':>8}", end="")
    print("" if winnow is None else f" {'winnow equal':>13} {'percent':>8} {'explained':>9}")
    table, low = {}, []
    for field in FIELDS:
        both, same, equal = (count[field, k] for k in ("both", "agreed", "equal"))
        share = 100 * same / both if both else 100.0
        row = f"{field:12} {both:9} {same:7} {share:8.2f}"
        table[field] = {"both": both, "agreed": same}
        if winnow is not None:
            percent = 100 * equal / same if same else 100.0
            row += f" {equal:13} {percent:8.2f} {count[field, 'explained']:9}"
            table[field].update(equal=equal, percent=round(percent, 3), explained=count[field, "explained"])
            if same and 100 * (equal + count[field, "explained"]) / same < options.require:
                low.append(field)
        print(row)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=1)
    if options.differences:
        with open(options.differences, "w", encoding="utf-8") as file:
            file.write("\n".join(differences) + ("\n" if differences else ""))
        print(f"differences: {len(differences)} in {options.differences}")
    if low or (winnow is not None and options.require and count["missing"]):
        print(f"below {options.require} %: {', '.join(low) or 'messages without a line'}")
        sys.exit(1)


if __name__ == "__main__":
    main()
