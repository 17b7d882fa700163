/// What was not as it should be in an event that can be used all the same.
public struct EventDefect: Hashable, Sendable {
  /// What it is.
  public let code: EventDefectCode
  /// The line of the file it is about, from 1; 0 where that is not known or not one line.
  public let line: Int
  /// A value it is about, such as a TZID, or empty.
  public let detail: String

  /// A defect.
  public init(_ code: EventDefectCode, line: Int = 0, detail: String = "") {
    self.code = code
    self.line = line
    self.detail = detail
  }

  /// It in a sentence.
  public var message: String {
    var out = code.sentence
    if !detail.isEmpty { out += ": " + detail }
    if line > 0 { out += " (line \(line))" }
    return out
  }
}

/// The codes of ``EventDefect``, as `winnow inspect` writes them.
public enum EventDefectCode: String, Hashable, Sendable, CaseIterable {
  case noUID = "event-no-uid"
  case longUID = "event-long-uid"
  case uidReused = "event-uid-reused"
  case superseded = "event-superseded"
  case orphan = "event-orphan"
  case excluded = "event-excluded"
  case noStart = "event-no-start"
  case badDate = "event-bad-date"
  case oddDate = "event-odd-date"
  case endBeforeStart = "event-end-before-start"
  case sameDayEnd = "event-same-day-end"
  case badDuration = "event-bad-duration"
  case unknownZone = "event-unknown-zone"
  case zoneIgnored = "event-zone-ignored"
  case ruleRefused = "event-rule-refused"
  case ruleOdd = "event-rule-odd"
  case offRule = "event-off-rule"
  case overrideRule = "event-override-rule"
  case tooManyDates = "event-too-many-dates"
  case tooManyOccurrences = "event-too-many-occurrences"
  case badSequence = "event-bad-sequence"
  case longText = "event-long-text"

  /// What it means, in a sentence without its end.
  public var sentence: String {
    switch self {
    case .noUID: "no UID; one was made from the content"
    case .longUID: "the UID was cut, its SHA-256 stands for the rest"
    case .uidReused: "another event of the file has the same UID and another start"
    case .superseded: "a newer version of it stands in the same file"
    case .orphan: "the series it is an exception of is not in the file"
    case .excluded: "EXDATE of the series takes away the instance that it changes"
    case .noStart: "no DTSTART; the RECURRENCE-ID was taken"
    case .badDate: "a value that is no date was passed over"
    case .oddDate: "a date that is not written as RFC 5545 wants it"
    case .endBeforeStart: "it ends before it begins; the start was taken for the end"
    case .sameDayEnd: "DTEND is the day it begins on, but should be the day after the last"
    case .badDuration: "a DURATION that is none, or below zero, was passed over"
    case .unknownZone: "its time zone is not known; the calendar's own was taken"
    case .zoneIgnored: "the file's VTIMEZONE is of no use"
    case .ruleRefused: "a recurrence rule that is none was passed over"
    case .ruleOdd: "a recurrence rule that is not written as RFC 5545 wants it"
    case .offRule: "DTSTART is not on its own rule; it was taken as the first occurrence"
    case .overrideRule: "rules and dates of an exception were passed over"
    case .tooManyDates: "more RDATE, EXDATE, RRULE or EXRULE values than are read"
    case .tooManyOccurrences: "more occurrences than are given"
    case .badSequence: "a SEQUENCE that is no number, or out of range"
    case .longText: "a text was cut"
    }
  }
}
