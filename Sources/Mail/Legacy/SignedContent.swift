import Bytes
import CLibCrypto

/// What an opaque-signed S/MIME mail holds (RFC 8551 section 3.5.2): the MIME entity inside
/// application/pkcs7-mime. Signatures and certificates are not looked at: who signed, and whether it
/// holds, is for a mail program to say.
enum SignedContent {
  /// Appends the content of a CMS SignedData structure (RFC 5652 section 5.1) in BER or DER; false
  /// where the bytes are none, or have no content of their own (a detached signature).
  static func append(of der: ByteView, to out: ByteBuffer) -> Bool {
    guard let input = BIO_new_mem_buf(der.base, Int32(clamping: der.count)) else { return false }
    defer {
      BIO_free(input)
      // What it did not like is nobody's business later on.
      ERR_clear_error()
    }
    guard let message = d2i_CMS_bio(input, nil) else { return false }
    defer { CMS_ContentInfo_free(message) }
    guard OBJ_obj2nid(CMS_get0_type(message)) == NID_pkcs7_signed,
      let content = CMS_get0_content(message)?.pointee
    else { return false }
    let count = Int(ASN1_STRING_length(content))
    guard count > 0, let data = ASN1_STRING_get0_data(content) else { return false }
    out.append(ByteView(base: data, count: count))
    return true
  }
}
