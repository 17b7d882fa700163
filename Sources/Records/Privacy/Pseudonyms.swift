package import Bytes
import Mailboxes
import Text

/// What a pseudonym stands for.
package enum Pseudonym: Sendable, Equatable {
  /// A person's address, and with it the name beside it.
  case address
  /// The same, but somebody without an address keeps a name that stands for nobody.
  case correspondent
  /// A person's name.
  case name
  /// A Message-ID, or a UID.
  case id
  /// A text of ours, such as a path or an id, in which an address may stand.
  case text
  /// A folder.
  case folder
  /// What a rule matched.
  case matched
}

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
/// others. Anyone who has the configuration can test guesses; keep it from those who get the
/// output.
package final class Pseudonyms: @unchecked Sendable {
  private let secret: ByteBuffer
  private let hash = SHA256()
  private let key = ByteBuffer(capacity: 128)
  // Pseudonyms of the current mail, each in a buffer of its own: views must not move.
  private var kept: [ByteBuffer] = []

  /// The secret of a configuration.
  package static func secret(of config: ByteView) -> Digest {
    let hash = SHA256()
    hash.update(ByteView("winnow pseudonyms\0"))
    hash.update(config)
    return hash.finish()
  }

  package init(secret digest: Digest) {
    secret = ByteBuffer(capacity: 64)
    digest.appendHex(to: secret)
  }

  /// Frees what was handed out; views of the mail before end here.
  package func forget() { kept.removeAll(keepingCapacity: true) }

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
  package func address(_ address: ByteView) -> ByteView {
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
  package func name(of address: ByteView) -> ByteView {
    let v = normalized(address)
    return keep { out in
      out.append("person-")
      appendDigest("name\0", v, 4, to: out)
    }
  }

  /// The pseudonym of a Message-ID; empty stays empty.
  package func id(_ id: ByteView) -> ByteView {
    if id.isEmpty { return .empty }
    return keep { out in
      out.append("i")
      appendDigest("id\0", id, 8, to: out)
      out.append("@id.invalid")
    }
  }

  /// A text of ours with every word that holds an `@` replaced. A pseudonym stands for itself.
  package func text(_ s: String) -> String {
    guard s.utf8.contains(64) else { return s }
    let text = Array(s)
    var out = ""
    var word = ""
    func end() {
      let isPersonal = word.utf8.contains(64) && !Self.isPseudonym(word)
      out += isPersonal ? word.withByteView { address($0).string } : word
      word = ""
    }
    var i = 0
    while i < text.count {
      let c = text[i]
      if c == "\"", let quoted = Self.quotedLocalPart(text, i) {
        word += String(text[i...quoted])
        i = quoted
      } else if c == "'", !word.isEmpty, Self.isLocalPart(text, i + 1) {
        word.append(c)
      } else if Self.endsWord(c) {
        end()
        out.append(c)
      } else {
        word.append(c)
      }
      i += 1
    }
    end()
    return out
  }

  private static func endsWord(_ c: Character) -> Bool {
    c.isWhitespace || "/\"',;()<>#".contains(c)
  }

  // Where the quotes end that begin there, if they are the local part of an address.
  private static func quotedLocalPart(_ text: [Character], _ start: Int) -> Int? {
    var i = start + 1
    while i < text.count, text[i] != "\"" { i += text[i] == "\\" ? 2 : 1 }
    return i + 1 < text.count && text[i + 1] == "@" ? i : nil
  }

  // True where a word goes on to an `@`, as after the apostrophe of o'hara@example.com.
  private static func isLocalPart(_ text: [Character], _ start: Int) -> Bool {
    for c in text[min(start, text.count)...] {
      if c == "@" { return true }
      if c != "'", endsWord(c) { return false }
    }
    return false
  }

  private static func isPseudonym(_ word: String) -> Bool {
    word.withByteView { v in
      guard v.count == 43, v[0] == 112, v[17] == 64, v[18] == 100, v.from(35).equals(".invalid")
      else { return false }
      return v.slice(1, 17).buffer.allSatisfy(isHex) && v.slice(19, 35).buffer.allSatisfy(isHex)
    }
  }

  private static func isHex(_ c: UInt8) -> Bool { ASCII.isDigit(c) || (97...102).contains(c) }

  /// A user's id in ``text(_:)``, as bytes that live as long as the mail's other pseudonyms.
  package func owner(_ name: String) -> ByteView {
    let hidden = text(name)
    return keep { $0.append(string: hidden) }
  }

  /// A folder: standard ones by their word, others hidden.
  package func folder(_ name: String) -> String {
    if name.isEmpty || Self.isStandardFolder(name) { return name }
    return name.withByteView { v in
      keep { out in
        out.append("folder-")
        appendDigest("folder\0", v, 4, to: out)
      }.string
    }
  }

  /// True for a folder that everybody has, under any of its names.
  package static func isStandardFolder(_ name: String) -> Bool { FolderRole.named(name) != nil }

  /// What a rule matched.
  package enum Match {
    /// An address or a domain that is excluded, and where it stood.
    case exclusion
    /// A folder.
    case folder
    /// Anything else.
    case text
  }

  /// What a rule matched, with pseudonyms.
  package func matched(_ v: ByteView, _ match: Match) -> ByteView {
    switch match {
    case .exclusion:
      let end = Self.endOfEntry(v)
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
    case .folder:
      let name = folder(v.string)
      return keep { $0.append(string: name) }
    case .text:
      let plain = text(v.string)
      return keep { $0.append(string: plain) }
    }
  }

  // The first word; quotes of a local part belong to it.
  private static func endOfEntry(_ v: ByteView) -> Int {
    var i = 0
    if v[0] == 34 {
      i = 1
      while i < v.count, v[i] != 34 { i += v[i] == 92 ? 2 : 1 }
    }
    return v.firstIndex(of: ASCII.space, from: min(i, v.count)) ?? v.count
  }

  /// A text with a pseudonym for it, or for what is personal in it. A name alone tells nobody whose
  /// it is, and becomes nothing.
  func hidden(_ text: String, _ kind: Pseudonym) -> String {
    switch kind {
    case .address, .correspondent: text.withByteView { address($0).string }
    case .name: ""
    case .id: text.withByteView { id($0).string }
    case .text, .matched: self.text(text)
    case .folder: folder(text)
    }
  }

  /// Puts pseudonyms for a person.
  ///
  /// - Parameter namesNobody: True where somebody without an address keeps a name.
  func hide(name: inout String, email: inout String, namesNobody: Bool = false) {
    if !name.isEmpty {
      name =
        email.isEmpty && !namesNobody ? "" : email.withByteView { self.name(of: $0).string }
    }
    if !email.isEmpty { email = email.withByteView { address($0).string } }
  }

  /// Replaces everything personal of a record.
  package func apply(to f: ActivityFields) {
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
    f.labels = f.labels.filter { Self.isStandardFolder($0) }
  }
}
