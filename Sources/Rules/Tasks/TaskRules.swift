import Bytes
import Text

/// The rules for CRM tasks on their way out into calendars.
public enum TaskRules {
  /// The rules that look at one task alone. Its times are read last: those of a task that stays
  /// here are nobody's business.
  public static let book = TaskRuleBook([owner, switches, type, times])

  /// The rules that need the run's calendars (``TaskContext/known``), about what passed ``book``.
  /// The last of them always gives a reason.
  public static let settling = TaskRuleBook([
    TaskSettling.own, TaskSettling.conflict, TaskSettling.written,
  ])

  private static let owner = TaskRule(
    step: 2, name: "owner", reasons: [.noOwner, .userNoAccess, .userPaused, .userRemoved],
    settings: ["tasks.columns.owner", "users", "access.calendar"],
    ask: { c in
      guard c.user >= 0 else { return .drop(.noOwner, by: "tasks.columns.owner", c.row.owner) }
      guard let reason = c.owner.standing else { return .pass }
      return .drop(reason, by: c.owner.standingRule)
    },
    looksAt: { c in
      if c.user >= 0 { return "the task's owner: \(c.owner.id)" }
      return TaskText.trimmed(c.row.owner).isEmpty
        ? "the task's owner: the cell is empty"
        : "the task's owner: \"\(c.row.owner.prefix(60))\" is nobody's id or address"
    },
    opposite: { _, f in
      switch f.reason {
      case .noOwner: "give the task the id or an address of a listed user as its owner"
      case .userNoAccess: "let the user in under access.calendar (their role, or the field)"
      case .userPaused: "set the user's status to active (`winnow users resume`)"
      case .userRemoved: "add the user again with status active"
      default: "pause or remove the user, or take away access.calendar"
      }
    })

  private static let switches = TaskRule(
    step: 3, name: "switches", reasons: [.syncDisabled, .directionDisabled],
    settings: ["calendar.enabled", "calendar.direction", "calendar.guests"],
    ask: { c in
      if !c.calendar.enabled { return .drop(.syncDisabled, by: c.path("enabled", \.enabled)) }
      if !c.calendar.sendsTasks {
        return .drop(.directionDisabled, by: c.path("direction", \.direction))
      }
      return .pass
    },
    looksAt: { c in
      "calendar.enabled, which is \(c.calendar.enabled), calendar.direction, which is "
        + "\(c.calendar.direction.rawValue), and calendar.guests, which is \(c.calendar.guests.rawValue)"
    },
    opposite: { _, f in
      switch f.reason {
      case .syncDisabled: "set \(f.rule) to true"
      case .directionDisabled: "set \(f.rule) to outbound or two-way"
      default: "set calendar.enabled to false, or calendar.direction to inbound"
      }
    })

  /// Only appointments go out (CS-1-appointment-only), of the types that were selected.
  private static let type = TaskRule(
    step: 6, name: "type", reasons: [.taskTypeNotSelected],
    settings: ["calendar.outboundTaskTypes", "tasks.types"],
    ask: { c in
      let type = TaskText.trimmed(c.row.type)
      guard c.calendar.outboundTaskTypes.contains(where: { TaskText.trimmed($0) == type }) else {
        return .drop(
          .taskTypeNotSelected, by: c.path("outboundTaskTypes", \.outboundTaskTypes), type)
      }
      return isAppointment(type, c.plan)
        ? .pass : .drop(.taskTypeNotSelected, by: "tasks.types", type)
    },
    looksAt: { c in
      let type = TaskText.trimmed(c.row.type)
      let selected = c.calendar.outboundTaskTypes.map { "\"\($0)\"" }.joined(separator: ", ")
      return "the task's type, "
        + (type.isEmpty ? "which is empty" : "\"\(type.prefix(60))\"")
        + (isAppointment(type, c.plan) ? "" : ", which is no appointment")
        + "; selected are \(selected.isEmpty ? "none" : selected)"
    },
    opposite: { c, f in
      if f.reason == nil { return "take the type out of calendar.outboundTaskTypes" }
      return f.rule == "tasks.types"
        ? "set the type's category to appointment; only appointments are synced"
        : "add \"\(TaskText.trimmed(c.row.type))\" to \(f.rule)"
    })

  /// Step 1 for tasks, asked late.
  private static let times = TaskRule(
    step: 6, name: "times", reasons: [.quarantined], settings: ["organization.timeZone"],
    ask: { c in
      switch c.event {
      case .success: .pass
      case .failure(let fault): .drop(.quarantined, by: "tasks", fault.message)
      }
    },
    looksAt: { c in
      "the task's times: start \"\(c.row.start.prefix(60))\", end \"\(c.row.end.prefix(60))\""
    },
    opposite: { _, f in
      f.reason == nil
        ? "nothing in the configuration: only times that cannot be read are put aside"
        : "correct the task's times in the list: \(f.matched)"
    })

  /// A type that `tasks.types` does not name is what its selection says.
  private static func isAppointment(_ type: String, _ plan: MeetingPlan) -> Bool {
    guard let known = plan.taskTypes.first(where: { TaskText.trimmed($0.name) == type }) else {
      return true
    }
    return known.category == .appointment
  }
}

/// Cells of the tasks list as rules compare them.
enum TaskText {
  /// Without white space around it.
  static func trimmed(_ text: String) -> String {
    text.withByteView { $0.trimmed().string }
  }

  /// Without white space around it, and without case.
  static func folded(_ text: String) -> [UInt8] {
    let out = ByteBuffer(capacity: 64)
    text.withByteView { CaseFolding.foldAppend($0.trimmed(), to: out) }
    return out.array
  }
}
