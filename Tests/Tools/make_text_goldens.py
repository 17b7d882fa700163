#!/usr/bin/env python3
"""Writes Tests/Fixtures/text/*.txt: what Python's codecs and unicodedata (3.11, Unicode 14) say.

The phrases are ours; the random parts come from a fixed seed, so the files are reproducible.
Lines: charsets.txt "label TAB bytes in hex TAB UTF-8 in hex", folding.txt "UTF-8 TAB UTF-8" in hex.
"""
import os
import random
import unicodedata as u

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Fixtures", "text")
SINGLE = [  # label in mail, Python codec
    ("windows-1250", "cp1250"), ("windows-1251", "cp1251"), ("windows-1252", "cp1252"),
    ("windows-1253", "cp1253"), ("windows-1254", "cp1254"), ("windows-1255", "cp1255"),
    ("windows-1256", "cp1256"), ("windows-1257", "cp1257"), ("windows-1258", "cp1258"),
    ("windows-874", "cp874"), ("iso-8859-2", "iso8859_2"), ("iso-8859-3", "iso8859_3"),
    ("iso-8859-4", "iso8859_4"), ("iso-8859-5", "iso8859_5"), ("iso-8859-6", "iso8859_6"),
    ("iso-8859-7", "iso8859_7"), ("iso-8859-8-i", "iso8859_8"), ("iso-8859-10", "iso8859_10"),
    ("iso-8859-13", "iso8859_13"), ("iso-8859-14", "iso8859_14"), ("iso-8859-15", "iso8859_15"),
    ("iso-8859-16", "iso8859_16"), ("koi8-r", "koi8_r"), ("koi8-t", "koi8_t"),
    ("kz-1048", "kz1048"), ("ptcp154", "ptcp154"), ("macintosh", "mac_roman"),
    ("x-mac-cyrillic", "mac_cyrillic"), ("x-mac-greek", "mac_greek"),
    ("x-mac-turkish", "mac_turkish"), ("x-mac-ce", "mac_latin2"),
    ("x-mac-icelandic", "mac_iceland"), ("x-mac-croatian", "mac_croatian"), ("cp437", "cp437"),
    ("cp720", "cp720"), ("cp737", "cp737"), ("cp775", "cp775"), ("cp850", "cp850"),
    ("cp852", "cp852"), ("cp855", "cp855"), ("cp857", "cp857"), ("cp858", "cp858"),
    ("cp860", "cp860"), ("cp861", "cp861"), ("cp862", "cp862"), ("cp863", "cp863"),
    ("cp864", "cp864"), ("cp865", "cp865"), ("cp866", "cp866"), ("cp869", "cp869"),
    ("cp1125", "cp1125"), ("hp-roman8", "hp_roman8"),
]
JA = ["東京の会議室で会いましょう。", "カタカナとひらがな、漢字", "Re: 見積書（第2版）について\r\n次の行", "表示ソ能"]
ZH = ["北京会议通知：明天上午十点。", "谢谢\n第二行 second line", "中文 and ASCII mixed 123"]
TW = ["台北會議通知：明天上午十點。", "謝謝 thanks 許功蓋"]
KO = ["서울 회의 안내: 내일 오전 10시", "감사합니다\n둘째 줄"]
MULTI = [
    ("shift_jis", "cp932", JA + ["①㈱ﾊﾝｶｸ"]), ("euc-jp", "euc_jp", JA), ("euc-jp", "euc_jp", ["ﾊﾝｶｸ"]),
    ("iso-2022-jp", "iso2022_jp", JA), ("iso-2022-jp", "iso2022_jp_ext", ["ﾊﾝｶｸ 全角"]),
    ("iso-2022-jp-2", "iso2022_jp_2", ["日本 한국 中国 简体 丂"]),
    ("gb2312", "gb2312", ZH), ("gbk", "gbk", ZH + TW), ("gb18030", "gb18030", ZH + TW + KO + ["😀€ß"]),
    ("hz-gb-2312", "hz", ZH + ["~ tilde 中~文"]), ("big5", "big5", TW), ("big5", "big5hkscs", ["香港 㗎 嘅"]),
    ("euc-kr", "euc_kr", KO), ("ks_c_5601-1987", "cp949", KO + ["똠방각하 뷁"]), ("iso-2022-kr", "iso2022_kr", KO),
    ("johab", "johab", KO), ("utf-7", "utf_7", JA + KO + ["1 + 1 = 2 & more", "😀 grin", "å<b>"]),
]


def line(label, data, text):
    return "%s\t%s\t%s\n" % (label, data.hex(), text.encode("utf-8").hex())


def charsets(rng):
    upper = bytes(range(128, 256))
    for label, codec in SINGLE:
        yield line(label, upper, upper.decode(codec, "replace"))
    for label, codec, texts in MULTI:
        for t in texts:
            yield line(label, t.encode(codec), t)
    heads = [b"\xc0", b"\xc2", b"\xe0", b"\xe1", b"\xed", b"\xef", b"\xf0", b"\xf1", b"\xf4", b"\xf5", b"\xff"]
    tails = [b"\x80", b"\x8f", b"\x90", b"\x9f", b"\xa0", b"\xbf", b"A", b"\n"]
    good = ["å".encode(), "€".encode(), "😀".encode(), b"plain ascii text, long enough to be wide "]
    for _ in range(150):
        data = b"-" + b"".join(rng.choice(rng.choice([heads, tails, tails, good])) for _ in range(rng.randint(1, 12)))
        yield line("utf-8", data, data.decode("utf-8", "replace"))
    units = [0x41, 0xE5, 0x20AC, 0xD83D, 0xDE00, 0xD800, 0xDFFF, 0x3042]
    for _ in range(40):
        chosen = [rng.choice(units) for _ in range(rng.randint(1, 10))]
        for label, codec, order in (("utf-16le", "utf-16-le", "little"), ("utf-16be", "utf-16-be", "big")):
            data = b"".join(x.to_bytes(2, order) for x in chosen)
            yield line(label, data, data.decode(codec, "replace"))
    for t in ["Grüße €", "😀 a"]:
        yield line("utf-16", t.encode("utf-16-le"), t)
        for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            yield line(codec[:6], ("\ufeff" + t).encode(codec), t)
            yield line(codec[:6] + codec[7:], t.encode(codec), t)


def folded(s):
    return u.normalize("NFC", u.normalize("NFC", s).casefold())


def folding(rng):
    special = [chr(c) for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000 and not 0xAC00 <= c < 0xD7A4
               and (chr(c).casefold() != chr(c) or u.normalize("NFD", chr(c)) != chr(c) or u.combining(chr(c)))]
    texts = [" ".join(special[i:i + 40]) for i in range(0, len(special), 40)]
    marks = [c for c in special if u.combining(c)]
    common = list("aAeEsSßİıΣςσIiKkÅÄöÖ각가한\u1112\u1161\u11ab\u1100\u1175\u0345\u0301\u0308\u0323\u0327ǅŉﬁά\u03b1か\u3099中")
    for _ in range(400):
        pool = rng.choice([common, common, special + common, marks])
        texts.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 14))))
    texts.append("e" + "".join(rng.choice(marks) for _ in range(90)))
    for t in texts:
        yield "%s\t%s\n" % (t.encode().hex(), folded(t).encode().hex())


for name, lines in (("charsets.txt", charsets), ("folding.txt", folding)):
    with open(os.path.join(OUT, name), "w", encoding="ascii") as f:
        f.writelines(lines(random.Random(2047)))
