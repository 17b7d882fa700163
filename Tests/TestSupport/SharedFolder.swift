import Glibc

/// Where the shared corpus lies, when it does.
public enum SharedFolder {
  /// The path of `../shared` beside the checkout, or nil when it is not there.
  public static let path: String? = {
    // #filePath is <checkout>/Tests/TestSupport/SharedFolder.swift
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: true)
    parts.removeLast(4)
    let candidate = "/" + parts.joined(separator: "/") + "/shared"
    return access(candidate + "/corpus/README.md", R_OK) == 0 ? candidate : nil
  }()
}
