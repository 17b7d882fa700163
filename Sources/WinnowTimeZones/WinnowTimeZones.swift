// The modules that hold it, in one import.
@_exported public import CivilTime
@_exported public import TimeZones
