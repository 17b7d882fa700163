import Bytes

/// What an element means for a reader of text. Elements that read alike share a case.
enum HTMLTag: UInt8 {
  /// Inline elements and unknown ones: no effect unless their style hides them.
  case inline
  /// `div` and all that begins and ends a line.
  case block
  /// `p`: set off by a blank line.
  case paragraph
  /// `h1` to `h6`.
  case heading
  /// `blockquote`.
  case quote
  /// `pre`, `listing`: white space counts.
  case pre
  /// `ul`, `menu`, `dir`.
  case bulletList
  /// `ol`.
  case numberedList
  /// `li`.
  case item
  /// `dt`, `dd`.
  case definition
  /// `table`.
  case table
  /// `tr`.
  case row
  /// `td`, `th`.
  case cell
  /// `a`.
  case link
  /// `img`.
  case image
  /// `br`.
  case lineBreak
  /// `hr`.
  case rule
  /// `option`, `optgroup`: words apart, no more.
  case gap
  /// `script`: raw text to its end tag or the end of input, never shown.
  case script
  /// `style`: as `script`.
  case style
  /// `noscript`, `template`, `title` and such: dropped when their end tag is there.
  case dropped
  /// `xmp`: raw text, shown.
  case verbatim
  /// `plaintext`: the rest of the input is text.
  case plaintext
  /// `textarea`: text with character references, no tags.
  case textArea
  /// Elements without text of their own or without effect on it.
  case ignored

  /// The meaning of an element name, in any case.
  static func named(_ name: ByteView) -> HTMLTag {
    guard name.count <= 8 else {
      switch name.count {
      case 9 where name.equalsIgnoringCase("plaintext"): return .plaintext
      case 10 where name.equalsIgnoringCase("blockquote"): return .quote
      case 10 where name.equalsIgnoringCase("figcaption"): return .block
      default: return .inline
      }
    }
    var packed: UInt64 = 0
    for i in 0..<name.count { packed = packed << 8 | UInt64(ASCII.lower(name.base[i])) }
    return named(packed)
  }

  // The key is the lower-case name, its last letter in the lowest byte. Long because it is a table.
  private static func named(_ packed: UInt64) -> HTMLTag {
    switch packed {
    // div, center, form
    case 0x646976, 0x63656E746572, 0x666F726D: .block
    // fieldset, address, section
    case 0x6669656C64736574, 0x61646472657373, 0x73656374696F6E: .block
    // article, header, footer
    case 0x61727469636C65, 0x686561646572, 0x666F6F746572: .block
    // main, nav, aside
    case 0x6D61696E, 0x6E6176, 0x6173696465: .block
    // figure, details, summary
    case 0x666967757265, 0x64657461696C73, 0x73756D6D617279: .block
    // caption, dl, hgroup
    case 0x63617074696F6E, 0x646C, 0x6867726F7570: .block
    // dialog, legend, menuitem
    case 0x6469616C6F67, 0x6C6567656E64, 0x6D656E756974656D: .block
    // search
    case 0x736561726368: .block
    // p
    case 0x70: .paragraph
    // h1, h2, h3
    case 0x6831, 0x6832, 0x6833: .heading
    // h4, h5, h6
    case 0x6834, 0x6835, 0x6836: .heading
    // pre, listing
    case 0x707265, 0x6C697374696E67: .pre
    // ul, menu, dir
    case 0x756C, 0x6D656E75, 0x646972: .bulletList
    // ol
    case 0x6F6C: .numberedList
    // li
    case 0x6C69: .item
    // dt, dd
    case 0x6474, 0x6464: .definition
    // table
    case 0x7461626C65: .table
    // tr
    case 0x7472: .row
    // td, th
    case 0x7464, 0x7468: .cell
    // a
    case 0x61: .link
    // img, image
    case 0x696D67, 0x696D616765: .image
    // br
    case 0x6272: .lineBreak
    // hr
    case 0x6872: .rule
    // option, optgroup
    case 0x6F7074696F6E, 0x6F707467726F7570: .gap
    // script
    case 0x736372697074: .script
    // style
    case 0x7374796C65: .style
    // noscript, template, title
    case 0x6E6F736372697074, 0x74656D706C617465, 0x7469746C65: .dropped
    // iframe, noframes, noembed
    case 0x696672616D65, 0x6E6F6672616D6573, 0x6E6F656D626564: .dropped
    // xmp
    case 0x786D70: .verbatim
    // textarea
    case 0x7465787461726561: .textArea
    // html, head, body
    case 0x68746D6C, 0x68656164, 0x626F6479: .ignored
    // tbody, thead, tfoot
    case 0x74626F6479, 0x7468656164, 0x74666F6F74: .ignored
    // meta, link, base
    case 0x6D657461, 0x6C696E6B, 0x62617365: .ignored
    // wbr, input, area
    case 0x776272, 0x696E707574, 0x61726561: .ignored
    // col, colgroup, embed
    case 0x636F6C, 0x636F6C67726F7570, 0x656D626564: .ignored
    // source, track, param
    case 0x736F75726365, 0x747261636B, 0x706172616D: .ignored
    // keygen, bgsound, basefont
    case 0x6B657967656E, 0x6267736F756E64, 0x62617365666F6E74: .ignored
    // frame, frameset
    case 0x6672616D65, 0x6672616D65736574: .ignored
    default: .inline
    }
  }
}
