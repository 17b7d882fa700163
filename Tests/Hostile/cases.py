"""How each file of the hostile corpus is given to winnow: the manifest's meaning in winnow's words."""
import json

CONTROL = (b"From: Ann Lee <ann@client.example>\r\nTo: Bob Roy <bob@corp.example>\r\nSubject: control\r\n"
           b"Date: Tue, 03 Mar 2026 10:15:00 +0100\r\nMessage-ID: <control@client.example>\r\n\r\nControl.\r\n")

REFUSED = {65, 78}


def base():
    """A configuration under which the hostile mail would be imported, with all that it carries."""
    capture = ["cc", "bcc", "subject", "body", "attachments"]
    return {
        "version": 1,
        "organization": {"domains": ["corp.example"], "timeZone": "Europe/Berlin"},
        "users": [{"id": "bob", "name": "Bob Roy", "email": "bob@corp.example"}],
        "leads": {"files": ["leads.csv"], "id": "id", "searchBy": ["email"], "columns": {"name": "name"}},
        "sources": [],
        "email": {
            "inbound": {"activity": {"type": "Email Received", "capture": capture},
                        "captureLeads": {"enabled": True, "from": ["from"]}},
            "outbound": {"activity": {"type": "Email Sent", "capture": capture}},
        },
        "output": {"directory": "out", "formats": ["jsonl", "json", "csv"]},
    }


class Case:
    """One run: what lies in its folder, the arguments, and what must come of it."""

    def __init__(self, entry, data):
        self.entry = entry
        self.name = entry["file"]
        self.config = base()
        self.config_text = None          # bytes that replace the configuration as a whole
        self.files = {"leads.csv": b"id,email,name\nL1,ann@client.example,Ann Lee\n"}
        self.arguments = ["--out", "result", "--no-ledger"]
        self.exits = {0}
        self.records = None              # mails or events parsed, duplicates not counted
        self.quarantined = None          # True: at least one
        self.reason = None               # the control mail's reason must be this
        self.forbidden_text = []         # must not stand in the output or on the terminal
        self.required_files = []
        self.must_publish_nothing = False
        folder, name = self.name.split("/")
        {"eml": self.eml, "mbox": self.mbox, "ics": self.ics, "csv": self.lists, "json": self.lists,
         "config": self.configuration}[folder](name, data)
        if self.exits <= REFUSED:
            self.must_publish_nothing = True

    def text(self):
        return self.config_text if self.config_text is not None else json.dumps(self.config, indent=1).encode()

    def source(self, name, data, **more):
        self.files["in/" + name] = data
        self.config["sources"].append({"path": "in/" + name, "owner": "bob", **more})

    def eml(self, name, data):
        self.source(name, data, folder="inbox")
        self.records = self.entry["records"]
        if self.entry["outcome"] == "quarantine":
            self.quarantined = True

    def mbox(self, name, data):
        self.eml(name, data)
        if self.entry["outcome"] == "quarantine":
            # A file that is no mbox at all may also stop the run as "not what it claims to be".
            self.exits = {0, 65}

    def ics(self, name, data):
        self.source(name, data, calendar="primary")
        if self.entry["outcome"] == "quarantine":
            self.quarantined, self.exits = True, {0, 65}

    def lists(self, name, data):
        self.source("control.eml", CONTROL, folder="inbox")
        self.config["email"]["inbound"]["captureLeads"]["enabled"] = False
        if name == "leads_users_dup.json":
            self.config["users"] = "lists/" + name
        else:
            self.config["leads"]["files"] = ["lists/" + name]
        self.files["lists/" + name] = data
        outcome, records = self.entry["outcome"], self.entry["records"]
        if outcome == "refuse":
            self.exits = REFUSED
        elif records == 0:
            self.exits = {0} | REFUSED
            self.reason = "no-lead"
        elif b"x@corp.example" in data:  # homographs: nobody writes from there
            self.reason = "no-lead"
        elif records is None:
            self.exits = {0} | REFUSED
        else:
            self.reason = "matched"

    # The manifest's configurations use names of another program; these say the same in winnow's.
    def configuration(self, name, data):
        self.source("control.eml", CONTROL, folder="inbox")
        self.exits = REFUSED if self.entry["outcome"] == "refuse" else {0}
        config, plain = self.config, name.removesuffix(".json")
        raw = json.dumps(config, indent=1).encode()
        rule = config["email"]["inbound"]
        if plain in ("deep", "empty"):
            self.config_text = data
        elif plain == "dup_keys":
            self.config_text = raw.replace(b'"output":', b'"output": {"directory": "/etc"}, "output":')
        elif plain == "bom":
            self.config_text = b"\xef\xbb\xbf" + raw
        elif plain == "comments":
            self.exits = {0}
            self.config_text = b"// note\n" + raw.rstrip(b"}\n") + b"}, /* the end */\n}\n"
        elif plain == "unknown_key":
            config["outptu"] = "x"
        elif plain == "wrong_types":
            config["email"]["folders"] = {"inbox": 1}
            config["sources"] = "in/"
        elif plain == "negative_limits":
            config["organization"]["retentionDays"] = -1
        elif plain == "huge_int":
            config["organization"]["retentionDays"] = 9223372036854775808
        elif plain == "float_int":
            self.exits = {0, 78}
            config["organization"]["retentionDays"] = 30
            self.config_text = json.dumps(config).replace('"retentionDays": 30', '"retentionDays": 1e2').encode()
        elif plain in ("regex_redos", "regex_invalid"):
            word = "^(a+)+$" if plain == "regex_redos" else "([unclosed"
            rule["behaviour"] = "keywords"
            rule["keywords"] = {"admin": [word], "match": "regex"}
        elif plain == "path_escape":
            config["output"]["directory"] = "../../../../etc/cron.d"
        elif plain == "output_in_input":
            config["sources"] = [{"path": "in/**", "owner": "bob", "folder": "inbox"}]
            config["output"]["directory"] = "in/out"
            self.arguments = []
            self.exits = REFUSED | {73}
            self.must_publish_nothing = True
        elif plain == "secret_inline":
            config["crm"] = {"api_token": "sk-TEST-not-a-real-secret-0123456789"}
            self.forbidden_text = ["sk-TEST-not-a-real-secret"]
        elif plain == "env_ref":
            config["output"]["directory"] = "${HOME}/x"
            self.arguments = ["--no-ledger"]
            self.exits = {0, 78}
        elif plain == "template_injection":
            rule["activity"]["type"] = "{{subject}}{{{{7*7}}}}%s%n%@%d"
            self.forbidden_text = ["49"]
        elif plain == "template_loop":
            config["templates"] = {"a": "{{b}}", "b": "{{a}}"}
        elif plain == "null_values":
            config.update(users=None, sources=None, output=None)
        elif plain == "nul_path":
            config["sources"][0]["path"] = "in/\0/etc"
        elif plain in ("ledger_memory", "ledger_uri"):
            # A file of just that name is as good as a refusal: only real paths count.
            name = ":memory:" if plain == "ledger_memory" else "file:x.db?mode=memory&vfs=evil"
            self.arguments = ["--out", "result", "--ledger", name]
            self.exits = {0, 64, 73, 74} | REFUSED
            self.required_files = [name]
        elif plain == "many_rules":
            rule["exclude"] = {"admin": [f"d{i}.example" for i in range(1500)]}
        elif plain == "future_version":
            config["version"] = 999
        else:
            self.config_text = data
