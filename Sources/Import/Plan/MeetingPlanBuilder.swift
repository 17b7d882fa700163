import CivilTime
import Rules
import TimeZones

/// Turns a configuration and the lists into what the rules for calendars ask. Pure; the same in
/// every run with the same `now`.
package enum MeetingPlanBuilder {
  /// The plan. `now` is `--now` in seconds since 1970; a zone that is not known counts as UTC
  /// (reading the configuration refuses it).
  package static func plan(
    _ config: Config, users: UserIndex, now: Int64, window: TimeWindow = TimeWindow(),
    zones: ZoneDatabase = .system
  ) -> MeetingPlan {
    let zone = zones.zone(named: config.organization.timeZone) ?? .utc
    return MeetingPlan(
      config, users: users, clock: clock(now: now, zone), from: window.from, to: window.to)
  }

  /// The clock of a zone. A local time that a clock change skips is read with the offset before it,
  /// one that it repeats is the first of the two (RFC 5545 3.3.5).
  static func clock(now: Int64, _ zone: Zone) -> MeetingClock {
    MeetingClock(
      now: now, local: { zone.localTime(at: $0).nominalSeconds },
      instant: { zone.instant(of: CivilDateTime(nominalSeconds: $0)) })
  }
}
