extension Schemas {
  /// The schema of run.json. Members may be added.
  static func run() -> String {
    let items = #"""
      {"type":"object","required":["in","kept","dropped","quarantined"],
      "properties":{"in":{"$ref":"#/$defs/count"},"kept":{"$ref":"#/$defs/count"},
      "dropped":{"$ref":"#/$defs/count"},"quarantined":{"$ref":"#/$defs/count"},
      "unread":{"$ref":"#/$defs/count"}}}
      """#
    return schema(
      "run", "winnow run",
      #""type":"object","required":["items","mail","events","reasons","records","version","#
        + #""compliance","timing"],"properties":{"#
        + "\"items\":\(items),\"mail\":\(items),\"events\":\(items),"
          + #"""
          "reasons":{"type":"object","additionalProperties":{"$ref":"#/$defs/count"}},
          "records":{"type":"object","required":["activities","leads","tasks","blocks"],
          "properties":{"activities":{"$ref":"#/$defs/count"},"leads":{"$ref":"#/$defs/count"},
          "tasks":{"$ref":"#/$defs/count"},"blocks":{"$ref":"#/$defs/count"}}},
          "version":{"type":"string"},
          "compliance":{"type":"object","properties":{"region":{"type":["string","null"]},
          "retentionDays":{"type":["integer","null"]}}},
          "newSources":{"type":"array"},
          "warnings":{"type":"array"},
          "timing":{"type":"object","properties":{"runId":{"type":"string"},
          "started":{"type":"string"},"duration":{"type":"number"},
          "bytesPerSecond":{"type":"number"}}}}
          """#)
  }

  /// The schema of a line of `winnow inspect`: a mail, an event or a quarantined item. `defects`
  /// are the codes that items may show; without any, every text is one. Long because it is one
  /// text.
  static func inspect(defects: [String]) -> String {
    let codes = defects.map { "\"\($0)\"" }.joined(separator: ",")
    let defectList =
      "\"defects\":{\"type\":\"array\",\"items\":{"
      + (defects.isEmpty ? "\"type\":\"string\"" : "\"enum\":[\(codes)]") + "}}"
    let mail = object(
      #"""
      "item":{"const":"mail"},
      "source":{"type":"object","additionalProperties":false,
      "required":["path","index","offset","length"],"properties":{"path":{"type":"string"},
      "index":{"$ref":"#/$defs/count"},"offset":{"$ref":"#/$defs/count"},
      "length":{"$ref":"#/$defs/count"}}},
      "messageId":{"type":["string","null"]},
      "date":{"anyOf":[{"$ref":"#/$defs/instant"},{"type":"null"}]},
      "dateSource":{"type":"string"},
      "from":{"$ref":"#/$defs/mailboxes"},
      "sender":{"$ref":"#/$defs/mailboxes"},
      "replyTo":{"$ref":"#/$defs/mailboxes"},
      "to":{"$ref":"#/$defs/mailboxes"},
      "cc":{"$ref":"#/$defs/mailboxes"},
      "bcc":{"$ref":"#/$defs/mailboxes"},
      "subject":{"type":"string"},
      "inReplyTo":{"anyOf":[{"type":["string","null"]},{"$ref":"#/$defs/texts"}]},
      "references":{"$ref":"#/$defs/texts"},
      "text":{"type":"string"},
      "html":{"type":"boolean"},
      "attachments":{"type":"array","items":{"type":"object","additionalProperties":false,
      "required":["mediaType","bytes","sha256","inline"],"properties":{
      "name":{"type":["string","null"]},"mediaType":{"type":"string"},
      "bytes":{"$ref":"#/$defs/count"},"sha256":{"$ref":"#/$defs/sha256"},
      "inline":{"type":"boolean"}}}},
      "labels":{"$ref":"#/$defs/texts"},
      "owner":{"type":"string"},
      "folder":{"type":["string","null"]},
      "automatic":{"type":"boolean"},
      "bulk":{"type":"boolean"},
      """# + defectList,
      required: ["item", "source", "text", "html", "attachments", "automatic", "bulk", "defects"])
    let event = object(
      #"""
      "item":{"const":"event"},
      "component":{"enum":["VTODO","VJOURNAL"]},
      "source":{"type":"object","additionalProperties":false,"required":["path","index"],
      "properties":{"path":{"type":"string"},"index":{"$ref":"#/$defs/count"},
      "offset":{"$ref":"#/$defs/count"},"length":{"$ref":"#/$defs/count"}}},
      "uid":{"type":["string","null"]},
      "recurrenceId":{"anyOf":[{"$ref":"#/$defs/when"},{"type":"null"}]},
      "sequence":{"type":["integer","null"]},
      "method":{"type":["string","null"]},
      "summary":{"type":["string","null"]},
      "start":{"anyOf":[{"$ref":"#/$defs/when"},{"type":"null"}]},
      "end":{"anyOf":[{"$ref":"#/$defs/when"},{"type":"null"}]},
      "timeZone":{"type":["string","null"]},
      "allDay":{"type":"boolean"},
      "class":{"type":["string","null"]},
      "status":{"type":["string","null"]},
      "transparency":{"type":["string","null"]},
      "organizer":{"anyOf":[{"$ref":"#/$defs/mailbox"},{"type":"null"}]},
      "attendees":{"type":"array","items":{"type":"object","additionalProperties":false,
      "required":["email","role","status","kind"],"properties":{"name":{"type":"string"},
      "email":{"type":"string"},"role":{"type":"string"},"status":{"type":"string"},
      "kind":{"type":"string"}}}},
      "location":{"type":["string","null"]},
      "description":{"type":["string","null"]},
      "joinUrl":{"type":["string","null"]},
      "rrule":{"type":["string","null"]},
      "occurrences":{"type":"array","items":{"type":"object","additionalProperties":false,
      "required":["start"],"properties":{"start":{"$ref":"#/$defs/when"},
      "end":{"anyOf":[{"$ref":"#/$defs/when"},{"type":"null"}]},
      "recurrenceId":{"anyOf":[{"$ref":"#/$defs/when"},{"type":"null"}]},
      "overridden":{"type":"boolean"}}}},
      """# + defectList,
      required: ["item", "source", "allDay", "defects"])
    let quarantined = object(
      #"""
      "item":{"const":"quarantined"},
      "source":{"type":"object","required":["path","index"]},
      "error":{"type":"string"}
      """#,
      required: ["item", "source", "error"])
    return schema(
      "inspect", "winnow inspect", "\"oneOf\":[{\(mail)},{\(event)},{\(quarantined)}]")
  }
}
