import Bytes
import JSONText

extension Config {
  /// `email`
  public struct Email: Sendable {
    /// False drops all mail.
    public var enabled = true
    /// What mail in a sent folder is whose From is no listed address.
    public var sentAs = SentAs.outbound
    /// The kill switch (ES-10.2).
    public var disableForAllUsers = false
    /// The provider.
    public var provider = Provider.any
    /// Mail before this is dropped; nil keeps all.
    public var connectedAt: ConfigTime?
    /// Folders that are read.
    public var folders = ["inbox", "sent"]
    /// `internal.skip`
    public var `internal` = Internal()
    /// What is done with classes of mail.
    public var guards = Guards()
    /// Sent mail.
    public var outbound = MailDirection(.outbound)
    /// Received mail.
    public var inbound = MailDirection(.inbound)
  }

  /// `email.internal`
  public struct Internal: Sendable {
    /// True drops mail that stays inside the organisation.
    public var skip = false
  }

  /// `email.guards`
  public struct Guards: Sendable {
    /// Mass mail.
    public var bulk = GuardAction.noCapture
    /// Mail that a program wrote.
    public var automatic = GuardAction.noCapture
    /// Mail from an address that takes no answers.
    public var noReply = GuardAction.noCapture
    /// Mail whose sender failed authentication.
    public var unauthenticated = GuardAction.keep
  }

  /// `email.outbound`, `email.inbound`
  public struct MailDirection: Sendable {
    /// Which of the two it is.
    public let direction: Direction
    /// False drops all mail of the direction.
    public var enabled = true
    /// Whether a keyword is needed.
    public var behaviour = Behaviour.all
    /// Keywords.
    public var keywords = Keywords()
    /// Exclusions.
    public var exclude: Exclude
    /// The activity written.
    public var activity: Activity
    /// Whether unknown counterparts become leads.
    public var captureLeads: CaptureLeads

    /// The generic defaults of a direction.
    public init(_ direction: Direction) {
      self.direction = direction
      let isInbound = direction == .inbound
      let fields: [AddressField] = isInbound ? [.from, .to, .cc, .bcc] : [.to, .cc, .bcc]
      exclude = Exclude(allowed: fields, applyTo: isInbound ? [.from] : [.to, .cc, .bcc])
      activity = Activity(type: isInbound ? "Email Received" : "Email Sent")
      captureLeads = CaptureLeads(allowed: fields, from: isInbound ? [.from] : [.to])
    }

    /// The source that captured leads get: `captureLeads.source`, else the activity's type.
    public var leadSource: String { captureLeads.source ?? activity.type }
  }

  /// `keywords`
  public struct Keywords: Sendable {
    /// The administrator's.
    public var admin: [String] = []
    /// Whether users may add theirs.
    public var allowUser = true
    /// Where they are looked for.
    public var checkIn: [KeywordPlace] = [.subject, .body]
    /// How they are compared.
    public var match = KeywordMatcher.Mode.contains
  }

  /// `exclude`
  public struct Exclude: Sendable {
    let allowed: [AddressField]
    /// The administrator's addresses and domains.
    public var admin: [String] = []
    /// Whether users may add theirs.
    public var allowUser = false
    /// The fields tested; inbound tests From always.
    public var applyTo: [AddressField]
    /// What a hit drops.
    public var scope = ExclusionScope.message

    init(allowed: [AddressField], applyTo: [AddressField]) {
      self.allowed = allowed
      self.applyTo = applyTo
    }
  }

  /// `activity`
  public struct Activity: Sendable {
    /// The activity's type.
    public var type: String
    /// What it carries beside its fixed parts.
    public var capture: [CaptureField] = [.cc, .bcc, .subject, .body]
    /// Which attachments are kept.
    public var attachmentTypes = AttachmentTypes.all
    /// How much of the body.
    public var bodyScope = BodyScope.full

    init(type: String) { self.type = type }
  }

  /// `captureLeads`
  public struct CaptureLeads: Sendable {
    let allowed: [AddressField]
    /// True makes leads of unknown counterparts.
    public var enabled = false
    /// The fields looked at; inbound looks at From always.
    public var from: [AddressField]
    /// The lead's source; nil is the activity's type.
    public var source: String?

    init(allowed: [AddressField], from: [AddressField]) {
      self.allowed = allowed
      self.from = from
    }
  }

  /// Which attachments are kept (ES-8.3-types).
  public enum AttachmentTypes: Hashable, Sendable {
    /// Every one.
    case all
    /// These, in lower case: names of kinds (`inline`, `word`, `excel`) or file name extensions.
    case only([String])
  }
}

extension Config.Email: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.flag("enabled", &enabled, "False drops all mail.")
    v.flag("disableForAllUsers", &disableForAllUsers, "Stops the sync of every user.")
    v.choice("provider", &provider, "Where the mail was exported from.")
    v.time("connectedAt", &connectedAt, "Mail before this is dropped; null keeps all.")
    v.texts("folders", &folders, .folder, "Folders that are read: inbox, sent, archive or a name.")
    v.choice(
      "sentAs", &sentAs, "What mail in a sent folder is whose From is no listed address.")
    v.section("internal", &`internal`, "Mail that stays inside the organisation.")
    v.section("guards", &guards, "What is done with classes of mail.")
    v.section("outbound", &outbound, "Sent mail.")
    v.section("inbound", &inbound, "Received mail.")
  }
}

extension Config.Internal: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.flag("skip", &skip, "True drops it; needs organization.domains.")
  }
}

extension Config.Guards: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.choice("bulk", &bulk, "Mass mail.")
    v.choice("automatic", &automatic, "Mail that a program wrote.")
    v.choice("noReply", &noReply, "Mail from an address that takes no answers.")
    v.choice("unauthenticated", &unauthenticated, "Mail whose sender failed authentication.")
  }
}

extension Config.MailDirection: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.flag("enabled", &enabled, "False drops all mail of this direction.")
    v.choice("behaviour", &behaviour, "All mail, or only mail with a keyword.")
    v.section("keywords", &keywords, "Asked when behaviour is keywords.")
    v.section("exclude", &exclude, "Addresses and domains that no mail may touch.")
    v.section("activity", &activity, "The activity written.")
    v.section("captureLeads", &captureLeads, "Makes leads of unknown counterparts.")
  }
}

extension Config.Keywords: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("admin", &admin, .keyword, "The administrator's keywords; one is enough.")
    v.flag("allowUser", &allowUser, "Whether users may add theirs.")
    v.choices(
      "checkIn", &checkIn, of: Config.KeywordPlace.allCases, minimum: 1, "Where they are sought.")
    v.choice("match", &match, "How they are compared; wildcard knows * and ?.")
  }
}

extension Config.Exclude: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("admin", &admin, .entry, "Addresses, domains, *.domains.")
    v.flag("allowUser", &allowUser, "Whether users may add theirs.")
    v.choices("applyTo", &applyTo, of: allowed, minimum: 1, "The fields tested.")
    v.choice("scope", &scope, "A hit drops the message, or only the recipient.")
  }
}

extension Config.Activity: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("type", &type, .plain, "The activity's type.")
    v.choices(
      "capture", &capture, of: Config.CaptureField.allCases, minimum: 0,
      "What it carries beside From and To.")
    v.special("attachmentTypes", &attachmentTypes, "Which attachments are kept.")
    v.choice("bodyScope", &bodyScope, "The whole body, or without quoted history.")
  }
}

extension Config.CaptureLeads: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.flag("enabled", &enabled, "True makes leads of unknown counterparts.")
    v.choices("from", &from, of: allowed, minimum: 1, "The fields looked at.")
    v.text("source", &source, .plain, "The lead's source; null is the activity's type.")
  }
}

extension Config.AttachmentTypes: ConfigSpecial {
  static var form: String { "all, or a list of kinds" }
  static var schema: StaticString {
    """
    {"anyOf":[{"const":"all"},{"type":"array","items":{"type":"string",\
    "pattern":"^[A-Za-z0-9]{1,16}$"}}]}
    """
  }

  mutating func read(_ value: JSONValue) -> (message: String, allowed: [String])? {
    let wrong = ("expected \"all\" or a list of kinds", ["all", "[\"inline\", \"word\", \"jpg\"]"])
    if value.kind == .string {
      guard value.bytes.equalsIgnoringCase("all") else { return wrong }
      self = .all
      return nil
    }
    guard value.kind == .array else { return wrong }
    var names: [String] = []
    for e in value.elements {
      let v = e.bytes.trimmed()
      let name = v[0] == 46 ? v.from(1) : v
      guard e.kind == .string, name.count > 0, name.count <= 16,
        name.buffer.allSatisfy(ASCII.isAlphanumeric)
      else { return wrong }
      let out = ByteBuffer(capacity: 16)
      out.appendLowercased(name)
      if !names.contains(out.string) { names.append(out.string) }
    }
    self = .only(names)
    return nil
  }

  func write(to w: JSONWriter) {
    switch self {
    case .all: w.string("all" as StaticString)
    case .only(let names):
      w.beginArray()
      for n in names { w.string(n) }
      w.endArray()
    }
  }
}
