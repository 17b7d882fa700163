package import Bytes

/// A mailbox in a record.
package struct RecordAddress: BitwiseCopyable {
  /// As the mail has it.
  package var name: ByteView
  /// As written.
  package var email: ByteView

  /// Somebody.
  package init(name: ByteView, email: ByteView) {
    self.name = name
    self.email = email
  }
}

/// One mail's shared part of its activity records, as views into somebody's buffers. Used again
/// from mail to mail, so that its lists are allocated once; a class, so that it is never copied.
package final class ActivityFields {
  @exclusivity(unchecked) package var type: ByteView = .empty
  @exclusivity(unchecked) package var direction: ByteView = .empty
  @exclusivity(unchecked) package var date: Int64?
  /// ``date`` as JSON.
  @exclusivity(unchecked) package var dateJSON: ByteView = .empty
  /// ``path``, ``index`` and ``offset`` as ``ActivityRendering/appendSource(_:_:_:to:)`` puts them.
  @exclusivity(unchecked) package var sourceJSON: ByteView = .empty
  @exclusivity(unchecked) package var dateSource = ByteView("none")
  @exclusivity(unchecked) package var owner: ByteView = .empty
  package let from = ReusedList<RecordAddress>()
  package let to = ReusedList<RecordAddress>()
  /// Shown only with ``showsCC``.
  package let cc = ReusedList<RecordAddress>()
  /// Shown only with ``showsBCC``.
  package let bcc = ReusedList<RecordAddress>()
  /// False where the configuration does not capture Cc.
  @exclusivity(unchecked) package var showsCC = false
  /// False where the configuration does not capture Bcc.
  @exclusivity(unchecked) package var showsBCC = false
  /// nil when the configuration does not capture the field; this holds for every optional here.
  @exclusivity(unchecked) package var subject: ByteView?
  @exclusivity(unchecked) package var bodyText: ByteView?
  @exclusivity(unchecked) package var attachments: [RecordAttachment]?
  @exclusivity(unchecked) package var messageID: ByteView = .empty
  @exclusivity(unchecked) package var inReplyTo: ByteView = .empty
  package let references = ReusedList<ByteView>()
  @exclusivity(unchecked) package var thread: Digest?
  @exclusivity(unchecked) package var senderAuth = ByteView("unknown")
  @exclusivity(unchecked) package var path: ByteView = .empty
  @exclusivity(unchecked) package var index = 0
  @exclusivity(unchecked) package var offset = 0
  @exclusivity(unchecked) package var folder = ""
  @exclusivity(unchecked) package var labels: [String] = []

  /// Those of no mail.
  package init() {}
}
