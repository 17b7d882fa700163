import Bytes
import JSONText

/// One of the CRM's users: an entry of `users`.
public struct UserRecord: Sendable {
  /// The id; unique.
  public var id = ""
  /// The name for people.
  public var name: String?
  /// The main address as written; what UP-11 calls the username.
  public var email = ""
  /// Further addresses as written.
  public var aliases: [String] = []
  /// The role.
  public var role: String?
  /// The id of the user's manager.
  public var manager: String?
  /// False for people without a licence.
  public var licensed = true
  /// The state.
  public var status = Config.UserStatus.active
  /// The provider of the mailbox.
  public var provider: String?
  /// What is older is dropped; nil keeps all.
  public var connectedAt: ConfigTime?
  /// Every further column by its name.
  public var fields: [String: String] = [:]
  /// What they change for their own mail and calendar, as far as the administrator allows it.
  public var overrides = UserOverrides()

  /// A user without anything.
  public init() {}
}

/// What a user may change (ES-8-admin-final): nothing else is allowed.
public struct UserOverrides: Sendable {
  /// Sent mail.
  public var outbound = MailOverride()
  /// Received mail.
  public var inbound = MailOverride()
  /// The calendar settings with the user's own in them; nil when there are none.
  public var calendar: Config.Calendar?

  /// A user's keywords and exclusions for one direction.
  public struct MailOverride: Sendable {
    /// Keywords beside the administrator's.
    public var keywords: [String] = []
    /// Exclusions beside the administrator's.
    public var exclude: [String] = []
  }

  /// True when nothing is changed.
  public var isEmpty: Bool {
    outbound.keywords.isEmpty && outbound.exclude.isEmpty && inbound.keywords.isEmpty
      && inbound.exclude.isEmpty && calendar == nil
  }
}

/// A user as JSON has it.
struct UserSection: ConfigSection {
  var user = UserRecord()
  /// What overrides of the calendar start from.
  let calendar: Config.Calendar

  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.text("id", &user.id, .plain, "The id; unique.")
    v.text("name", &user.name, .plain, "The name for people.")
    v.text("email", &user.email, .plain, "The main address.")
    v.texts("aliases", &user.aliases, .plain, "Further addresses.")
    v.text("role", &user.role, .plain, "The role.")
    v.text("manager", &user.manager, .plain, "The id of the manager.")
    var licensed = YesNoSetting(value: user.licensed)
    v.special("licensed", &licensed, "False for people without a licence.")
    user.licensed = licensed.value
    v.choice("status", &user.status, "The state.")
    v.text("provider", &user.provider, .plain, "The provider of the mailbox.")
    v.time("connectedAt", &user.connectedAt, "What is older is dropped.")
    var fields = FieldsSetting(values: user.fields)
    v.special("fields", &fields, "Further fields by name.")
    user.fields = fields.values
    var overrides = OverridesSection(overrides: user.overrides, base: calendar)
    v.section("overrides", &overrides, "What users change for themselves.")
    user.overrides = overrides.overrides
  }
}

struct OverridesSection: ConfigSection {
  var overrides: UserOverrides
  let base: Config.Calendar

  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.section("outbound", &overrides.outbound, "Sent mail.")
    v.section("inbound", &overrides.inbound, "Received mail.")
    v.optional("calendar", &overrides.calendar, fresh: base, "Calendar settings.")
  }
}

extension UserOverrides.MailOverride: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.texts("keywords", &keywords, .keyword, "Keywords beside the administrator's.")
    v.texts("exclude", &exclude, .entry, "Exclusions beside the administrator's.")
  }
}

/// A boolean that may also be written as yes or no.
struct YesNoSetting: ConfigSpecial {
  static let form = "true, false, or a word for yes or no"
  var value: Bool
  static var schema: StaticString {
    #"{"enum":[true,false,"yes","no","Yes","No","true","false","1","0",1,0]}"#
  }

  mutating func read(_ v: JSONValue) -> (message: String, allowed: [String])? {
    guard let text = FieldsSetting.text(v), let yes = YesNo(text), v.kind != .null else {
      return ("expected a yes or a no", ["true", "false", "\"yes\"", "\"no\""])
    }
    value = yes == .yes
    return nil
  }

  func write(to w: JSONWriter) { w.bool(value) }
}

/// Fields of a user: texts, numbers and booleans by name.
struct FieldsSetting: ConfigSpecial {
  static let form = "an object of texts"
  var values: [String: String]
  static var schema: StaticString {
    #"{"type":"object","additionalProperties":{"type":["string","number","boolean","null"]}}"#
  }

  /// A scalar as text; nil for arrays, objects and texts with U+0000.
  static func text(_ v: JSONValue) -> String? {
    switch v.kind {
    case .string: v.hasNUL ? nil : v.string
    case .number: v.literal.string
    case .true: "true"
    case .false: "false"
    case .null: ""
    case .array, .object: nil
    }
  }

  mutating func read(_ v: JSONValue) -> (message: String, allowed: [String])? {
    guard v.kind == .object else { return ("expected an object, found \(v.kind.words)", []) }
    for (key, value) in v.members {
      guard let text = Self.text(value) else {
        return ("a field is a text, a number, true, false or null", [])
      }
      values[key.bytes.string] = text
    }
    return nil
  }

  func write(to w: JSONWriter) {
    w.beginObject()
    for key in values.keys.sorted() {
      w.key(text: key)
      w.string(values[key] ?? "")
    }
    w.endObject()
  }
}
