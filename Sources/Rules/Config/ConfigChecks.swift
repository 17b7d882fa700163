import JSONText

/// What no single setting can tell: settings that contradict, or that do nothing.
enum ConfigChecks {
  static func run(_ c: Config, _ r: inout ConfigReader) {
    keywords(c.email.outbound, &r)
    keywords(c.email.inbound, &r)
    captures(c, &r)
    for (name, rule) in [
      ("settings", c.access.settings), ("inbox", c.access.inbox), ("calendar", c.access.calendar),
    ] {
      if let rule { access(rule, "access.\(name)", &r) }
    }
    if c.email.internal.skip, c.organization.domains.isEmpty {
      r.tell(about: "email.internal.skip", "needs organization.domains, which is empty")
    }
    if c.profile == .leadsquared, c.leads.searchBy.count > 1 {
      r.tell(
        .warning, about: "leads.searchBy",
        "the connector knows one search field, this configuration \(c.leads.searchBy.count)")
    }
    if c.email.disableForAllUsers {
      r.tell(.warning, about: "email.disableForAllUsers", "no user's mail is synced")
    }
    for d in [c.email.outbound, c.email.inbound] where !d.enabled {
      r.tell(
        .warning, about: "email.\(d.direction.name).enabled", "no mail of this direction is synced")
    }
    tasks(c, &r)
    sources(c, &r)
    if c.calendar.allowTrigger, c.calendar.defaultCalendar == nil {
      r.tell(.warning, about: "calendar.allowTrigger", "is meant to go with defaultCalendar")
    }
    for (i, t) in c.output.targets.enumerated() {
      // The name becomes a folder.
      let isName = t.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == 45 }
      if !isName { r.tell(about: "output.targets[\(i)]", "expected a name of a-z, 0-9 and -") }
    }
  }

  private static func keywords(_ d: Config.MailDirection, _ r: inout ConfigReader) {
    let path = "email.\(d.direction.name)"
    if d.behaviour == .keywords {
      if d.keywords.admin.isEmpty {
        r.tell(
          about: "\(path).keywords.admin", "behaviour is keywords, so at least one is needed here")
      }
    } else if !d.keywords.admin.isEmpty {
      r.tell(
        .warning, about: "\(path).keywords.admin", "ignored, because behaviour is \"all\"")
    }
  }

  /// Known leads only needs both directions off (ES-W-only-known).
  private static func captures(_ c: Config, _ r: inout ConfigReader) {
    let out = c.email.outbound.captureLeads.enabled
    let `in` = c.email.inbound.captureLeads.enabled
    guard out != `in` else { return }
    let off = out ? "inbound" : "outbound"
    r.tell(
      .warning, about: "email.\(out ? "outbound" : "inbound").captureLeads.enabled",
      "leads are captured in this direction only; email.\(off).captureLeads is off")
  }

  private static func access(_ rule: Config.AccessRule, _ path: String, _ r: inout ConfigReader) {
    if r.places[path] == nil { return }
    let hasRoles = !rule.roles.isEmpty
    let hasField = rule.field != nil
    if hasRoles, hasField {
      return r.tell(about: "\(path).field", "roles and field exclude each other: keep one")
    }
    switch rule.basedOn {
    case .role?:
      if hasField { return r.tell(about: "\(path).field", "basedOn is \"role\": give roles") }
      if rule.roles.isEmpty {
        r.tell(about: "\(path).roles", "basedOn is \"role\": name at least one")
      }
    case .field?:
      if hasRoles { return r.tell(about: "\(path).roles", "basedOn is \"field\": give field") }
      if rule.field == nil {
        r.tell(about: "\(path).field", "basedOn is \"field\": name the field")
      }
    case nil:
      r.tell(about: "\(path).basedOn", "is needed", allowed: Config.AccessBasis.names)
    }
  }

  /// Only appointments are synced (CS-1-appointment-only).
  private static func tasks(_ c: Config, _ r: inout ConfigReader) {
    for (i, t) in c.tasks.types.enumerated() where t.name.isEmpty {
      r.tell(about: "tasks.types[\(i)].name", "is needed")
    }
    guard !c.tasks.types.isEmpty else { return }
    let known = c.tasks.types.map(\.name)
    var asked = [("calendar.inboundTaskType", c.calendar.inboundTaskType)]
    for (i, name) in c.calendar.outboundTaskTypes.enumerated() {
      asked.append(("calendar.outboundTaskTypes[\(i)]", name))
    }
    for (path, name) in asked {
      guard let type = c.tasks.types.first(where: { $0.name == name }) else {
        r.tell(
          .warning, about: path, "is none of tasks.types",
          suggestion: Nearest.name(to: name, in: known))
        continue
      }
      if type.category != .appointment {
        r.tell(about: path, "only task types of the category appointment can be synced")
      }
    }
  }

  private static func sources(_ c: Config, _ r: inout ConfigReader) {
    for (i, s) in c.sources.enumerated() {
      if s.path.isEmpty, r.places["sources[\(i)].path"] == nil {
        r.tell(about: "sources[\(i)].path", "is needed")
      }
      if s.calendar != nil, s.folder != "auto" {
        r.tell(.warning, about: "sources[\(i)].folder", "calendars have no folder: ignored")
      }
    }
  }
}

extension Config {
  /// The inputs inside which the output would lie, so that the next run would import it. Absolute,
  /// resolved paths, as realpath(3) gives them; to be refused.
  public static func inputs(_ inputs: [String], containing output: String) -> [String] {
    inputs.filter { contains($0, output) }
  }

  private static func contains(_ outer: String, _ inner: String) -> Bool {
    let o = outer == "/" ? "" : outer.hasSuffix("/") ? String(outer.dropLast()) : outer
    let bytes = Array(inner.utf8)
    let prefix = Array(o.utf8)
    return bytes.starts(with: prefix) && (bytes.count == prefix.count || bytes[prefix.count] == 47)
  }
}
