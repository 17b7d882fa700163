#include "CPlatform.h"
#include <string.h>

// memmem(3) takes a short needle at 2 to 4 GB/s, and it is most of what splitting a mailbox costs.
// Two bytes of the needle, compared sixteen places at a time, leave so few places to look at that
// the scan runs at memory speed. Plain vector types where the processor has no AVX2.
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

#define INLINE static inline __attribute__((always_inline))

INLINE words2 suspects(const uint8_t *p, const char *needle, size_t m) {
  bytes16 first, last;
  memcpy(&first, p, 16);
  memcpy(&last, p + m - 1, 16);
  return (words2)((first == (uint8_t)needle[0]) & (last == (uint8_t)needle[m - 1]));
}

INLINE const uint8_t *find(const uint8_t *p, size_t n, const char *needle, size_t m) {
  const uint8_t *end = p + n;
  while ((size_t)(end - p) >= 64 + m) {
    words2 any = suspects(p, needle, m) | suspects(p + 16, needle, m) |
                 suspects(p + 32, needle, m) | suspects(p + 48, needle, m);
    if (any[0] | any[1]) {
      for (int i = 0; i < 64; i++)
        if (memcmp(p + i, needle, m) == 0) return p + i;
    }
    p += 64;
  }
  for (; end - p >= (ptrdiff_t)m; p++)
    if (memcmp(p, needle, m) == 0) return p;
  return NULL;
}

#ifdef __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

AVX2 static const uint8_t *find_from32(const uint8_t *p, size_t n) {
  const uint8_t *end = p + n;
  const __m256i first = _mm256_set1_epi8('F'), last = _mm256_set1_epi8(' ');
  while (end - p >= 64 + 4) {
    const __m256i *v = (const __m256i *)p, *w = (const __m256i *)(p + 4);
    __m256i a = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_loadu_si256(v), first),
                                 _mm256_cmpeq_epi8(_mm256_loadu_si256(w), last));
    __m256i b = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_loadu_si256(v + 1), first),
                                 _mm256_cmpeq_epi8(_mm256_loadu_si256(w + 1), last));
    __m256i any = _mm256_or_si256(a, b);
    if (!_mm256_testz_si256(any, any)) {
      uint64_t hits =
          (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
      for (; hits; hits &= hits - 1) {
        const uint8_t *hit = p + __builtin_ctzll(hits);
        if (memcmp(hit, "From ", 5) == 0) return hit;
      }
    }
    p += 64;
  }
  return find(p, (size_t)(end - p), "From ", 5);
}

AVX2 static size_t blank_before_lf32(const uint8_t *p, size_t n, size_t i) {
  const __m256i lf = _mm256_set1_epi8('\n'), space = _mm256_set1_epi8(' '),
                tab = _mm256_set1_epi8('\t'), cr = _mm256_set1_epi8('\r');
  for (; n - i >= 32; i += 32) {
    __m256i line = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(p + i)), lf);
    __m256i v = _mm256_loadu_si256((const __m256i *)(p + i - 1));
    __m256i blank = _mm256_or_si256(
        _mm256_or_si256(_mm256_cmpeq_epi8(v, space), _mm256_cmpeq_epi8(v, tab)),
        _mm256_cmpeq_epi8(v, cr));
    uint32_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(line, blank));
    if (hits) return i + (size_t)__builtin_ctz(hits);
  }
  return i;
}
#endif

const uint8_t *cplatform_find_from(const uint8_t *p, size_t n) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) return find_from32(p, n);
#endif
  return find(p, n, "From ", 5);
}

size_t cplatform_blank_before_lf(const uint8_t *p, size_t n) {
  size_t i = 1;
#ifdef __x86_64__
  if (n > 32 && __builtin_cpu_supports("avx2")) i = blank_before_lf32(p, n, i);
#endif
  for (; i < n; i++)
    if (p[i] == '\n' && (p[i - 1] == ' ' || p[i - 1] == '\t' || p[i - 1] == '\r')) return i;
  return n;
}

const uint8_t *cplatform_find_dashes(const uint8_t *p, size_t n) { return find(p, n, "\n--", 3); }

int cplatform_has_control(const uint8_t *p, size_t n) {
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    bytes16 any = {0};
    for (int k = 0; k < 64; k += 16) {
      bytes16 v;
      memcpy(&v, p + i + k, 16);
      any |= (bytes16)(((v < 0x20) & (v != 9) & (v != 10) & (v != 13)) | (v == 0x7f));
    }
    words2 w = (words2)any;
    if (w[0] | w[1]) return 1;
  }
  for (; i < n; i++)
    if ((p[i] < 0x20 && p[i] != 9 && p[i] != 10 && p[i] != 13) || p[i] == 0x7f) return 1;
  return 0;
}

// Bytes that end a run of words: spaces (looked at again), controls, and the lead bytes of marks
// that a layout has to look at (U+0080, U+0340, U+2000 and U+F000 blocks).
INLINE int is_special(uint8_t c) {
  return c <= 0x20 || c == 0x7f || c == 0xc2 || c == 0xcd || c == 0xe2 || c == 0xef;
}

INLINE bytes16 specials(bytes16 v) {
  return (bytes16)((v <= 0x20) | (v == 0x7f) | (v == 0xc2) | (v == 0xcd) | (v == 0xe2) |
                   (v == 0xef));
}

size_t cplatform_plain_run(const uint8_t *p, size_t n) {
  size_t i = 0;
  for (; i + 17 <= n; i += 16) {
    bytes16 v, next;
    memcpy(&v, p + i, 16);
    memcpy(&next, p + i + 1, 16);
    bytes16 space = (bytes16)(v == 0x20);
    words2 stop = (words2)((specials(v) & ~space) | (space & specials(next)));
    if (stop[0] | stop[1]) break;
  }
  for (; i < n; i++)
    if (is_special(p[i]) && (p[i] != 0x20 || i + 1 == n || is_special(p[i + 1]))) return i;
  return n;
}
