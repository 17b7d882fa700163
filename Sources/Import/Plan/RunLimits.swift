/// What a run may take.
public enum RunLimits {
  /// Bytes of the configuration.
  public static let configuration = 64 << 20
  /// Worker threads.
  public static let jobs = 256
  /// Overlapping records that one task names.
  public static let conflicts = BusyTimes.limit
}
