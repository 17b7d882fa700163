// How fast libxml2 builds a tree of the HTML of mails, for comparison with `HTMLText`.
//
//   python3 Tests/Benchmarks/html_documents.py html.mbox > html.docs
//   cc -O2 Tests/Benchmarks/html_tree.c -o html_tree $(xml2-config --cflags --libs)
//   ./html_tree html.docs
//
// The file holds documents in UTF-8 with a NUL after each. Prints the best of nine rounds, in MB of
// processor time a second, on one core.
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 64;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *all = malloc((size_t)size + 1);
  if (!all || fread(all, 1, (size_t)size, file) != (size_t)size) return 74;
  all[size] = 0;
  int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT;
  htmlParserCtxtPtr context = htmlNewParserCtxt();
  double best = 1e9;
  long documents = 0;
  for (int round = 0; round < 9; round++) {
    double start = now();
    documents = 0;
    for (char *at = all; at < all + size; at += strlen(at) + 1) {
      htmlDocPtr tree = htmlCtxtReadMemory(context, at, (int)strlen(at), NULL, "UTF-8", options);
      if (tree) xmlFreeDoc(tree);
      documents++;
    }
    double took = now() - start;
    if (took < best) best = took;
  }
  htmlFreeParserCtxt(context);
  printf("libxml2 " LIBXML_DOTTED_VERSION ", tree: %ld documents, %.1f MB, %.0f MB/s\n", documents,
         (double)size / 1e6, (double)size / best / 1e6);
  return 0;
}
