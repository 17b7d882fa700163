#!/usr/bin/env python3
"""Reads a calendar with icalendar and expands it over 2026 with recurring-ical-events: seconds, instances, peak MiB.

  ical_peer.py FILE.ics
"""
import datetime
import resource
import sys
import time

import icalendar
import recurring_ical_events

began = time.monotonic()
with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
read = time.monotonic()
found = recurring_ical_events.of(calendar).between(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1))
done = time.monotonic()
print(f"reading {read - began:.1f} s, expanding {done - read:.1f} s, {len(found)} instances, "
      f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
