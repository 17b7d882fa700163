import Bytes
import ICalendar
import Markup

/// What is needed to turn an event's long texts into what a person reads and to find its link; made
/// once for each thread.
public final class EventTexts {
  let html = HTMLText()
  let links = JoinLinkFinder()
  let scratch = ByteBuffer(capacity: 4096)

  /// Ready for use.
  public init() {}
}

/// The link into an event's online meeting.
public struct JoinLink: Hashable, Sendable {
  /// The link.
  public var url: String
  /// The service, such as `Zoom`; empty where it is not known.
  public var provider: String
}
