extension Schemas {
  /// The schema of a line of activities.jsonl.
  public static func activity() -> String {
    schema(
      "activity", "winnow activity",
      object(
        #"""
        "key":{"$ref":"#/$defs/key"},
        "type":{"type":"string"},
        "direction":{"$ref":"#/$defs/direction"},
        "date":{"$ref":"#/$defs/instant"},
        "dateSource":{"type":"string"},
        "owner":{"type":"string"},
        "lead":{"type":"object","additionalProperties":false,"required":["key","email","matchedBy"],
        "properties":{"id":{"type":"string"},"key":{"$ref":"#/$defs/key"},
        "email":{"type":"string"},"matchedBy":{"type":"string"}}},
        "from":{"anyOf":[{"type":"object","additionalProperties":false,"properties":{
        "name":{"type":"string"},"email":{"type":"string"}}},{"type":"null"}]},
        "to":{"$ref":"#/$defs/mailboxes"},
        "cc":{"$ref":"#/$defs/mailboxes"},
        "bcc":{"$ref":"#/$defs/mailboxes"},
        "subject":{"type":"string"},
        "bodyText":{"type":"string"},
        "attachments":{"type":"array","items":{"type":"object","additionalProperties":false,
        "required":["mediaType","bytes","kept"],"properties":{"name":{"type":["string","null"]},
        "mediaType":{"type":"string"},"bytes":{"$ref":"#/$defs/count"},
        "sha256":{"$ref":"#/$defs/sha256"},"path":{"type":["string","null"]},
        "kept":{"type":"boolean"},"reason":{"type":["string","null"]}}}},
        "messageId":{"type":["string","null"]},
        "inReplyTo":{"anyOf":[{"type":["string","null"]},{"$ref":"#/$defs/texts"}]},
        "references":{"$ref":"#/$defs/texts"},
        "thread":{"type":"string"},
        "senderAuth":{"enum":["pass","fail","none","unknown"]},
        "source":{"type":"object","additionalProperties":false,
        "required":["path","index","offset"],"properties":{"path":{"type":"string"},
        "index":{"$ref":"#/$defs/count"},"offset":{"$ref":"#/$defs/count"},
        "folder":{"type":["string","null"]},"labels":{"$ref":"#/$defs/texts"}}}
        """#,
        required: ["key", "type", "direction", "owner", "lead", "thread", "senderAuth", "source"]))
  }

  /// The schema of a line of leads.jsonl.
  public static func lead() -> String {
    schema(
      "lead", "winnow lead",
      object(
        #"""
        "key":{"$ref":"#/$defs/key"},
        "email":{"type":"string","minLength":3},
        "firstName":{"type":["string","null"]},
        "lastName":{"type":["string","null"]},
        "fullName":{"type":["string","null"]},
        "company":{"type":["string","null"]},
        "domain":{"type":["string","null"]},
        "source":{"type":["string","null"]},
        "owner":{"type":["string","null"]},
        "firstSeen":{"anyOf":[{"$ref":"#/$defs/instant"},{"type":"null"}]},
        "firstMessageId":{"type":["string","null"]},
        "capturedFrom":{"type":["string","null"]}
        """#,
        required: ["key", "email"]))
  }

  /// The schema of a line of tasks.jsonl.
  public static func task() -> String {
    schema(
      "task", "winnow task",
      object(
        #"""
        "key":{"$ref":"#/$defs/key"},
        "uid":{"type":"string"},
        "recurrenceId":{"type":["string","null"]},
        "type":{"type":"string"},
        "subject":{"type":["string","null"]},
        "description":{"type":["string","null"]},
        "start":{"$ref":"#/$defs/instantOrDate"},
        "end":{"anyOf":[{"$ref":"#/$defs/instantOrDate"},{"type":"null"}]},
        "timeZone":{"type":["string","null"]},
        "allDay":{"type":"boolean"},
        "location":{"type":["string","null"]},
        "joinUrl":{"type":["string","null"]},
        "online":{"type":"object","additionalProperties":false,"properties":{
        "isOnline":{"type":"boolean"},"provider":{"type":["string","null"]},
        "linkNeeded":{"type":"boolean"}}},
        "owner":{"type":"string"},
        "leads":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},
        "key":{"$ref":"#/$defs/key"},"email":{"type":"string"},"matchedBy":{"type":"string"}}}},
        "company":{"type":["string","null"]},
        "participants":{"type":"array","items":{"type":"object","additionalProperties":false,
        "properties":{"name":{"type":["string","null"]},"email":{"type":["string","null"]},
        "role":{"type":["string","null"]},"status":{"type":["string","null"]},
        "kind":{"type":["string","null"]}}}},
        "rooms":{"type":"array"},
        "organizer":{"anyOf":[{"$ref":"#/$defs/mailbox"},{"type":["string","null"]}]},
        "status":{"type":["string","null"]},
        "category":{"type":["string","null"]},
        "sequence":{"type":["integer","null"]},
        "runAutomations":{"type":"boolean"},
        "notify":{"enum":["none","owner","invitees","all"]},
        "conflicts":{"type":"array"},
        "source":{"type":"object","required":["path","index"],"properties":{
        "path":{"type":"string"},"index":{"$ref":"#/$defs/count"},
        "offset":{"$ref":"#/$defs/count"}}}
        """#,
        required: ["key", "uid", "type", "start", "allDay", "owner", "leads", "source"]))
  }

  /// The schema of a line of blocks.jsonl: time, owner and role of the calendar, nothing else.
  public static func block() -> String {
    schema(
      "block", "winnow block",
      object(
        #"""
        "key":{"$ref":"#/$defs/key"},
        "owner":{"type":"string"},
        "start":{"$ref":"#/$defs/instantOrDate"},
        "end":{"$ref":"#/$defs/instantOrDate"},
        "calendar":{"enum":["primary","conflict","other"]},
        "display":{"type":"string"}
        """#,
        required: ["key", "owner", "start", "end", "calendar"]))
  }
}
