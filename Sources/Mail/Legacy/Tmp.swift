public import Bytes
public struct TNEFAttachment { public var name: ByteView; public var mediaType: ByteView; public var data: ByteView }
public enum TNEF { public static func parse(_ b: ByteView, visit: (TNEFAttachment) -> Void) {} }
public enum FlowedText { public static func unflow(_ t: ByteView, delSp: Bool, into o: ByteBuffer) { o.append(t) } }
public enum NewestPart { public static func length(of t: ByteView) -> Int { t.count } }
