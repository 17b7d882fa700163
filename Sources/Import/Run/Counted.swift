/// Numbers with their nouns, for people.
public enum Counted {
  /// `1 item`, `2 items`; `plural` where an s is not enough.
  public static func of(_ n: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(n) " + (n == 1 ? noun : plural ?? noun + "s")
  }
}
