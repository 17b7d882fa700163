#ifndef WINNOW_CLIBXML2_SHIM_H
#define WINNOW_CLIBXML2_SHIM_H
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>
/* xmlFree is a mutable global function pointer, which Swift 6 refuses to read: call it here. */
static inline void shim_xmlFree(void *p) { xmlFree(p); }
#endif
