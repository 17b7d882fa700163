import Bytes
import Mailboxes
import Rules
import Text

/// Turns a configuration and the lists into what the rules ask: matchers built, addresses as keys,
/// users judged. Pure; the same in every run.
enum PlanBuilder {
  /// The plan for mail.
  ///
  /// - Parameter meetingsMakeLeads: True when meetings of the run may make leads.
  static func mailPlan(
    _ config: Config, users: UserIndex, window: TimeWindow, meetingsMakeLeads: Bool
  ) -> MailPlan {
    let email = config.email
    var guards = MailPlan.Guards()
    guards.bulk = email.guards.bulk
    guards.automatic = email.guards.automatic
    guards.noReply = email.guards.noReply
    guards.unauthenticated = email.guards.unauthenticated
    let access = AccessPolicy(config)
    return MailPlan(
      isDisabledForAll: email.disableForAllUsers, isEnabled: email.enabled,
      folders: FolderPlan(email.folders.map { FolderWord(FolderRole(word: $0)) }), guards: guards,
      skipsInternal: email.internal.skip, sentAs: email.sentAs,
      domains: AddressEntry.set(of: config.organization.domains),
      connectedAt: start(email.connectedAt, config), from: window.from, to: window.to,
      inbound: direction(email.inbound), outbound: direction(email.outbound),
      users: zip(users.users, users.addressKeys).map { user($0, $1, config, access) },
      meetingsMakeLeads: meetingsMakeLeads)
  }

  private static func direction(_ d: Config.MailDirection) -> DirectionPlan {
    var captured = fields(d.captureLeads.from)
    if d.direction == .inbound { captured.insert(.from) }
    let counterparts: AddressFields =
      d.direction == .outbound ? [.to, .cc, .bcc] : d.captureLeads.enabled ? captured : .from
    return DirectionPlan(
      isEnabled: d.enabled, needsKeyword: d.behaviour == .keywords,
      keywords: keywords(d.keywords.admin, d.keywords.match),
      checksSubject: d.keywords.checkIn.contains(.subject),
      checksBody: d.keywords.checkIn.contains(.body),
      exclude: AddressEntry.set(of: d.exclude.admin),
      excludeFields: fields(d.exclude.applyTo), excludeScope: d.exclude.scope,
      activityType: d.activity.type, capture: capture(d.activity.capture),
      bodyScope: d.activity.bodyScope, capturesLeads: d.captureLeads.enabled,
      captureFields: captured, leadSource: d.leadSource, counterpartFields: counterparts)
  }

  private static func user(
    _ r: UserRecord, _ keys: [[UInt8]], _ config: Config, _ access: AccessPolicy
  ) -> MailUserPlan {
    let standing = MailUserPlan.standing(of: r, access)
    return MailUserPlan(
      id: r.id, standing: standing?.reason, standingRule: standing?.rule ?? "",
      connectedAt: start(r.connectedAt, config),
      inbound: own(r.overrides.inbound, config.email.inbound),
      outbound: own(r.overrides.outbound, config.email.outbound), addressKeys: keys)
  }

  // What a user adds, as far as the administrator lets them.
  private static func own(
    _ added: UserOverrides.MailOverride, _ admin: Config.MailDirection
  ) -> UserDirection {
    let hasKeywords = admin.keywords.allowUser && admin.behaviour == .keywords
    return UserDirection(
      keywords: hasKeywords ? keywords(added.keywords, admin.keywords.match) : KeywordSet(),
      exclude: admin.exclude.allowUser ? AddressEntry.set(of: added.exclude) : AddressSet())
  }

  private static func start(_ time: ConfigTime?, _ config: Config) -> Int64? {
    time.map { TimePoint($0).start(zone: config.organization.timeZone) }
  }

  private static func keywords(_ words: [String], _ mode: KeywordMatcher.Mode) -> KeywordSet {
    let folder = TextFolder()
    let folded = words.map { word in
      let out = ByteBuffer()
      // Folded as the mail's own text is: a pasted keyword may hold no-break spaces, too.
      word.withByteView { folder.fold($0, into: out) }
      return out.view.trimmed().array
    }
    return KeywordSet(texts: words, folded: folded, mode: mode)
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
    case .only(let list):
      AttachmentFilter(names: Set(list.map { AttachmentFilter.kind($0.lowercased()) }))
    }
  }
}
