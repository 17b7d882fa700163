#define _GNU_SOURCE
#include "CPlatform.h"
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const uint8_t *cplatform_memmem(const uint8_t *haystack, size_t n, const uint8_t *needle,
                                size_t m) {
  return memmem(haystack, n, needle, m);
}
const uint8_t *cplatform_memrchr(const uint8_t *haystack, uint8_t c, size_t n) {
  return memrchr(haystack, c, n);
}
int cplatform_rename_noreplace(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}
int cplatform_rename_exchange(const char *a, const char *b) {
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}
int cplatform_syncfs(int fd) { return syncfs(fd); }
int cplatform_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
int cplatform_openat(int dirfd, const char *path, int flags, mode_t mode) {
  return openat(dirfd, path, flags, mode);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where) {
  (void)info;
  (void)kind;
  (void)where;
  remove(path);
  return 0;
}
void cplatform_remove_tree(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

int cplatform_open_temporary(const char *folder) {
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  char name[4096];
  if (snprintf(name, sizeof name, "%s/.winnow-spill-XXXXXX", folder) >= (int)sizeof name) return -1;
  fd = mkostemp(name, O_CLOEXEC);
  if (fd >= 0) unlink(name);
  return fd;
}

void cplatform_moment(void) {
  for (int i = 0; i < 32; i++) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
  }
}
