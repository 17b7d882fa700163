import Bytes
import Rules
import Text

/// Turns a configuration and the lists into what the rules ask: matchers built, addresses as keys,
/// users judged. Pure; the same in every run.
enum PlanBuilder {
  /// The plan for mail.
  static func mailPlan(_ config: Config, users: UserIndex, window: TimeWindow) -> MailPlan {
    let email = config.email
    let plan = MailPlan(inbound: direction(email.inbound), outbound: direction(email.outbound))
    plan.isDisabledForAll = email.disableForAllUsers
    plan.isEnabled = email.enabled
    plan.guards.bulk = email.guards.bulk
    plan.guards.automatic = email.guards.automatic
    plan.guards.noReply = email.guards.noReply
    plan.guards.unauthenticated = email.guards.unauthenticated
    plan.skipsInternal = email.internal.skip
    plan.domains = AddressEntry.set(of: config.organization.domains)
    plan.connectedAt = email.connectedAt.map {
      TimePoint($0).start(zone: config.organization.timeZone)
    }
    plan.from = window.from
    plan.to = window.to
    let access = AccessPolicy(config)
    for (record, keys) in zip(users.users, users.addressKeys) {
      plan.users.append(user(record, keys, config, access))
      for key in keys { key.withByteView { plan.addOwnAddress($0) } }
    }
    return plan
  }

  private static func direction(_ d: Config.MailDirection) -> DirectionPlan {
    let plan = DirectionPlan()
    plan.isEnabled = d.enabled
    plan.needsKeyword = d.behaviour == .keywords
    plan.keywordTexts = d.keywords.admin
    plan.keywords = matcher(d.keywords.admin, d.keywords.match)
    plan.checksSubject = d.keywords.checkIn.contains(.subject)
    plan.checksBody = d.keywords.checkIn.contains(.body)
    plan.exclude = AddressEntry.set(of: d.exclude.admin)
    plan.excludeFields = fields(d.exclude.applyTo)
    plan.excludeScope = d.exclude.scope
    plan.activityType = d.activity.type
    plan.capture = capture(d.activity.capture)
    plan.bodyScope = d.activity.bodyScope
    plan.capturesLeads = d.captureLeads.enabled
    plan.captureFields = fields(d.captureLeads.from)
    plan.leadSource = d.leadSource
    if d.direction == .inbound {
      plan.captureFields.insert(.from)
      plan.counterpartFields = d.captureLeads.enabled ? plan.captureFields : .from
    } else {
      plan.counterpartFields = [.to, .cc, .bcc]
    }
    return plan
  }

  private static func user(
    _ r: UserRecord, _ keys: [[UInt8]], _ config: Config, _ access: AccessPolicy
  ) -> MailUserPlan {
    var standing: Reason?
    var rule = ""
    if !access.mayUseInbox(r) {
      standing = .userNoAccess
      rule = "access.inbox"
    } else if r.status == .paused {
      standing = .userPaused
      rule = "users.status"
    } else if r.status == .removed {
      standing = .userRemoved
      rule = "users.status"
    }
    let plan = MailUserPlan(
      id: r.id, standing: standing, standingRule: rule, addressKeys: keys)
    plan.connectedAt = r.connectedAt.map {
      TimePoint($0).start(zone: config.organization.timeZone)
    }
    let own = [r.overrides.inbound, r.overrides.outbound]
    let admin = [config.email.inbound, config.email.outbound]
    for i in 0..<2 {
      if admin[i].keywords.allowUser, admin[i].behaviour == .keywords {
        plan.keywordTexts[i] = own[i].keywords
        plan.keywords[i] = matcher(own[i].keywords, admin[i].keywords.match)
      }
      if admin[i].exclude.allowUser { plan.exclude[i] = AddressEntry.set(of: own[i].exclude) }
    }
    return plan
  }

  private static func matcher(_ words: [String], _ mode: KeywordMatcher.Mode) -> KeywordMatcher {
    let folds = FoldedTexts()
    let folded = words.map { word in
      let out = ByteBuffer()
      // Folded as the mail's own text is: a pasted keyword may hold no-break spaces, too.
      word.withByteView { folds.fold($0, into: out) }
      return out.view.trimmed().array
    }
    return KeywordMatcher(folded: folded, mode: mode)
  }

  private static func fields(_ list: [Config.AddressField]) -> AddressFields {
    var set: AddressFields = []
    for f in list {
      switch f {
      case .from: set.insert(.from)
      case .to: set.insert(.to)
      case .cc: set.insert(.cc)
      case .bcc: set.insert(.bcc)
      }
    }
    return set
  }

  private static func capture(_ list: [Config.CaptureField]) -> CaptureFields {
    var set: CaptureFields = []
    for f in list {
      switch f {
      case .cc: set.insert(.cc)
      case .bcc: set.insert(.bcc)
      case .subject: set.insert(.subject)
      case .body: set.insert(.body)
      case .attachments: set.insert(.attachments)
      }
    }
    return set
  }

  /// The filter of `attachmentTypes`.
  static func filter(_ types: Config.AttachmentTypes) -> AttachmentFilter {
    switch types {
    case .all: AttachmentFilter(names: nil)
    case .only(let list): AttachmentFilter(names: Set(list.map { alias($0.lowercased()) }))
    }
  }

  // Extensions and the seed's own words stand for the kind of file.
  private static func alias(_ word: String) -> String {
    switch word {
    case "jpeg": "jpg"
    case "doc", "docx": "word"
    case "xls", "xlsx": "excel"
    case "mpeg": "mpg"
    case "rich text format", "richtext": "rtf"
    case "htm": "html"
    default: word
    }
  }
}
