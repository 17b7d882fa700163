"""Small helpers to write messages as mail programs write them."""
import base64
import quopri
import struct
import zlib


class Mail:
    """One message of the samples and what winnow must decide about it."""

    def __init__(self, what, outcome, reason, why, headers, body=b"", prelude=None):
        self.what, self.outcome, self.reason, self.why = what, outcome, reason, why
        self.headers = headers.strip("\n")
        self.body = body if isinstance(body, bytes) else body.encode()
        self.prelude = prelude  # headers that the store adds, and what its From line says

    def bytes(self, newline=b"\n", extra=""):
        head = (extra + self.headers).encode()
        return (head + b"\n\n" + self.body.rstrip(b"\n") + b"\n").replace(b"\n", newline)


def kept(what, reason, why, headers, body=b"", prelude=None):
    return Mail(what, "kept", reason, why, headers, body, prelude)


def dropped(what, reason, why, headers, body=b"", prelude=None):
    return Mail(what, "dropped", reason, why, headers, body, prelude)


def lines64(data, width=76):
    text = base64.b64encode(data).decode()
    return "\n".join(text[i:i + width] for i in range(0, len(text), width))


def quoted(text, charset="utf-8"):
    return quopri.encodestring(text.encode(charset)).decode()


def word(text, charset="utf-8", kind="B"):
    """An encoded word (RFC 2047)."""
    data = text.encode(charset)
    if kind == "B":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    letters = "".join(chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in data)
    return f"=?{charset}?Q?{letters}?="


def labels(text):
    """X-Gmail-Labels as Takeout writes it: bare commas inside encoded words, long values in several."""
    if text.isascii():
        return text
    words = []
    for start in range(0, len(text), 28):
        piece = "".join("_" if c == " " else c if c.isascii() and c not in '="?_' else
                        "".join(f"={b:02X}" for b in c.encode()) for c in text[start:start + 28])
        words.append(f"=?UTF-8?Q?{piece}?=")
    return "\n ".join(words)


def png():
    """A red dot, 2 by 2."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\xc8\x1e\x1e" * 2 for _ in range(2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def pdf(title):
    """The smallest PDF that a viewer opens: one empty page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", f"<< /Title ({title}) >>"]
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
                  f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\n"
                  f"startxref\n{len(out)}\n%%EOF\n").encode()


def docx(text):
    """A zip laid out like a word document, stored without compression so that its bytes never vary."""
    files = {"[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/'
                                    '2006/content-types"/>', "word/document.xml": f"<w:document>{text}</w:document>"}
    body = directory = b""
    for name, content in files.items():
        data, label = content.encode(), name.encode()
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x5C21, zlib.crc32(data), len(data), len(data), len(label), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + label
        body += b"PK\x03\x04" + fields + label + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
