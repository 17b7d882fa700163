extension Config {
  /// The defaults of a profile.
  public static func defaults(_ profile: Profile) -> Config {
    var c = Config()
    c.profile = profile
    switch profile {
    case .generic: break
    case .leadsquared:
      c.calendar.contactCreation = .never
      c.calendar.lockUserConfig = true
      c.email.outbound.activity.attachmentTypes = .only(leadSquaredAttachmentTypes)
      c.email.inbound.activity.attachmentTypes = .only(leadSquaredAttachmentTypes)
      c.email.guards.bulk = .keep
      c.email.guards.automatic = .keep
      c.email.guards.noReply = .keep
      c.access.inbox = AccessRule(basedOn: .role, roles: ["Sales User", "Marketing User"])
      c.access.calendar = AccessRule(basedOn: .role, roles: [AccessPolicy.administrator])
    case .highlevel:
      c.calendar.direction = .twoWay
      c.calendar.guests = .create
      c.calendar.allowInternal = true
      c.calendar.allDay = .keep
    case .upsales:
      c.calendar.direction = .twoWay
      c.calendar.contactCreation = .never
      c.calendar.requireParticipants = true
      c.calendar.allDay = .skipRecurring
      c.calendar.window.months = 3
      c.calendar.internalDomainsFrom = .usernames
      c.calendar.onCancel = .keep
      c.calendar.freezePast = true
    case .leadgains:
      c.calendar.direction = .twoWay
      c.calendar.contactCreation = .never
      c.calendar.allowInternal = true
      c.calendar.allDay = .keep
    }
    return c
  }

  /// The kinds of attachments of ES-8.3-types; PDF is not among them.
  public static let leadSquaredAttachmentTypes = [
    "inline", "word", "jpg", "png", "html", "excel", "zip", "json", "mkv", "mpg", "mp3", "mp4",
    "rtf", "avi",
  ]
}
