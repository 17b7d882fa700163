import Bytes
import JSONText

extension Config {
  /// `access`; an absent part is as the profile says.
  public struct Access: Sendable {
    /// Who may change the settings.
    public var settings: AccessRule?
    /// Whose mail is synced.
    public var inbox: AccessRule?
    /// Whose calendar is synced.
    public var calendar: AccessRule?
  }

  /// A part of `access`: by role, or by a yes/no field of the user.
  public struct AccessRule: Sendable {
    /// Which of the two.
    public var basedOn: AccessBasis?
    /// Role names.
    public var roles: [String] = []
    /// The field's name.
    public var field: String?

    /// A rule.
    public init(basedOn: AccessBasis? = nil, roles: [String] = [], field: String? = nil) {
      self.basedOn = basedOn
      self.roles = roles
      self.field = field
    }
  }
}

extension Config.Access: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    let fresh = Config.AccessRule()
    v.optional("settings", &settings, fresh: fresh, "Who may change settings; administrators may.")
    v.optional("inbox", &inbox, fresh: fresh, "Whose mail is synced.")
    v.optional(
      "calendar", &calendar, fresh: fresh, "Whose calendar is synced; administrators' is.")
  }
}

extension Config.AccessRule: ConfigSection {
  mutating func visit<V: ConfigVisitor>(_ v: inout V) {
    v.choice("basedOn", &basedOn, "What decides: role or field.")
    v.texts("roles", &roles, .plain, "The roles let in, when basedOn is role.")
    v.text("field", &field, .plain, "The yes/no field of the user, when basedOn is field.")
  }
}

/// Answers who may do what (ES-5.2, ES-10.1, CS-5).
public struct AccessPolicy: Sendable {
  /// The role that may always change settings and use the calendar.
  public static let administrator = "Administrator"

  private let access: Config.Access
  private let absentNeedsLicence: Bool

  /// The policy of a configuration.
  public init(_ config: Config) {
    access = config.access
    absentNeedsLicence = config.profile == .upsales
  }

  /// True when the user may make the changes of `access.settings`; administrators always.
  public func mayChangeSettings(_ user: UserRecord) -> Bool {
    Self.isAdministrator(user) || admits(access.settings, user, orLicensed: false)
  }

  /// True when the user's mail is synced. Administrators need the rule like everybody else.
  public func mayUseInbox(_ user: UserRecord) -> Bool {
    admits(access.inbox, user, orLicensed: absentNeedsLicence)
  }

  /// True when the user's calendar is synced; administrators always.
  public func mayUseCalendar(_ user: UserRecord) -> Bool {
    Self.isAdministrator(user) || admits(access.calendar, user, orLicensed: absentNeedsLicence)
  }

  /// True for the role Administrator.
  public static func isAdministrator(_ user: UserRecord) -> Bool {
    sameRole(user.role ?? "", administrator)
  }

  /// Fields that `access` asks and whose value is neither yes nor no, as messages.
  public func faults(of user: UserRecord) -> [(field: String, message: String)] {
    var told: [(String, String)] = []
    for (name, rule) in [
      ("settings", access.settings), ("inbox", access.inbox), ("calendar", access.calendar),
    ] {
      guard let rule, rule.basedOn == .field, let field = rule.field,
        let value = user.fields[field], YesNo(value) == nil,
        !told.contains(where: { $0.0 == field })
      else { continue }
      told.append(
        (
          field,
          "user \"\(user.id)\": the field \"\(field)\", which access.\(name) asks, is neither yes nor no"
        ))
    }
    return told
  }

  private func admits(_ rule: Config.AccessRule?, _ user: UserRecord, orLicensed: Bool) -> Bool {
    guard let rule else { return !orLicensed || user.licensed }
    if rule.basedOn == .field {
      // A missing field is a no.
      guard let field = rule.field, let value = user.fields[field] else { return false }
      return YesNo(value) == .yes
    }
    guard let role = user.role else { return false }
    return rule.roles.contains { Self.sameRole($0, role) }
  }

  /// Role names compare trimmed and without case.
  static func sameRole(_ a: String, _ b: String) -> Bool {
    func folded(_ s: String) -> [UInt8] {
      s.withByteView { $0.trimmed().string }.lowercased().utf8.map { $0 }
    }
    return folded(a) == folded(b)
  }
}

/// A yes or no as users' fields and columns write it (ES-5.2-field).
enum YesNo: Sendable {
  case yes, no

  /// Yes, true, 1, y and their opposites in any case; empty is a no; nil for everything else.
  init?(_ written: String) {
    let parsed: YesNo? = written.withByteView { v in
      let t = v.trimmed()
      for word in ["yes", "true", "1", "y"] as [StaticString] where t.equalsIgnoringCase(word) {
        return .yes
      }
      for word in ["no", "false", "0", "n", ""] as [StaticString] where t.equalsIgnoringCase(word) {
        return .no
      }
      return nil
    }
    guard let parsed else { return nil }
    self = parsed
  }
}
