import Rules

/// Where the address of a captured lead stood: `capturedFrom` in its record.
enum LeadOrigin: UInt8, Sendable {
  case inboundFrom, inboundTo, inboundCC, inboundBCC
  case outboundFrom, outboundTo, outboundCC, outboundBCC
  case organizer, attendee

  /// A field of a mail.
  init(_ field: AddressFields, _ direction: Direction) {
    let isOutbound = direction == .outbound
    switch field {
    case .to: self = isOutbound ? .outboundTo : .inboundTo
    case .cc: self = isOutbound ? .outboundCC : .inboundCC
    case .bcc: self = isOutbound ? .outboundBCC : .inboundBCC
    default: self = isOutbound ? .outboundFrom : .inboundFrom
    }
  }

  /// The direction of the mail; nil for meetings.
  var direction: Direction? {
    switch self {
    case .inboundFrom, .inboundTo, .inboundCC, .inboundBCC: .inbound
    case .outboundFrom, .outboundTo, .outboundCC, .outboundBCC: .outbound
    case .organizer, .attendee: nil
    }
  }

  /// As records show it.
  var name: StaticString {
    switch self {
    case .inboundFrom, .outboundFrom: "from"
    case .inboundTo, .outboundTo: "to"
    case .inboundCC, .outboundCC: "cc"
    case .inboundBCC, .outboundBCC: "bcc"
    case .organizer: "organizer"
    case .attendee: "attendee"
    }
  }
}

extension CapturedLeads.Sighting {
  /// What a mail says of an address; `position` is where it stands.
  init(_ v: FactAddress, of fact: MailFact, at position: ItemPosition) {
    self.init(
      key: v.key, name: v.name, date: fact.date, messageID: fact.messageID, user: fact.user,
      origin: LeadOrigin(v.field, fact.direction), position: position)
  }
}
