#!/usr/bin/env python3
"""What Python's email package sees in messages: the same JSON lines as gmime_dump.

  python_dump.py [LIST]     LIST (else standard input): PATH or PATH TAB OFFSET TAB LENGTH a line

Headers come from policy.default; where that raises, from compat32. Bodies come from the raw payloads.
"""
import email
import email.header
import email.message
import email.policy
import email.utils
import hashlib
import json
import re
import sys

DIGEST_TYPES = ("message/rfc822", "message/global", "message/news")


def opaque(base):
    """A message class for which embedded messages are leaves with their bytes, not trees."""

    class Opaque(base):
        def get_content_type(self):
            kind = super().get_content_type()
            return "application/x-" + kind.replace("/", "-") if kind.startswith("message/") else kind

        def get_content_maintype(self):
            return self.get_content_type().split("/")[0]

        def real_type(self):
            return super().get_content_type()

    return Opaque


Modern = opaque(email.message.EmailMessage)
Old = opaque(email.message.Message)
MODERN = email.policy.default.clone(message_factory=Modern)
OLD = email.policy.compat32.clone(message_factory=Old)


def decoded(value):
    """A header value with its encoded words decoded, raw bytes read as UTF-8 or windows-1252."""
    text = ""
    for piece, charset in email.header.decode_header(value):
        if isinstance(piece, str):
            text += piece
        else:
            text += text_of(piece, None if charset in (None, "unknown-8bit") else charset)
    return text


def header(modern, old, name):
    if modern is not None:
        try:
            value = modern[name]
            if value is not None and not re.search("[\udc80-\udcff]", value):
                return str(value)
        except Exception:
            pass
    value = old[name]
    if value is None:
        return None
    raw = str(value) if isinstance(value, str) else "".join(
        piece.decode("latin-1") if isinstance(piece, bytes) else piece
        for piece, _ in email.header.decode_header(value))
    if isinstance(value, email.header.Header) or re.search("[\udc80-\udcff]", raw):
        data = dict(old.raw_items()).get(name, raw) if hasattr(old, "raw_items") else raw
        bytes_of = str(data).encode("utf-8", "surrogateescape")
        try:
            raw = bytes_of.decode("utf-8")
        except UnicodeDecodeError:
            raw = bytes_of.decode("cp1252", "replace")
    return decoded(raw)


def addresses(modern, old, name):
    if old[name] is None:
        return None
    try:
        value = modern[name]
        found = [{"name": a.display_name or None, "email": a.addr_spec} for a in value.addresses]
        if not re.search("[\udc80-\udcff]", json.dumps(found, ensure_ascii=False)):
            return with_comments(found, old[name])
    except Exception:
        pass
    value = header(None, old, name)
    try:
        return [{"name": n or None, "email": a} for n, a in email.utils.getaddresses([value]) if a]
    except RecursionError:
        return None


def with_comments(found, value):
    """`address (Name)`: policy.default drops the comment, which names the person."""
    try:
        commented = email.utils.getaddresses([str(value)])
    except RecursionError:  # thousands of addresses in a row of empty ones
        return found
    if len(commented) == len(found):
        for person, (name, address) in zip(found, commented):
            if not person["name"] and address == person["email"] and name:
                person["name"] = decoded(name)
    return found


def text_of(data, charset):
    label = (charset or "").strip().lower()
    if label not in ("", "us-ascii", "ascii", "utf-8", "utf8"):
        try:
            label = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gbk", "shift_jis": "cp932",
                     "ks_c_5601-1987": "cp949", "x-mac-cyrillic": "mac_cyrillic"}.get(label, label)
            return data.decode(label, "replace")
        except (LookupError, UnicodeError, ValueError):
            pass
    if label in ("utf-8", "utf8"):
        return data.decode("utf-8", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # windows-1252 has five holes; the web fills them with the control characters of Latin-1.
        return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def disposition(leaf):
    value = leaf.get("content-disposition")
    return None if value is None else re.split(r"[;\s]", str(value).strip())[0].lower()


def name_of(leaf):
    try:
        return leaf.get_filename()
    except Exception:
        return None


def is_body(leaf, subtype):
    return leaf.real_type() == "text/" + subtype and not name_of(leaf) and disposition(leaf) != "attachment"


def has_plain(part):
    return any(is_body(leaf, "plain") for leaf in part.walk() if not leaf.is_multipart())


def visit(part, wanted, found):
    if part.is_multipart():
        alternative = part.get_content_type() == "multipart/alternative"
        taken = False
        for child in part.get_payload():
            child_wanted = wanted and not (alternative and taken)
            if alternative and child_wanted and has_plain(child):
                taken = True
            visit(child, child_wanted, found)
        return
    data = part.get_payload(decode=True) or b""
    plain, html = is_body(part, "plain"), is_body(part, "html")
    found["html"] = found["html"] or html
    if plain and wanted:
        if str(part.get_param("format") or "").lower() == "flowed":
            found["flowed"] = True
        charset = part.get_param("charset")
        found["texts"].append(text_of(data, charset if isinstance(charset, str) else None))
    elif part.real_type().startswith("text/") and not name_of(part) and disposition(part) is None:
        pass
    elif part.get_content_maintype() == "multipart":
        pass  # a multipart without usable boundary has no leaves
    else:
        kind = "embedded" if part.real_type() in DIGEST_TYPES else "soft" if plain or html else "attachments"
        found[kind].append(hashlib.sha256(data).hexdigest())


def seconds(value):
    if value is None:
        return None
    try:
        value = re.sub(r"\s+", " ", value)
        parsed = email.utils.parsedate_tz(value)
        if parsed is None:
            return None
        # A zone that it cannot read ("GMT+1", "+-0500", "Eastern Daylight Time") it takes for UTC, as GMime
        # does: then it knows the clock on a wall but not the instant, and has no opinion.
        zone = re.search(r"\d:\d\d(?::\d\d)? +([^\s(]+)", value)
        if zone and zone.group(1) != "-0000" and not re.match(r"\d{4}$", zone.group(1)) \
                and email.utils._parsedate_tz(value)[9] is None:
            return None
        return int(email.utils.mktime_tz(parsed))
    except Exception:
        return None


def dump(path, data):
    old = email.message_from_bytes(data, policy=OLD)
    try:
        modern = email.message_from_bytes(data, policy=MODERN)
    except Exception:
        modern = None
    found = {"texts": [], "flowed": False, "html": False, "attachments": [], "soft": [], "embedded": []}
    visit(old, True, found)
    identifier = header(None, old, "message-id")
    if identifier is not None:
        inside = re.search(r"<([^<>]*)>", identifier)
        identifier = (inside.group(1) if inside else identifier).strip()
    texts = found.pop("texts")
    return {
        "path": path, "messageId": identifier, "date": seconds(header(None, old, "date")),
        "from": addresses(modern, old, "from"), "to": addresses(modern, old, "to"),
        "cc": addresses(modern, old, "cc"), "subject": header(modern, old, "subject"),
        "text": "\n".join(texts) if texts else None, **found,
    }


def main():
    source = open(sys.argv[1], encoding="utf-8", errors="surrogateescape") if len(sys.argv) > 1 else sys.stdin
    for line in source:
        path, *span = line.rstrip("\n").split("\t")
        if not path:
            continue
        with open(path, "rb") as file:
            if span:
                file.seek(int(span[0]))
            data = file.read(int(span[1]) if len(span) > 1 else -1)
        try:
            record = dump(path, data)
        except Exception as error:
            record = {"path": path, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode())


if __name__ == "__main__":
    main()
