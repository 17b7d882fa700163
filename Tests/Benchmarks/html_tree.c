// Parses HTML documents to libxml2 trees and frees them, on one thread: what a converter that builds a tree
// spends before it has looked at a single node.
//   html_tree FILE     FILE holds documents in UTF-8, each after its length in four bytes, little-endian
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
  int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) {
    fprintf(stderr, "usage: html_tree FILE\n");
    return 64;
  }
  const unsigned char *bytes = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) return 74;
  xmlInitParser();
  htmlParserCtxtPtr context = htmlNewParserCtxt();
  long documents = 0, elements = 0;
  for (off_t at = 0; at + 4 <= info.st_size;) {
    uint32_t length = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | (uint32_t)bytes[at + 3] << 24;
    at += 4;
    if (length > info.st_size - at) return 65;
    htmlDocPtr tree = htmlCtxtReadMemory(context, (const char *)bytes + at, length, NULL, "UTF-8",
                                         HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                             HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD |
                                             HTML_PARSE_COMPACT);
    documents++;
    if (tree && xmlDocGetRootElement(tree)) elements++;
    xmlFreeDoc(tree);
    at += length;
  }
  htmlFreeParserCtxt(context);
  printf("{\"documents\":%ld,\"trees\":%ld}\n", documents, elements);
  return documents == elements ? 0 : 1;
}
