/// JSON Schemas that fields share.
package enum SchemaType {
  /// A text, or null where the CRM or the export gave none.
  package static let textOrNull = #"{"type":["string","null"]}"#
  /// A list of texts.
  package static let texts = ##"{"$ref":"#/$defs/texts"}"##
  /// A normalised address.
  static let address = #"{"type":"string","minLength":3}"#
  /// A list of people.
  static let mailboxes = ##"{"$ref":"#/$defs/mailboxes"}"##
  /// Who wrote a mail; empty where it does not say.
  static let senderOrNull =
    #"{"anyOf":[{"type":"object","additionalProperties":false,"properties":{"#
    + #""name":{"type":"string"},"email":{"type":"string"}}},{"type":"null"}]}"#
  /// Somebody, by address or by name alone.
  static let mailboxTextOrNull =
    ##"{"anyOf":[{"$ref":"#/$defs/mailbox"},{"type":["string","null"]}]}"##
  /// The id of an answered mail.
  static let inReplyTo = ##"{"anyOf":[{"type":["string","null"]},{"$ref":"#/$defs/texts"}]}"##
  /// Which way a mail went.
  static let direction = ##"{"$ref":"#/$defs/direction"}"##
  /// Which way an item went, if that is known.
  static let directionOrNull = #"{"enum":["inbound","outbound",null]}"#
  /// What the receiving server found of the sender.
  static let senderAuth = #"{"enum":["pass","fail","none","unknown"]}"#
  /// An instant or a day, if it is known.
  static let instantDateOrNull = ##"{"anyOf":[{"$ref":"#/$defs/instantOrDate"},{"type":"null"}]}"##
  /// A whole number, if there is one.
  static let integerOrNull = #"{"type":["integer","null"]}"#
  /// Whom the CRM should notify.
  static let notify = #"{"enum":["none","owner","invitees","all"]}"#
  /// The role of a calendar.
  static let calendarRole = #"{"enum":["primary","conflict","other"]}"#
  /// The kinds of items.
  static let item = #"{"enum":["mail","event","task"]}"#
  /// What becomes of items.
  static let outcome = #"{"enum":["kept","dropped","quarantined"]}"#
}
