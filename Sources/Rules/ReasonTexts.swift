extension Reason {
  /// What it says of an item, in a sentence without its full stop, for the manual.
  public var meaning: StaticString { texts.meaning }
  /// What to change for another verdict, in Markdown; empty where there is nothing.
  public var remedy: StaticString { texts.remedy }

  // A switch and no table: a new reason does not compile without its texts.
  private var texts: (meaning: StaticString, remedy: StaticString) {
    switch self {
    case .quarantined:
      (
        """
        It cannot be read: a message without any header field, an empty message, an event \
        without a usable start, or a series whose rule gives more than 50,000 occurrences
        """,
        "Look at it in `quarantine/`, and export it again"
      )
    case .userUnknown:
      (
        "No user in the users list owns the mailbox",
        "Give the source an `owner`"
      )
    case .userNoAccess:
      (
        "The owner may not sync mail or calendars",
        "`access.inbox` or `access.calendar`, or the user's role or field"
      )
    case .userPaused:
      (
        "The owner is paused",
        "`status` in the users list, or `winnow users resume`"
      )
    case .userRemoved:
      (
        "The owner is removed",
        "`status` in the users list, or `winnow users resume`"
      )
    case .syncDisabledAll:
      (
        "The sync of mail is switched off for everybody",
        "`email.disableForAllUsers`"
      )
    case .syncDisabled:
      (
        "Mail or the calendar is switched off",
        "`email.enabled`, `calendar.enabled`"
      )
    case .directionDisabled:
      (
        """
        Received or sent mail is switched off, or meetings are not imported (`direction: \
        outbound`)
        """,
        "`email.inbound.enabled`, `email.outbound.enabled`, `calendar.direction`"
      )
    case .folderNotSynced:
      (
        """
        It lies in a folder, or under a label, that is not read; drafts, spam, trash, chats \
        and the outbox never are
        """,
        "`email.folders`. The last five always stay out"
      )
    case .deletedInMailbox:
      (
        "The mail program marked it as deleted (X-Mozilla-Status, Maildir T)",
        "Restore it there, and export again"
      )
    case .notPrimaryCalendar:
      (
        "The calendar is not its owner's primary one",
        "`calendar` of the source, `calendar.primaryOnly`"
      )
    case .outsideWindow:
      (
        "It is before `--from`, after `--to`, or outside the calendar's window",
        "`--from`, `--to`, `calendar.window`"
      )
    case .beforeConnected:
      (
        "It is older than the connection",
        "`email.connectedAt`, `calendar.connectedAt`, `connectedAt` of the user"
      )
    case .notAppointment:
      (
        "It is a to-do, a journal entry, or an answer to an invitation",
        ""
      )
    case .`private`:
      (
        "The event is private",
        "`calendar.private`"
      )
    case .privateFrozen:
      (
        """
        The event is private now, but its task was published while it was public; the task \
        stays as it was
        """,
        "`calendar.private`"
      )
    case .allDay:
      (
        "The event lasts whole days",
        "`calendar.allDay`"
      )
    case .allDayRecurring:
      (
        "The event lasts whole days and recurs",
        "`calendar.allDay`"
      )
    case .cancelled:
      (
        "The event does not take place, and no run published it",
        "`calendar.onCancel`, for events that were published"
      )
    case .noParticipants:
      (
        "Nobody takes part but the owner and rooms",
        "`calendar.requireParticipants`"
      )
    case .bulk:
      (
        "Mass mail: Precedence bulk or junk, List-Unsubscribe, or campaign headers",
        "`email.guards.bulk`"
      )
    case .automatic:
      (
        "A program wrote it: an auto-reply, a delivery report or a read report",
        "`email.guards.automatic`"
      )
    case .noReply:
      (
        "From is a `no-reply@` address, in any spelling",
        "`email.guards.noReply`"
      )
    case .unauthenticated:
      (
        "The sender failed authentication",
        "`email.guards.unauthenticated`"
      )
    case .`internal`:
      (
        "From and all recipients, or all participants, are colleagues",
        "`email.internal.skip`, `calendar.allowInternal`, `organization.domains`"
      )
    case .excludedAdmin:
      (
        "An entry of the administrator excludes it",
        "`email.<direction>.exclude`"
      )
    case .excludedUser:
      (
        "An entry of the mailbox's owner excludes it",
        "The user's `overrides`, `exclude.allowUser`"
      )
    case .noKeyword:
      (
        "It contains none of the keywords",
        "`email.<direction>.keywords`, `behaviour`"
      )
    case .duplicate:
      (
        """
        An earlier copy of the same mail was kept, another calendar has a newer version of the \
        meeting, or the event is the CRM's own task. `matched` names the other one
        """,
        "The order of `sources`"
      )
    case .unchanged:
      (
        "An earlier run published it as it is",
        ""
      )
    case .pastFrozen:
      (
        "A meeting that is over was moved; its task keeps its time",
        "`calendar.freezePast`"
      )
    case .matched:
      (
        "Kept: a lead of the CRM's list takes part",
        ""
      )
    case .captured:
      (
        "Kept: only leads that this run or an earlier one captured take part",
        ""
      )
    case .ambiguousLead:
      (
        "Several leads have the address, and `onMultiple` is `review`",
        "`leads.onMultiple`, or the list"
      )
    case .noLead:
      (
        "No counterpart is a lead, known or captured",
        """
        The leads list, `leads.searchBy`, `captureLeads`; for meetings \
        `calendar.unknownAttendees`
        """
      )
    case .noLeadTask:
      (
        "Kept: a task without a lead",
        "`calendar.unknownAttendees`"
      )
    case .blockedSlot:
      (
        "Kept: busy time",
        "`calendar.guests`"
      )
    case .contactCreated:
      (
        "Kept: the meeting makes leads of its guests",
        "`calendar.contactCreation`"
      )
    case .conflictCalendar:
      (
        "Kept: busy time of a conflict calendar",
        "`calendar` of the source"
      )
    case .notBusy:
      (
        """
        The event is free, cancelled or declined where only busy time is written; or it was \
        declined, with `declined: skip`
        """,
        "`calendar.guests`, `calendar.declined`"
      )
    case .written:
      (
        "Kept: the CRM's task went out",
        ""
      )
    case .taskTypeNotSelected:
      (
        "The CRM's task does not go out: its type is not selected, or is no appointment",
        "`calendar.outboundTaskTypes`, `tasks.types`"
      )
    case .noOwner:
      (
        "The CRM's task does not go out: its owner is no user in the users list",
        "The task's owner, or the users list"
      )
    }
  }
}
