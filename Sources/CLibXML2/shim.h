#ifndef WINNOW_CLIBXML2_SHIM_H
#define WINNOW_CLIBXML2_SHIM_H
#include <libxml/xmlversion.h>
/* Debian's libxml2 pulls in ICU's headers for two fields that nobody here looks at; beside the ICU
   that Foundation brings along they are a conflict of modules. */
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>
/* xmlFree is a mutable global function pointer, which Swift 6 refuses to read: call it here. */
static inline void shim_xmlFree(void *p) { xmlFree(p); }
#endif
