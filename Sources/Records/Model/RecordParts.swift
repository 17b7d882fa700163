package import Bytes
package import JSONText

/// Somebody's name and address.
package struct RecordMailbox: RecordPart {
  /// As the mail or the calendar has it; empty without.
  package var name = ""
  /// As written.
  package var email = ""

  /// Nobody.
  package init() {}
  /// Somebody.
  package init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  private typealias R = RecordMailbox
  /// Its fields.
  package static let table = RecordTable<RecordMailbox>([
    Field("name", \R.name, columns: [], holds: .person(.name), "The name."),
    Field("email", \R.email, holds: .person(.address), required: true, "The address."),
  ])

  package static var schema: String { ##"{"$ref":"#/$defs/mailbox"}"## }
  package func appendCell(to out: ByteBuffer) { out.append(string: email) }
  package init?(cell: ByteView) { self.init(name: "", email: cell.string) }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    pseudonyms.hide(name: &name, email: &email, namesNobody: kind == .correspondent)
  }
}

/// A room of a meeting, which may have no address.
package struct RecordRoom: RecordPart {
  /// As the calendar has it; empty without.
  package var name = ""
  /// As written; empty without.
  package var email = ""

  /// None.
  package init() {}
  /// A room.
  package init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  private typealias R = RecordRoom
  /// Its fields.
  package static let table = RecordTable<RecordRoom>([
    Field("name", \R.name, columns: [], holds: .person(.name), "The name."),
    Field("email", \R.email, holds: .person(.address), "The address, where the calendar has one."),
  ])

  package func appendCell(to out: ByteBuffer) { out.append(string: email.isEmpty ? name : email) }
  package func appendContent(to out: ByteBuffer) { out.append(string: "\(email) \(name)\0") }
  package init?(cell: ByteView) {
    let isAddress = cell.firstIndex(of: 64) != nil
    self.init(name: isAddress ? "" : cell.string, email: isAddress ? cell.string : "")
  }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    pseudonyms.hide(name: &name, email: &email)
  }
}

/// Somebody who takes part in a meeting.
package struct RecordParticipant: RecordPart {
  /// As the calendar has it; empty without.
  package var name = ""
  /// As written.
  package var email = ""
  /// ROLE.
  package var role: String?
  /// PARTSTAT in capitals.
  package var status: String?
  /// CUTYPE.
  package var kind: String?

  /// Nobody.
  package init() {}
  /// Somebody.
  package init(name: String, email: String, role: String?, status: String?, kind: String?) {
    self.name = name
    self.email = email
    self.role = role
    self.status = status
    self.kind = kind
  }

  private typealias R = RecordParticipant
  /// Its fields.
  package static let table = RecordTable<RecordParticipant>([
    Field(
      "name", \R.name, columns: [], holds: .person(.name), schema: SchemaType.textOrNull,
      "The name."
    ),
    Field(
      "email", \R.email, holds: .person(.address), schema: SchemaType.textOrNull, "The address."),
    Field(
      "role", \R.role, columns: [], holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The role: chair, required, optional."),
    Field(
      "status", \R.status, columns: [], holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "The answer, in capitals as the calendar spells it."),
    Field(
      "kind", \R.kind, columns: [], holds: .unlessPrivate, schema: SchemaType.textOrNull,
      "A person, a group or something else."),
  ])

  package func appendCell(to out: ByteBuffer) { out.append(string: email) }
  package func appendContent(to out: ByteBuffer) {
    out.append(string: "\(email) \(name) \(role ?? "") \(status ?? "")\0")
  }
  package init?(cell: ByteView) {
    self.init(name: "", email: cell.string, role: nil, status: nil, kind: nil)
  }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    pseudonyms.hide(name: &name, email: &email)
  }
}

/// The lead that a record is about.
package struct RecordLead: RecordPart {
  /// The CRM's id; none for a captured lead.
  package var id = Captured<String>(nil)
  /// The lead's key.
  package var key = Digest(words: (0, 0, 0, 0))
  /// The address that hit, normalised.
  package var email = ""
  /// The list's column that it was found by, or `captured`.
  package var matchedBy = ""

  /// Nobody.
  package init() {}
  /// A lead.
  package init(id: String?, key: Digest, email: String, matchedBy: String) {
    self.id = Captured(id)
    self.key = key
    self.email = email
    self.matchedBy = matchedBy
  }

  private typealias R = RecordLead
  /// Its fields.
  package static let table = RecordTable<RecordLead>([
    Field(
      "id", \R.id, columns: ["leadId"], holds: .person(.text),
      "The CRM's id; absent for a captured lead."),
    Field(
      "key", \R.key, columns: ["leadKey"], holds: .unlessPrivate, required: true, "The lead's key."),
    Field(
      "email", \R.email, columns: ["leadEmail"], holds: .person(.address), required: true,
      "The address that hit."),
    Field(
      "matchedBy", \R.matchedBy, columns: ["matchedBy"], holds: .unlessPrivate, required: true,
      "The column of the list that it was found by, or `captured`."),
  ])

  package func appendCell(to out: ByteBuffer) { out.append(string: email) }
  package func appendContent(to out: ByteBuffer) {
    key.appendHex(to: out, bytes: 16)
    out.append(string: " \(email)\0")
  }
  package init?(cell: ByteView) {
    self.init()
    email = cell.string
  }

  /// The key follows the address: over an address anybody could test whether it occurs.
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    id.hide(.text, pseudonyms)
    email.hide(.address, pseudonyms)
    key = email.withByteView { RecordKeys.lead($0, SHA256()) }
  }
}

/// Where an item was read.
package struct SourcePlace: RecordPart {
  /// Relative to the configuration file.
  package var path = ""
  /// The item's number in the file, from 0.
  package var index = 0
  /// Its first byte.
  package var offset = 0

  /// Nowhere.
  package init() {}
  /// A place.
  package init(path: String, index: Int, offset: Int) {
    self.path = path
    self.index = index
    self.offset = offset
  }

  private typealias R = SourcePlace
  /// Its fields.
  package static let table = RecordTable<SourcePlace>([
    Field(
      "path", \R.path, columns: ["sourcePath"], holds: .name(.text), required: true,
      "The file, relative to the configuration's folder."),
    Field(
      "index", \R.index, columns: ["sourceIndex"], required: true,
      "The item's number in the file, from 0."),
    Field("offset", \R.offset, columns: ["sourceOffset"], "The item's first byte in the file."),
  ])

  package static var schema: String { table.schema(isClosed: false) }
  package func appendCell(to out: ByteBuffer) { out.append(string: path) }
  package init?(cell: ByteView) { self.init(path: cell.string, index: 0, offset: 0) }
}

/// Where a mail was read, and what it was filed under.
package struct MailSourcePlace: RecordPart {
  /// Relative to the configuration file.
  package var path = ""
  /// The mail's number in the file, from 0.
  package var index = 0
  /// Its first byte.
  package var offset = 0
  /// `inbox`, `sent` or a folder's name.
  package var folder = ""
  /// Gmail's labels.
  package var labels = Labels([])

  /// Nowhere.
  package init() {}

  private typealias R = MailSourcePlace
  /// Its fields.
  package static let table = RecordTable<MailSourcePlace>([
    Field(
      "path", \R.path, columns: ["sourcePath"], holds: .name(.text), required: true,
      "The file, relative to the configuration's folder."),
    Field(
      "index", \R.index, columns: ["sourceIndex"], required: true,
      "The mail's number in the file, from 0."),
    Field(
      "offset", \R.offset, columns: ["sourceOffset"], required: true,
      "The mail's first byte in the file."),
    Field(
      "folder", \R.folder, holds: .person(.folder), schema: SchemaType.textOrNull,
      "`inbox`, `sent` or the folder's name."),
    Field("labels", \R.labels, holds: .person(.folder), "Gmail's labels."),
  ])

  package func appendCell(to out: ByteBuffer) { out.append(string: path) }
  package init?(cell: ByteView) {
    self.init()
    path = cell.string
  }
}

/// Gmail's labels. Pseudonyms leave the standard ones and take out those of the user's own, which a
/// pseudonym would tell nothing of.
package struct Labels: FieldValue {
  /// Their names.
  package var names: [String]

  /// Labels.
  package init(_ names: [String]) { self.names = names }

  package static var schema: String { SchemaType.texts }
  package func write(to w: JSONWriter) { names.write(to: w) }
  package func appendCell(to out: ByteBuffer) { names.appendCell(to: out) }
  package init?(json: JSONValue) {
    guard let names = [String](json: json) else { return nil }
    self.names = names
  }
  package init?(cell: ByteView) { names = [String](cell: cell) ?? [] }
  package mutating func withhold() { names = [] }
  package mutating func hide(_ kind: Pseudonym, _ pseudonyms: Pseudonyms) {
    names.removeAll { !Pseudonyms.isStandardFolder($0) }
  }
}

/// What is known of a meeting's being online.
package struct OnlineMeeting: RecordPart {
  /// True where it has a link.
  package var isOnline = false
  /// Whose service it is.
  package var provider: String?
  /// True where the CRM should make a link.
  package var linkNeeded = false

  /// A meeting in a place.
  package init() {}

  private typealias R = OnlineMeeting
  /// Its fields.
  package static let table = RecordTable<OnlineMeeting>([
    Field("isOnline", \R.isOnline, holds: .unlessPrivate, "Whether it has a link."),
    Field(
      "provider", \R.provider, columns: ["onlineProvider"], holds: .unlessPrivate,
      schema: SchemaType.textOrNull, "Whose service it is."),
    Field(
      "linkNeeded", \R.linkNeeded, holds: .unlessPrivate, "Whether the CRM should make a link."),
  ])

  package func appendCell(to out: ByteBuffer) { isOnline.appendCell(to: out) }
  package func appendContent(to out: ByteBuffer) { provider.appendContent(to: out) }
  package init?(cell: ByteView) {
    self.init()
    isOnline = cell.equals("true")
  }
}
