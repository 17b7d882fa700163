package import Bytes

/// The keys of records: the first half of SHA-256 over strings joined by a NUL byte. They are
/// derived only from what an item is, so that the same thing has the same key in every run and on
/// every machine.
package struct RecordKeys {
  private let hash = SHA256()
  private let scratch = ByteBuffer(capacity: 1024)

  /// A maker of keys for one thread.
  package init() {}

  /// `lead`, address.
  package func lead(_ address: ByteView) -> Digest { Self.lead(address, hash) }

  /// `lead`, address.
  package static func lead(_ address: ByteView, _ hash: SHA256) -> Digest {
    hash.update(ByteView("lead\0"))
    hash.update(address)
    return hash.finish()
  }

  /// What stands before a conversation's id.
  package static let threadPrefix: StaticString = "thread\0"

  /// `thread`, the conversation's id; nil when nothing follows ``threadPrefix``.
  package static func thread(_ text: ByteView, _ hash: SHA256) -> Digest? {
    text.count > threadPrefix.utf8CodeUnitCount ? hash.digest(text) : nil
  }

  /// `activity`, mail identity in hexadecimal, matched address, direction, and the lead's id where
  /// several CRM leads carry the address.
  package static func activity(
    identity: Digest, address: ByteView, direction: StaticString, leadID: ByteView?,
    _ hash: SHA256, _ scratch: ByteBuffer
  ) -> Digest {
    scratch.removeAll()
    scratch.append("activity\0")
    identity.appendHex(to: scratch)
    scratch.append(0)
    scratch.append(address)
    scratch.append(0)
    scratch.append(direction)
    if let leadID {
      scratch.append(0)
      scratch.append(leadID)
    }
    return hash.digest(scratch.view)
  }

  /// `task`, UID, RECURRENCE-ID, owner.
  package func task(uid: String, recurrenceID: RecordTime?, owner: String) -> Digest {
    meeting("task", uid, recurrenceID, owner, role: nil)
  }

  /// `block`, UID, RECURRENCE-ID, owner, the calendar's role.
  package func block(
    uid: String, recurrenceID: RecordTime?, owner: String, calendar role: String
  ) -> Digest {
    meeting("block", uid, recurrenceID, owner, role: role)
  }

  private func meeting(
    _ kind: StaticString, _ uid: String, _ recurrenceID: RecordTime?, _ owner: String,
    role: String?
  ) -> Digest {
    scratch.removeAll()
    scratch.append(kind)
    scratch.append(0)
    scratch.append(string: uid)
    scratch.append(0)
    recurrenceID?.append(to: scratch)
    scratch.append(0)
    scratch.append(string: owner)
    if let role {
      scratch.append(0)
      scratch.append(string: role)
    }
    return hash.digest(scratch.view)
  }
}
