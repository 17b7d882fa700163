"""What each mail of the hostile corpus must be read as: the manifest's `expect` texts, by `winnow inspect`.

A row gives, for a file below eml/, what its one line must show. Keys: any field of inspect (equal), `field~` (a text
that it must hold), `field!` (one that it must not hold), `defect` (a code that must be among the defects), `names` (the
attachments' names, None where the name is generated), `from` and `to` as lists of addresses, `name` as the first
From's display name, `size:field` (most characters). A file without a row only has to keep the general rules below.
"""
import json
import re

FFFD = "\ufffd"

TABLE = {
    # mime-structure
    "mime_nest_120": {"defect": "nesting-too-deep", "names": [None]},
    "mime_nest_1500": {"defect": "nesting-too-deep", "names": [None]},
    "mime_rfc822_nest_150": {"names": [None], "text": ""},
    "mime_parts_10050": {"defect": "too-many-parts", "names": []},
    "boundary_prefix": {"text": "plain", "html": True, "names": ["a.txt"]},
    "boundary_same_nested": {"text": "inner\nafter", "names": []},
    "boundary_midline": {"text~": ["visit --BND for details", "SECRET"]},
    "boundary_missing": {"text~": "hi", "defect": "missing-boundary"},
    "boundary_empty": {"text~": ["hi", "-- \nsignature"], "defect": "missing-boundary"},
    "boundary_long_truncation": {"names": [], "text~": "still text of part one"},
    "boundary_trailing_ws": {"text": "hi", "names": []},
    "boundary_unterminated": {"text~": ["one", "two"], "defect": "missing-close-delimiter"},
    "boundary_conflict": {"text": "A", "names": [], "defect": "parameter-conflict"},
    "content_type_twice": {"defect": "duplicate-field", "text~": "MZ", "names": []},
    "multipart_base64": {"defect": "encoded-multipart", "names": [None]},
    "message_partial": {"names": [None], "text": ""},
    "external_body": {"names": [None], "text!": "root:"},
    "mime_type_garbage": {"text": "body\n", "defect": "bad-content-type"},
    # headers
    "headers_no_blank": {"text": "", "subject": "hello", "defect": "missing-separator"},
    "leading_blank_5000": {"subject": "hello", "text": "Plain body.\n"},
    "header_many_3000": {"text": "body\n", "defect": "too-many-fields"},
    "header_long_200k": {"size:subject": 65536, "defect": "field-cut"},
    "header_fold_5000": {"size:subject": 65536, "subject~": "x y y"},
    "header_fold_ws_only": {"subject": "first second"},
    "header_first_line_ws": {"subject": "hello", "from": ["ann@client.example"]},
    "header_no_colon": {"subject": "after junk", "text": "body\n", "defect": "junk-in-header"},
    "header_space_colon": {"subject": "spaced"},
    "header_nul": {"subject": f"a{FFFD}b", "text": f"bo{FFFD}dy\n", "messageId": f"nul{FFFD}x@client.example"},
    "header_duplicates": {"subject": "one", "from": ["first@client.example"], "messageId": "one@client.example",
                          "date": "2026-03-03T09:15:00Z", "defect": "duplicate-from"},
    "header_8bit_latin1": {"subject": "Grüße aus Köln", "defect": "header-raw-8bit"},
    "header_references_2000": {"references": ["r0@client.example"]
                               + [f"r{i}@client.example" for i in range(1901, 2000)]},
    "header_received_500": {"defects": []},
    "line_endings_cr_only": {"subject": "hello", "text": "Plain body.\n"},
    "line_endings_mixed": {"text": "body\rcr\nlf\n", "subject": "lf"},
    "crlf_injection_ew": {"subject~": "Hi Bcc: all@corp.example"},
    "ansi_terminal": {"subject~": f"{FFFD}]0;pwned"},
    # transfer-encoding
    "b64_garbage": {"text~": "Hello", "defect": "bad-base64"},
    "b64_concatenated": {"text~": "HelloWorld", "defect": "bad-base64"},
    "b64_one_line": {"text~": "A" * 1000, "defects": []},
    "b64_len_mod_1": {"text": "ABC", "defect": "bad-base64"},
    "qp_invalid": {"text~": ["bad=ZZ hex", "=4 end"], "defect": "bad-quoted-printable"},
    "qp_trailing_ws": {"text": "keep \ndrop\nsoftnext\n"},
    "cte_unknown": {"text": "raw body", "defect": "unknown-encoding"},
    "cte_twice": {"text": "SGVsbG8=\n", "defect": "duplicate-field"},
    "uuencode": {"text~": "begin 644 ../../../../etc/cron.d/x", "names": []},
    "yenc_binhex": {"text~": ["=ybegin line=128", "BinHex 4.0"], "names": []},
    # encoded-words
    "ew_prefix_bomb": {"subject~": "=?x?y?=?x?y?", "size:subject": 65536},
    "ew_many": {"subject~": "ééé", "subject!": "=?"},
    "ew_split_char": {"subject": "café ok"},
    "ew_unknown_charset": {"subject": "=?x-klingon?q?tlh=FF?= ok", "defect": "encoded-word-charset"},
    "ew_double": {"subject": "=?utf-8?q?<script>?="},
    "ew_iso2022_open": {"subject": "あ tail"},
    "ew_empty": {"subject~": "=?utf-8?q?x"},
    "ew_bidi": {"subject~": "\u202egpj.exe"},
    # charset
    "charset_utf7": {"text!": "<script"},
    "charset_utf16_nobom": {"text": f"hé{FFFD}!", "defect": "bad-charset"},
    "charset_iso2022_flood": {"text": "ok\n"},
    "charset_unknown": {"text": "café\n", "defect": "unknown-charset"},
    "charset_iso2022cnext": {"defect": "unknown-charset"},
    "charset_invalid_utf8": {"text!": "/", "text~": ["ok ", " end"], "defect": "bad-charset"},
    "charset_html_conflict": {"text": "café"},
    "charset_bom_utf8": {"text": "with bom\n"},
    "body_nul_block": {"text": f"before{FFFD}after\n", "defect": "nul-in-text"},
    "combining_marks": {"size:subject": 65536},
    # attachment-names
    "att_traversal": {"names": ["pwn.txt"]},
    "att_absolute": {"names": ["passwd"]},
    "att_backslash": {"names": ["x.dll"]},
    "att_drive": {"names": ["C_evil.txt_stream"]},
    "att_nul": {"names": [f"ok.txt{FFFD}.exe"]},
    "att_control": {"names": [f"a b{FFFD}[2J{FFFD}.txt"]},
    "att_reserved_con": {"names": ["_CON.txt"]},
    "att_reserved_nul": {"names": ["_nul"]},
    "att_dot": {"names": [None]},
    "att_dotdot": {"names": [None]},
    "att_empty": {"names": [None]},
    "att_spaces": {"names": [None]},
    "att_trailing_dot": {"names": ["report.pdf"]},
    "att_hidden": {"names": ["bashrc"]},
    "att_dash": {"names": ["_-rf --no-preserve-root"]},
    "att_rtl": {"names": ["invoice_gpj.exe"]},
    "att_long": {"names": ["n" * 196 + ".pdf"]},
    "att_long_multibyte": {"names": ["\U0001f600" * 49 + ".pdf"]},
    "att_url_encoded": {"names": ["%2f..%2fetc%2fpasswd"]},
    "att_grapheme_slash": {"names": ["\u0301evil.txt"]},
    "att_double_ext": {"names": ["invoice.pdf.exe"]},
    "att_rfc2231_traversal": {"names": ["x"]},
    "att_rfc2231_gap": {"names": ["a"], "defect": "parameter-sections"},
    "att_rfc2231_bomb": {"names": [None], "defect": "parameter-limit"},
    "att_rfc2231_charset": {"names": ["+AC4ALgAv-x"], "defect": "parameter-charset"},
    "att_conflict": {"names": ["evil.exe"], "defect": "parameter-conflict"},
    "att_content_id": {"names": ["a.png"]},
    "att_zip_bomb": {"names": ["z.zip"]},
    "att_same_bytes_100": {"names": [f"f{i}.bin" for i in range(100)]},
    # addresses
    "addr_quoted_at": {"from": ['"attacker@gmail.example x"@corp.example'], "defect": "address-ambiguous"},
    "addr_quoted_at2": {"from": ['"a@b.example"@c.example']},
    "addr_two_at": {"from": [""], "defect": "address-invalid"},
    "addr_display_spoof": {"from": ["x@evil.example"], "defect": "address-name-is-address"},
    "addr_display_comma": {"from": ["ceo@corp.example", "x@evil.example"], "defect": "address-several-authors"},
    "addr_comment_domain": {"from": [""], "defect": "address-invalid"},
    "addr_comment_nested": {"from": ["user@corp.example"]},
    "addr_comment_unclosed": {"from": ["x@corp.example"]},
    "addr_angle_first": {"defect": "address-ambiguous"},
    "addr_angle_nested": {"from": [""], "defect": "address-invalid"},
    "addr_ws_domain": {"from": ["a@corp.example"], "defect": "address-ambiguous"},
    "addr_route": {"from": ["a@corp.example"]},
    "addr_group": {"from": ["a@corp.example", "b@corp.example", "c@client.example"]},
    "addr_group_deep": {"defect": "address-group-nested"},
    "addr_ew_local": {"from": [""], "defect": "address-invalid"},
    "addr_ew_display": {"from": ["x@evil.example"], "name": "ceo@corp.example <ceo@corp.example>"},
    "addr_idn_homograph": {"defect": "address-mixed-script"},
    "addr_punycode": {"from": ["x@xn--rp-emcl.example"]},
    "addr_fullwidth": {"defect": "address-mixed-script"},
    "addr_kelvin": {"from": ["\u212aate@corp.example"], "defect": "address-ambiguous"},
    "addr_plus": {"from": ["ANN+crm@Client.Example"]},
    "addr_null": {"from": [], "defect": "address-null"},
    "addr_empty": {"from": []},
    "addr_noaddr": {"from": [""], "defect": "address-invalid"},
    "addr_ip_literal": {"from": ["x@[127.0.0.1]"]},
    "addr_domain_literal_long": {"defect": "address-invalid"},
    "addr_long_local": {"defect": "address-too-long"},
    "addr_trailing_dot": {"from": ["x@corp.example"]},
    "addr_control": {"defect": "address-invalid"},
    "addr_quoted_crlf": {"from": ['"a b"@corp.example'], "defect": "address-ambiguous"},
    "addr_recipients_2000": {"to": [f"u{i}@corp.example" for i in range(2000)]},
    "addr_commas": {"to": ["bob@corp.example"]},
    # identity
    "msgid_missing": {"defect": "missing-message-id"},
    "msgid_empty": {"defect": "missing-message-id"},
    "msgid_nfc": {"messageId": "caf\u00e9@client.example"},
    "msgid_nfd": {"messageId": "cafe\u0301@client.example"},
    "msgid_path": {"messageId": "../../../x@y"},
    "autoreply": {"automatic": True},
    # dates
    "date_invalid": {"date": None, "defect": "bad-date"},
    "date_year_99999": {"date": None, "defect": "bad-date"},
    "date_year_0": {"date": None, "defect": "bad-date"},
    "date_two_digit": {"date": "2026-03-03T10:15:00Z"},
    "date_huge_int": {"date": None, "defect": "bad-date"},
    "date_neg_zone": {"date": "2026-03-03T10:15:00Z", "defect": "date-zone-unknown"},
    "date_leap_second": {"date": "2016-12-31T23:59:59Z"},
    "date_feb30": {"date": None, "defect": "bad-date"},
    "date_arabic_digits": {"date": None, "defect": "bad-date"},
    "date_comment": {"date": "2026-03-03T09:15:00Z"},
    "date_future": {"date": "2099-03-03T09:15:00Z"},
    "date_missing": {"date": None, "dateSource": "none"},
}

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def one_line(mail):
    """Every field that is one line holds no control character; no attachment's name is a path."""
    wrong = []
    lines = {"subject": mail.get("subject"), "messageId": mail.get("messageId")}
    for field in ("from", "sender", "replyTo", "to", "cc", "bcc"):
        for i, address in enumerate(mail.get(field, [])):
            lines[f"{field}[{i}]"] = address.get("name", "") + address["email"]
    for i, attachment in enumerate(mail.get("attachments", [])):
        name = attachment.get("name", "")
        lines[f"attachments[{i}]"] = name
        if "/" in name or "\\" in name or name in (".", "..") or len(name.encode()) > 200 or RESERVED.match(name):
            wrong.append(f"attachment name {name[:60]!r}")
    for field, value in lines.items():
        if value and CONTROL.search(value):
            wrong.append(f"control character in {field}: {value[:60]!r}")
    return wrong


def expected(mail, row):
    wrong = []

    def differ(key, got, wanted):
        wrong.append(f"{key} is {str(got)[:120]!r}, wanted {str(wanted)[:120]!r}")

    for key, wanted in row.items():
        field = key.rstrip("~!")
        if key == "defect":
            if wanted not in mail["defects"]:
                differ(key, mail["defects"], wanted)
        elif key == "names":
            got = [a.get("name") for a in mail["attachments"]]
            if got != wanted:
                differ(key, got, wanted)
        elif key in ("from", "to"):
            got = [a["email"] for a in mail.get(key, [])]
            if got != wanted:
                differ(key, got, wanted)
        elif key == "name":
            if mail["from"][0].get("name") != wanted:
                differ(key, mail["from"][0], wanted)
        elif key.startswith("size:"):
            if len(mail[key[5:]]) > wanted:
                differ(key, len(mail[key[5:]]), wanted)
        elif key.endswith("~"):
            for part in [wanted] if isinstance(wanted, str) else wanted:
                if part not in mail.get(field, ""):
                    differ(key, mail.get(field), part)
        elif key.endswith("!"):
            if wanted in mail.get(field, ""):
                differ(key, mail.get(field), wanted)
        elif mail.get(field) != wanted:
            differ(key, mail.get(field), wanted)
    return wrong


def check(name, said):
    """`said`: what `winnow inspect` printed for eml/<name>."""
    wrong = []
    for line in said.decode("utf-8").splitlines():
        mail = json.loads(line)
        if mail["item"] != "mail":
            continue
        wrong += one_line(mail)
        row = TABLE.get(name.removeprefix("eml/").removesuffix(".eml"))
        if row:
            wrong += expected(mail, row)
    return wrong
