// Parses HTML documents to libxml2 trees and frees them, on one thread: what a converter that builds a tree
// spends before it has looked at a single node.
//   html_tree FILE [ROUNDS]     FILE holds documents in UTF-8 with a NUL after each (html_documents.py)
// Prints the best round in MB of processor time a second.
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  int file = argc > 1 ? open(argv[1], O_RDONLY) : -1;
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) {
    fprintf(stderr, "usage: html_tree FILE [ROUNDS]\n");
    return 64;
  }
  const char *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) return 74;
  const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                      HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT;
  xmlInitParser();
  htmlParserCtxtPtr context = htmlNewParserCtxt();
  double best = 1e9;
  long documents = 0;
  for (int round = argc > 2 ? atoi(argv[2]) : 1; round > 0; round--) {
    const double start = now();
    const char *at = bytes, *end = bytes + info.st_size, *stop;
    for (documents = 0; at < end && (stop = memchr(at, 0, (size_t)(end - at))); at = stop + 1) {
      htmlDocPtr tree = htmlCtxtReadMemory(context, at, (int)(stop - at), NULL, "UTF-8", options);
      if (tree) xmlFreeDoc(tree);
      documents++;
    }
    const double seconds = now() - start;
    if (seconds < best) best = seconds;
  }
  htmlFreeParserCtxt(context);
  printf("{\"documents\":%ld,\"bytes\":%ld,\"MBps\":%.1f}\n", documents, (long)info.st_size,
         (double)info.st_size / best / 1e6);
  return 0;
}
