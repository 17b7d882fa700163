import Bytes
import Rules

// How a fact lies in a buffer or a file: counted as a whole, numbers little-endian, texts counted.
//
//   fact     = length reason flags identity message-id date user source file index offset path rule
//              matched list invitation [unread] memory (rendered / open) stored variants
//   unread   = sha256 length bytes-or-none      ; only where the flags say so
//   rendered = %x01 head tail json csv          ; variants: begin record json csv
//   open     = %x00 owner record                ; variants: begin record matched-by

extension FactAddress {
  /// Writes what stands before ``record``.
  func begin(_ w: FactWriter) {
    let isNamed = !id.isEmpty
    w.u8((isKnown ? 1 : 0) | (mayCapture ? 2 : 0) | (isNamed ? 4 : 0))
    w.u8(field.rawValue)
    w.bytes(key)
    w.bytes(name)
    if isNamed {
      w.bytes(id)
      w.bytes(leadName)
    }
  }

  fileprivate init(from body: inout FactReader, isRendered: Bool) {
    let flags = body.u8()
    isKnown = flags & 1 != 0
    mayCapture = flags & 2 != 0
    field = AddressFields(rawValue: body.u8())
    key = body.bytes()
    name = body.bytes()
    if flags & 4 != 0 {
      id = body.bytes()
      leadName = body.bytes()
    }
    record = body.bytes()
    if isRendered {
      rendered.json = body.bytes()
      rendered.csv = body.bytes()
    } else {
      matchedBy = body.bytes()
    }
  }
}

extension MailFact {
  /// Appends the fact with its length before it.
  func write(to out: ByteBuffer) {
    let w = FactWriter(out: out)
    let at = begin(w)
    if let rendered {
      for piece in [rendered.head, rendered.tail, rendered.shared.json, rendered.shared.csv] {
        w.bytes(piece)
      }
    } else {
      w.bytes(place.owner)
      w.bytes(record)
    }
    w.bytes(stored)
    w.u32(variants.count)
    for v in variants {
      v.begin(w)
      w.bytes(v.record)
      if rendered == nil {
        w.bytes(v.matchedBy)
      } else {
        w.bytes(v.rendered.json)
        w.bytes(v.rendered.csv)
      }
    }
    w.close(at)
  }

  /// Begins a fact with everything before `head` or `owner`; then `w.close` with the number given.
  ///
  /// A worker renders right after it into the batch's buffer, so that no record is copied.
  func begin(_ w: FactWriter) -> Int {
    let at = w.open()
    w.u8(verdict.reason.map { UInt8(truncatingIfNeeded: $0.position) } ?? 255)
    w.u8(
      (verdict.isAmbiguous ? 1 : 0) | (direction == .outbound ? 2 : 0)
        | (verdict.unread == nil ? 0 : 4))
    w.u64(identity.0)
    w.u64(identity.1)
    w.bytes(messageID)
    w.u64(UInt64(bitPattern: date))
    w.u32(user + 1)
    w.u32(place.source + 1)
    w.u32(place.file)
    w.u32(place.index)
    w.u64(UInt64(clamping: place.offset))
    w.bytes(place.path)
    w.bytes(verdict.rule)
    w.bytes(verdict.matched)
    w.bytes(listKey)
    w.bytes(verdict.sentAs)
    w.bytes(invitation)
    if let unread = verdict.unread { write(unread, to: w) }
    let block = w.open()
    memory?.write(to: w)
    w.close(block)
    w.u8(rendered == nil ? 0 : 1)
    return at
  }

  private func write(_ unread: Unread, to w: FactWriter) {
    w.digest(unread.digest)
    w.u64(UInt64(clamping: unread.length))
    w.u8(unread.bytes == nil ? 0 : 1)
    w.bytes(unread.bytes ?? .empty)
  }

  private static func readUnread(_ r: inout FactReader) -> Unread {
    let (digest, length, isShown) = (r.digest(), Int(clamping: r.u64()), r.u8() != 0)
    let bytes = r.bytes()
    return Unread(digest: digest, length: length, bytes: isShown ? bytes : nil)
  }

  /// Calls `body` with the first word of each fact's identity and its Message-ID.
  static func forEach(in facts: ByteView, _ body: (UInt64, ByteView) -> Void) {
    var reader = FactReader(facts)
    while !reader.isAtEnd {
      var fact = FactReader(reader.bytes())
      fact.skip(2)
      let id = fact.u64()
      fact.skip(8)
      body(id, fact.bytes())
    }
  }

  /// Reads the next fact; its views point into the reader's bytes. `variants` is filled anew.
  func read(from r: inout FactReader) {
    var body = FactReader(r.bytes())
    verdict.reason = Reason(position: Int(body.u8()))
    let flags = body.u8()
    verdict.isAmbiguous = flags & 1 != 0
    direction = flags & 2 != 0 ? .outbound : .inbound
    identity = (body.u64(), body.u64())
    messageID = body.bytes()
    date = Int64(bitPattern: body.u64())
    user = body.u32() - 1
    place.source = body.u32() - 1
    place.file = body.u32()
    place.index = body.u32()
    place.offset = Int(clamping: body.u64())
    place.path = body.bytes()
    verdict.rule = body.bytes()
    verdict.matched = body.bytes()
    listKey = body.bytes()
    verdict.sentAs = body.bytes()
    invitation = body.bytes()
    verdict.unread = flags & 4 == 0 ? nil : Self.readUnread(&body)
    let block = body.bytes()
    memory = block.isEmpty ? nil : LedgerNote(from: block)
    readForm(&body)
    stored = body.bytes()
    readVariants(&body)
  }

  private func readForm(_ body: inout FactReader) {
    if body.u8() != 0 {
      rendered = Rendered(
        head: body.bytes(), tail: body.bytes(),
        shared: Pieces(json: body.bytes(), csv: body.bytes()))
      place.owner = .empty
      record = .empty
    } else {
      rendered = nil
      place.owner = body.bytes()
      record = body.bytes()
    }
  }

  private func readVariants(_ body: inout FactReader) {
    variants.removeAll(keepingCapacity: true)
    let n = body.u32()
    while variants.count < n, !body.isAtEnd {
      variants.append(FactAddress(from: &body, isRendered: rendered != nil))
    }
  }
}
