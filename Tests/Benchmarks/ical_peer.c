// libical reading the same calendar: ical_peer FILE [times]. Reads the whole file into memory, as
// icalparser_parse_string wants it, and counts components and properties.
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
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
