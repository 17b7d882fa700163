import Bytes
import Rules

/// Where an item stands, in facts: the same in every process.
struct FactPlace: Equatable {
  /// See ``SourceName``.
  var source = ""
  /// The file's number in its source.
  var file = 0
  /// The first byte of the part of the file that was read.
  var from = 0
  /// The item's number in that part.
  var index = 0
}

extension FactPlace: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.text("source", &source)
    c.number("file", &file)
    c.number("from", &from)
    c.number("index", &index)
  }
}

/// What one part of a run says of an address that it makes a lead: what all of its items say
/// together, put together by ``CapturedLeads``.
struct LeadFact: Equatable {
  /// The comparison key of the address.
  var email = ""
  /// The first item that names it: when, Message-ID or UID, owner, field, place.
  var date: Int64?
  var id = ""
  var user = -1
  var origin = LeadOrigin.inboundFrom
  var at = FactPlace()
  /// The first item that has a display name, and the name.
  var name = ""
  var nameDate: Int64?
  var nameAt = FactPlace()
  /// A mail captured it, not meetings alone.
  var isFromMail = false
}

extension LeadFact: FactFields {
  mutating func walk(_ c: inout some FactCoder) {
    c.text("email", &email)
    c.number("date", &date)
    c.text("id", &id)
    c.position("user", &user)
    c.choice("origin", &origin)
    c.fields("at", &at)
    c.text("name", &name)
    c.number("nameDate", &nameDate)
    c.fields("nameAt", &nameAt)
    c.flag("fromMail", &isFromMail)
  }
}

extension LeadFact {
  /// The sum that a part of a run made of an address.
  init(
    _ s: CapturedLeads.Sum, place: (ItemPosition) -> FactPlace
  ) {
    email = s.first.key.string
    date = s.first.date == .max ? nil : s.first.date
    id = s.first.messageID.string
    user = s.first.user
    origin = s.first.origin
    at = place(s.first.position)
    isFromMail = s.isFromMail
    name = s.first.name.string
    if name.isEmpty { return }
    nameDate = s.nameDate == .max ? nil : s.nameDate
    nameAt = place(s.namePosition)
  }

  /// Adds it to the leads of a run.
  func add(to leads: CapturedLeads, position: (FactPlace) -> ItemPosition) {
    email.withByteView { key in
      name.withByteView { name in
        id.withByteView { id in
          leads.add(
            CapturedLeads.Sum(
              first: CapturedLeads.Sighting(
                key: key, name: name, date: date ?? .max, messageID: id, user: user,
                origin: origin, position: position(at)),
              nameDate: nameDate ?? .max,
              namePosition: name.isEmpty ? position(at) : position(nameAt),
              isFromMail: isFromMail))
        }
      }
    }
  }
}
