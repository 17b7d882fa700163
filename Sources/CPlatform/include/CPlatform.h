#ifndef WINNOW_CPLATFORM_H
#define WINNOW_CPLATFORM_H
// The few libc calls that Swift's Glibc module hides or cannot express.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "marks.h"

/// memmem(3): first occurrence of needle, or NULL.
const uint8_t *cplatform_memmem(const uint8_t *haystack, size_t n, const uint8_t *needle, size_t m);
/// memrchr(3): last occurrence of c, or NULL.
const uint8_t *cplatform_memrchr(const uint8_t *haystack, uint8_t c, size_t n);
/// The first "From " in n bytes, or NULL; what memmem(3) would give, faster.
const uint8_t *cplatform_find_from(const uint8_t *p, size_t n);
/// The first LF with "--" after it in n bytes, or NULL; what memmem(3) would give, faster.
const uint8_t *cplatform_find_dashes(const uint8_t *p, size_t n);
/// Where the first LF stands in n bytes with a space, a TAB or a CR before it; n when there is none.
size_t cplatform_blank_before_lf(const uint8_t *p, size_t n);
/// Writes n bytes of UTF-8 to `to` with `"`, `\` and everything below 0x20 escaped as JSON wants
/// it, and returns how many bytes that took. Needs room for 6 n + 32.
size_t cplatform_json_escape(const uint8_t *from, size_t n, uint8_t *to);
/// 1 when the processor has instructions for SHA-256: then the two functions below may be called.
int cplatform_has_sha256(void);
/// SHA-256 of n bytes: 32 bytes to `digest`.
void cplatform_sha256(const uint8_t *p, size_t n, uint8_t *digest);
/// SHA-256 of two texts side by side, which takes little longer than one of them: its instructions
/// wait for each other most of the time.
void cplatform_sha256_pair(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
                           uint8_t *digest_a, uint8_t *digest_b);
/// Decodes base64 from a quantum's beginning on: whole quanta of symbols, single line ends between
/// them passed over, as long as 32 bytes are left. Writes `*written` bytes to dst, which needs room
/// for n / 4 * 3 + 32, and returns how many of the n bytes that took: 0 where the processor lacks
/// AVX2. What follows begins with a quantum, too.
size_t cplatform_base64_blocks(const uint8_t *src, size_t n, uint8_t *dst, size_t *written);
/// How many of n bytes are words with single spaces between them: up to a space that no word
/// follows, a control character, or a byte C2, CD, E2 or EF.
size_t cplatform_plain_run(const uint8_t *p, size_t n);
/// 1 when n bytes hold a control character (below 0x20, or 0x7F) other than TAB, LF and CR.
int cplatform_has_control(const uint8_t *p, size_t n);
/// Waits for about a microsecond without leaving the processor.
void cplatform_moment(void);
/// renameat2(2) with RENAME_NOREPLACE; 0 or -1 with errno.
int cplatform_rename_noreplace(const char *from, const char *to);
/// renameat2(2) with RENAME_EXCHANGE; 0 or -1 with errno.
int cplatform_rename_exchange(const char *a, const char *b);
/// syncfs(2) on an open descriptor; 0 or -1 with errno.
int cplatform_syncfs(int fd);
/// open(2) with a mode argument (variadic in C).
int cplatform_open(const char *path, int flags, mode_t mode);
/// open(2) with O_TMPFILE: a file without a name in a folder; falls back to a name that is removed
/// at once where the file system knows no O_TMPFILE.
int cplatform_open_temporary(const char *folder);
/// openat(2) with a mode argument (variadic in C).
int cplatform_openat(int dirfd, const char *path, int flags, mode_t mode);
/// Removes a folder and everything in it without following links; errors are passed over.
void cplatform_remove_tree(const char *path);
#endif
