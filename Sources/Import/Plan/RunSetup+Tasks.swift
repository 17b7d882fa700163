import Rules

extension RunSetup {
  /// Lets the tasks of everybody go out, whatever the direction says, because somebody asked for
  /// it; warns where the configuration says something else. `calendar.enabled`, access and state of
  /// the users stay as they are.
  mutating func sendTasks() throws {
    guard !config.tasks.source.isEmpty else {
      throw RunError(
        .configuration,
        "\(configPath ?? "winnow.json"): no tasks; add `tasks` with the CRM's list of them")
    }
    var inbound = config.calendar.sendsTasks ? 0 : 1
    var takesMeetings = config.calendar.direction != .outbound
    config.calendar.direction = .outbound
    let changed = users.users.map { user in
      guard var own = user.overrides.calendar, !config.calendar.lockUserConfig else { return user }
      if !own.sendsTasks { inbound += 1 }
      takesMeetings = takesMeetings || own.direction != .outbound
      own.direction = .outbound
      var user = user
      user.overrides.calendar = own
      return user
    }
    if users.users.contains(where: { $0.overrides.calendar != nil }) {
      users = UserIndex(changed, organizationDomains: config.organization.domains)
    }
    if inbound > 0 {
      warnings.append(
        "calendar.direction is inbound, so `winnow import` writes no tasks to calendars; `winnow export` does, because it was asked to"
      )
    }
    if takesMeetings, !config.sources.isEmpty {
      warnings.append(
        "no calendar was read: tasks that the CRM made of meetings go out, too; `winnow import` with direction two-way leaves them out"
      )
    }
  }
}
