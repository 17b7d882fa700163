#include "CPlatform.h"

// The escape of one byte, two or six bytes; gives its length.
static inline size_t escape(uint8_t c, uint8_t *to) {
  to[0] = '\\';
  switch (c) {
    case '\n': to[1] = 'n'; return 2;
    case '"':
    case '\\': to[1] = c; return 2;
    case '\t': to[1] = 't'; return 2;
    case '\r': to[1] = 'r'; return 2;
    case '\b': to[1] = 'b'; return 2;
    case '\f': to[1] = 'f'; return 2;
    default: break;
  }
  memcpy(to + 1, c < 16 ? "u000" : "u001", 4);
  to[5] = (uint8_t)((c & 15) < 10 ? '0' + (c & 15) : 'a' - 10 + (c & 15));
  return 6;
}

// Copies whole steps, then the rest from a place where a step too many may be read. A step that
// holds a byte to escape counts up to it, and the next begins behind it.
#define ESCAPE(STEP, COPY)                             \
  uint8_t *out = to;                                   \
  size_t i = 0;                                        \
  while (n - i >= STEP) {                              \
    uint32_t marks = COPY(from + i, out);              \
    if (marks == 0) {                                  \
      i += STEP;                                       \
      out += STEP;                                     \
      continue;                                        \
    }                                                  \
    size_t clean = (size_t)__builtin_ctz(marks);       \
    i += clean + 1;                                    \
    out += clean;                                      \
    out += escape(from[i - 1], out);                   \
  }                                                    \
  uint8_t rest[2 * STEP];                              \
  size_t left = n - i;                                 \
  memset(rest, 'x', sizeof rest);                      \
  memcpy(rest, from + i, left);                        \
  for (i = 0; i < left;) {                             \
    uint32_t marks = COPY(rest + i, out);              \
    if (marks == 0) {                                  \
      out += left - i;                                 \
      break;                                           \
    }                                                  \
    size_t clean = (size_t)__builtin_ctz(marks);       \
    i += clean + 1;                                    \
    out += clean;                                      \
    out += escape(rest[i - 1], out);                   \
  }                                                    \
  return (size_t)(out - to);

static size_t escape16(const uint8_t *from, size_t n, uint8_t *to) {
  ESCAPE(16, cplatform_json_copy16)
}

#ifdef __x86_64__
#include <immintrin.h>

__attribute__((target("avx2"), always_inline)) static inline uint32_t copy32(const uint8_t *from,
                                                                             uint8_t *to) {
  __m256i v = _mm256_loadu_si256((const __m256i *)from);
  _mm256_storeu_si256((__m256i *)to, v);
  __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1F)), v);
  __m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
  __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(control, _mm256_or_si256(quote, slash)));
}

__attribute__((target("avx2"))) static size_t escape32(const uint8_t *from, size_t n,
                                                       uint8_t *to) {
  ESCAPE(32, copy32)
}

size_t cplatform_json_escape(const uint8_t *from, size_t n, uint8_t *to) {
  return __builtin_cpu_supports("avx2") ? escape32(from, n, to) : escape16(from, n, to);
}
#else
size_t cplatform_json_escape(const uint8_t *from, size_t n, uint8_t *to) {
  return escape16(from, n, to);
}
#endif
