import Bytes
import Records
import Rules

extension Privacy {
  /// The configuration's `output.privacy`.
  package init(_ setting: Config.Privacy) {
    switch setting {
    case .full: self = .full
    case .headers: self = .headers
    case .pseudonymous: self = .pseudonymous
    }
  }
}

extension RunPlan {
  /// What may be shown of an item that is no private event.
  var disclosure: Disclosure { Disclosure(Privacy(privacy)) }
}

extension Pseudonyms.Match {
  /// What a decision's `matched` is for a reason.
  init(_ reason: Reason) {
    switch reason {
    case .excludedAdmin, .excludedUser: self = .exclusion
    case .folderNotSynced: self = .folder
    default: self = .text
    }
  }
}

extension Pseudonyms {
  /// What a rule matched, with pseudonyms.
  func matched(_ v: ByteView, _ reason: Reason) -> ByteView { matched(v, Match(reason)) }
}
