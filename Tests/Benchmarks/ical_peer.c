// libical reading the same calendar: ical_peer FILE [times] [expand]. Reads the whole file into
// memory, as icalparser_parse_string wants it, and counts components and properties. `expand`
// expands the recurring events over 2026 as well.
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long components, properties;

static void walk(icalcomponent *c) {
  components++;
  for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ANY_PROPERTY); p;
       p = icalcomponent_get_next_property(c, ICAL_ANY_PROPERTY))
    properties++;
  for (icalcompiter i = icalcomponent_begin_component(c, ICAL_ANY_COMPONENT);
       icalcompiter_deref(&i); icalcompiter_next(&i))
    walk(icalcompiter_deref(&i));
}

static void count(icalcomponent *c, struct icaltime_span *span, void *n) {
  (void)c;
  // The window ends with the year; what merely reaches into it does not begin in it.
  if (span->start >= 1767225600 && span->start <= 1798761599) ++*(long *)n;
}

static long expand(icalcomponent *calendar, long *series) {
  long n = 0;
  struct icaltimetype from = icaltime_from_string("20260101T000000Z");
  struct icaltimetype to = icaltime_from_string("20270101T000000Z");
  for (icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); c;
       c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    if (!icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY)) continue;
    ++*series;
    icalcomponent_foreach_recurrence(c, from, to, count, &n);
  }
  return n;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  int times = argc > 2 ? atoi(argv[2]) : 1;
  for (int i = 0; i < times; i++) {
    double start = now();
    FILE *f = fopen(argv[1], "rb");
    if (!f) return 65;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *text = malloc(n + 1);
    if (!text || fread(text, 1, n, f) != (size_t)n) return 74;
    text[n] = 0;
    fclose(f);
    icalcomponent *c = icalparser_parse_string(text);
    double seconds = now() - start;
    if (c && argc > 3 && !strcmp(argv[3], "expand")) {
      long series = 0;
      double begin = now();
      long n = expand(c, &series);
      double end = now();
      printf("%ld series, %ld instances, %.0f us expanding, %.0f us in all\n", series, n,
             (end - begin) * 1e6, (end - start) * 1e6);
      icalcomponent_free(c);
      free(text);
      continue;
    }
    components = properties = 0;
    if (c) walk(c);
    printf("%ld components, %ld properties, %.0f us, %.0f MB/s\n", components, properties,
           seconds * 1e6, n / 1e6 / seconds);
    if (c) icalcomponent_free(c);
    free(text);
  }
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  printf("peak memory %ld MiB\n", u.ru_maxrss / 1024);
  return 0;
}
