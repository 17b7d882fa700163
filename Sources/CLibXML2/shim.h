#ifndef WINNOW_CLIBXML2_SHIM_H
#define WINNOW_CLIBXML2_SHIM_H
/* Debian's libxml2 is built with ICU and its headers would bring in ICU's, whose types differ from those
   of Swift's own Foundation: a module that sees both does not compile. Only libxml2's converters use them. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>
/* xmlFree is a mutable global function pointer, which Swift 6 refuses to read: call it here. */
static inline void shim_xmlFree(void *p) { xmlFree(p); }
#endif
