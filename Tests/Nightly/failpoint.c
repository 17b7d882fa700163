/* Counts the calls by which a process changes files, and kills it, or fails the call, at a given one.
 *
 *   FAIL_COUNT=FILE   8 bytes that count the calls (made when missing)
 *   FAIL_AT=N         at the N-th call, from 1 …
 *   FAIL_HOW=kill     … SIGKILL before it
 *           =tear     … half of what is to be written, then SIGKILL (another call: SIGKILL before it)
 *           =term     … SIGTERM to the process, then the call
 *           =28, =5 … the call fails with this errno (ENOSPC, EIO)
 *   FAIL_ALWAYS=1     every call from the N-th on fails
 *   SLOW=MS           every fourth of the calls, and of those that lock, takes up to MS milliseconds longer
 *   NO_OPEN=NAME      opening a file of this name fails with NO_OPEN_HOW
 *   CLOCK_SHIFT=S     the time of day is S seconds off
 *
 * Calls on standard output and error do not count. Memory mappings are not seen: SQLite writes its
 * files with pwrite, only its index of the write-ahead log (-shm) is mapped, and that is rebuilt. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static _Atomic long own;
static _Atomic long *count = &own;
static long at, shift, slow;
static int how, always, shut_how;
static const char *shut;
enum { KILL = -1, TEAR = -2, TERM = -3 };

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *s;
  if ((s = getenv("FAIL_AT"))) at = atol(s);
  if ((s = getenv("SLOW"))) slow = atol(s);
  if ((s = getenv("CLOCK_SHIFT"))) shift = atol(s);
  shut = getenv("NO_OPEN");
  if ((s = getenv("NO_OPEN_HOW"))) shut_how = atoi(s);
  if ((s = getenv("FAIL_ALWAYS"))) always = atoi(s);
  if ((s = getenv("FAIL_HOW")))
    how = *s == 'k' ? KILL : *s == 't' ? (s[2] == 'r' ? TERM : TEAR) : atoi(s);
  if ((s = getenv("FAIL_COUNT"))) {
    int fd = REAL(open)(s, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || REAL(ftruncate)(fd, 8) != 0) abort();
    void *p = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) abort();
    count = p;
    close(fd);
  }
}

static void dawdle(void) {
  if (!slow) return;
  struct timespec t;
  REAL(clock_gettime)(CLOCK_MONOTONIC, &t);
  long dice = t.tv_nsec / 64 * 2654435761L >> 7;
  if ((dice & 3) == 0) usleep((dice >> 2 & 0xffff) % (slow * 1000));
}

/* 0: go on; else what is to be done. */
static int turn(void) {
  long n = ++*count;
  dawdle();
  if (!at || n < at || (n > at && !always)) return 0;
  if (how == KILL) { kill(getpid(), SIGKILL); pause(); }
  if (how == TERM) {
    if (n == at) kill(getpid(), SIGTERM);
    return 0;
  }
  return how;
}

#define FAILS(bad) do { int e = turn(); if (e == TEAR) { kill(getpid(), SIGKILL); pause(); } \
  if (e) { errno = e; return bad; } } while (0)

#define TEARS(call) do { int e = turn(); if (e == TEAR) { call; kill(getpid(), SIGKILL); pause(); } \
  if (e) { errno = e; return -1; } } while (0)

ssize_t write(int fd, const void *b, size_t n) {
  if (fd > 2) TEARS(REAL(write)(fd, b, n / 2));
  return REAL(write)(fd, b, n);
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
  TEARS(REAL(pwrite)(fd, b, n / 2, o));
  return REAL(pwrite)(fd, b, n, o);
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
  TEARS(REAL(pwrite64)(fd, b, n / 2, o));
  return REAL(pwrite64)(fd, b, n, o);
}
ssize_t writev(int fd, const struct iovec *v, int n) {
  if (fd > 2) FAILS(-1);
  return REAL(writev)(fd, v, n);
}
int flock(int fd, int how) { dawdle(); return REAL(flock)(fd, how); }
int fsync(int fd) { FAILS(-1); return REAL(fsync)(fd); }
int fdatasync(int fd) { FAILS(-1); return REAL(fdatasync)(fd); }
int syncfs(int fd) { FAILS(-1); return REAL(syncfs)(fd); }
int ftruncate(int fd, off_t n) { FAILS(-1); return REAL(ftruncate)(fd, n); }
int ftruncate64(int fd, off64_t n) { FAILS(-1); return REAL(ftruncate64)(fd, n); }
int posix_fallocate64(int fd, off64_t o, off64_t n) {
  FAILS(errno); return REAL(posix_fallocate64)(fd, o, n);
}
int rename(const char *a, const char *b) { FAILS(-1); return REAL(rename)(a, b); }
int renameat(int x, const char *a, int y, const char *b) { FAILS(-1); return REAL(renameat)(x, a, y, b); }
int renameat2(int x, const char *a, int y, const char *b, unsigned f) {
  FAILS(-1); return REAL(renameat2)(x, a, y, b, f);
}
int mkdir(const char *p, mode_t m) { FAILS(-1); return REAL(mkdir)(p, m); }
int mkdirat(int d, const char *p, mode_t m) { FAILS(-1); return REAL(mkdirat)(d, p, m); }
int rmdir(const char *p) { FAILS(-1); return REAL(rmdir)(p); }
int unlink(const char *p) { FAILS(-1); return REAL(unlink)(p); }
int unlinkat(int d, const char *p, int f) { FAILS(-1); return REAL(unlinkat)(d, p, f); }
int link(const char *a, const char *b) { FAILS(-1); return REAL(link)(a, b); }
int linkat(int x, const char *a, int y, const char *b, int f) { FAILS(-1); return REAL(linkat)(x, a, y, b, f); }
int symlink(const char *a, const char *b) { FAILS(-1); return REAL(symlink)(a, b); }
int symlinkat(const char *a, int d, const char *b) { FAILS(-1); return REAL(symlinkat)(a, d, b); }

static int is_shut(const char *p) {
  const char *slash = strrchr(p, '/');
  return strcmp(slash ? slash + 1 : p, shut) == 0;
}

#define MODE(f) mode_t m = 0; \
  if (shut && is_shut(p)) { errno = shut_how; return -1; } \
  if (f & (O_CREAT | 020000000)) { \
  va_list l; va_start(l, f); m = va_arg(l, mode_t); va_end(l); FAILS(-1); }
int open(const char *p, int f, ...) { MODE(f) return REAL(open)(p, f, m); }
int open64(const char *p, int f, ...) { MODE(f) return REAL(open64)(p, f, m); }
int openat(int d, const char *p, int f, ...) { MODE(f) return REAL(openat)(d, p, f, m); }
int openat64(int d, const char *p, int f, ...) { MODE(f) return REAL(openat64)(d, p, f, m); }

int clock_gettime(clockid_t c, struct timespec *t) {
  int r = REAL(clock_gettime)(c, t);
  if (r == 0 && c == CLOCK_REALTIME) t->tv_sec += shift;
  return r;
}
int gettimeofday(struct timeval *t, void *z) {
  int r = REAL(gettimeofday)(t, z);
  if (r == 0) t->tv_sec += shift;
  return r;
}
time_t time(time_t *t) {
  time_t now = REAL(time)(0) + shift;
  if (t) *t = now;
  return now;
}
