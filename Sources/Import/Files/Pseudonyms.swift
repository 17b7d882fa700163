import Bytes
import Mailboxes
import Rules
import Text

/// `output.privacy: pseudonymous`: who wrote to whom and when, without telling who they are.
///
/// Made for statistics, tests and bug reports on real mail: how many contacts, how often, how
/// quickly answered. Every address becomes `p<16 hex>@d<16 hex>.invalid`, its display name
/// `person-<8 hex>`, a Message-ID `i<16 hex>@id.invalid`; subject, body, attachments and labels of
/// the user's own are left out, quarantined bytes are not kept. Equal addresses have equal
/// pseudonyms in all files of a run, so records still join; equal domains equal labels; `.invalid`
/// is never delivered to (RFC 2606). Keys of records and leads are taken over pseudonyms: over an
/// address anybody could test whether it occurs. Users' ids, CRM ids and paths stay, but for what
/// looks like an address in them.
///
/// A pseudonym is SHA-256 over a secret and the address key, cut short. The secret is SHA-256 over
/// the configuration's bytes under a label of its own, so that the digest in run.json does not
/// give it away: the same configuration gives the same pseudonyms in every run, another one gives
/// others. Who has the configuration can test guesses; keep it from those who get the output.
final class Pseudonyms: @unchecked Sendable {
  private let secret: ByteBuffer
  private let hash = SHA256()
  private let key = ByteBuffer(capacity: 128)
  // Pseudonyms of the current mail, each in a buffer of its own: views must not move.
  private var kept: [ByteBuffer] = []

  /// The secret of a configuration.
  static func secret(of config: ByteView) -> Digest {
    let hash = SHA256()
    hash.update(ByteView("winnow pseudonyms\0"))
    hash.update(config)
    return hash.finish()
  }

  init(secret digest: Digest) {
    secret = ByteBuffer(capacity: 64)
    digest.appendHex(to: secret)
  }

  /// Frees what was handed out; views of the mail before end here.
  func forget() { kept.removeAll(keepingCapacity: true) }

  private func appendDigest(_ kind: StaticString, _ v: ByteView, _ bytes: Int, to out: ByteBuffer) {
    hash.update(secret.view)
    hash.update(ByteView(kind))
    hash.update(v)
    hash.finish().appendHex(to: out, bytes: bytes)
  }

  private func keep(_ fill: (ByteBuffer) -> Void) -> ByteView {
    let out = ByteBuffer(capacity: 64)
    fill(out)
    kept.append(out)
    return out.view
  }

  // The comparison key, so that ways of writing one address are one person.
  private func normalized(_ address: ByteView) -> ByteView {
    key.removeAll()
    if !AddressKey.append(address, to: key) { key.appendLowercased(address.trimmed()) }
    return key.view
  }

  /// The pseudonym of an address; empty stays empty.
  func address(_ address: ByteView) -> ByteView {
    if address.isEmpty { return .empty }
    let v = normalized(address)
    return keep { out in
      out.append("p")
      appendDigest("address\0", v, 8, to: out)
      out.append("@d")
      appendDigest("domain\0", AddressKey.domain(of: v), 8, to: out)
      out.append(".invalid")
    }
  }

  /// The name that stands for the person behind an address.
  func name(of address: ByteView) -> ByteView {
    let v = normalized(address)
    return keep { out in
      out.append("person-")
      appendDigest("name\0", v, 4, to: out)
    }
  }

  /// The pseudonym of a Message-ID; empty stays empty.
  func id(_ id: ByteView) -> ByteView {
    if id.isEmpty { return .empty }
    return keep { out in
      out.append("i")
      appendDigest("id\0", id, 8, to: out)
      out.append("@id.invalid")
    }
  }

  /// A text of ours with every word that holds an `@` replaced.
  func text(_ s: String) -> String {
    guard s.utf8.contains(64) else { return s }
    var out = ""
    var word = ""
    func end() {
      out += word.utf8.contains(64) ? word.withByteView { address($0).string } : word
      word = ""
    }
    for c in s {
      if c.isWhitespace || "/\"',;()<>#".contains(c) {
        end()
        out.append(c)
      } else {
        word.append(c)
      }
    }
    end()
    return out
  }

  /// A user's id in ``text(_:)``, as bytes that live as long as the mail's other pseudonyms.
  func owner(_ name: String) -> ByteView {
    let hidden = text(name)
    return keep { $0.append(string: hidden) }
  }

  /// A folder: standard ones by their word, others hidden.
  func folder(_ name: String) -> String {
    if name.isEmpty || FolderRole.named(name) != nil { return name }
    return name.withByteView { v in
      keep { out in
        out.append("folder-")
        appendDigest("folder\0", v, 4, to: out)
      }.string
    }
  }

  /// What a rule matched: the first word of an exclusion, the folder of step 4.
  func matched(_ v: ByteView, _ reason: Reason) -> ByteView {
    switch reason {
    case .excludedAdmin, .excludedUser:
      let end = v.firstIndex(of: ASCII.space) ?? v.count
      let entry = v.prefix(end)
      let hidden =
        (entry.firstIndex(of: 64) ?? 0) > 0
        ? address(entry)
        : keep { out in
          out.append("d")
          appendDigest("domain\0", entry[0] == 64 ? entry.from(1) : entry, 8, to: out)
          out.append(".invalid")
        }
      return keep { out in
        out.append(hidden)
        out.append(v.from(end))
      }
    case .folderNotSynced:
      let name = folder(v.string)
      return keep { $0.append(string: name) }
    default:
      let plain = text(v.string)
      return keep { $0.append(string: plain) }
    }
  }

  /// Replaces everything personal of a record.
  func apply(to f: ActivityFields) {
    func hide(_ list: ReusedList<RecordAddress>) {
      for i in list.indices {
        let a = list[i]
        list[i] = RecordAddress(
          name: a.name.isEmpty ? .empty : name(of: a.email), email: address(a.email))
      }
    }
    hide(f.from)
    hide(f.to)
    hide(f.cc)
    hide(f.bcc)
    f.messageID = id(f.messageID)
    f.inReplyTo = id(f.inReplyTo)
    for i in f.references.indices { f.references[i] = id(f.references[i]) }
    f.owner = owner(f.owner.string)
    f.folder = folder(f.folder)
    f.labels = f.labels.filter { FolderRole.named($0) != nil }
  }
}
