#ifndef WINNOW_MARKS_H
#define WINNOW_MARKS_H
// Bit masks over 16 bytes, which Swift's SIMD types cannot give without a loop. SSE2 is part of
// every x86-64; elsewhere plain C that a compiler turns into vectors.
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Copies 16 bytes from `from` to `to` and gives a bit, lowest first, for each byte that JSON
/// escapes: `"`, `\` and everything below 0x20.
static inline uint32_t cplatform_json_copy16(const uint8_t *from, uint8_t *to) {
#if defined(__SSE2__)
  __m128i v = _mm_loadu_si128((const __m128i *)from);
  _mm_storeu_si128((__m128i *)to, v);
  __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
  __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)));
#else
  uint32_t marks = 0;
  for (int i = 0; i < 16; i++) {
    uint8_t c = from[i];
    to[i] = c;
    marks |= (uint32_t)(c < 0x20 || c == '"' || c == '\\') << i;
  }
  return marks;
#endif
}
#endif
