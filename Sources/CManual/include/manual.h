#ifndef WINNOW_MANUAL_H
#define WINNOW_MANUAL_H

#include <stddef.h>

// A page of the manual as it stands in Sources/winnow/winnow.docc.
typedef struct {
  const char *name;
  const unsigned char *text;
  size_t length;
} winnow_page;

// The pages, in the order in which the start page lists them.
const winnow_page *winnow_manual(size_t *count);

#endif
