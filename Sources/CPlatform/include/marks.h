#ifndef WINNOW_MARKS_H
#define WINNOW_MARKS_H
// Bit masks over 16 bytes, which Swift's SIMD types cannot give without a loop. SSE2 is part of
// every x86-64; elsewhere plain C that a compiler turns into vectors.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
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

/// Copies n bytes, at most 64, from `from` to `to` and gives 1 when JSON escapes none of them; else
/// what stands at `to` means nothing. Reads and writes no byte beyond n.
static inline int cplatform_json_copy_short(const uint8_t *from, size_t n, uint8_t *to) {
  if (n >= 16) {
    uint32_t marks = cplatform_json_copy16(from, to);
    if (n > 32) {
      marks |= cplatform_json_copy16(from + 16, to + 16);
      if (n > 48) marks |= cplatform_json_copy16(from + 32, to + 32);
    }
    marks |= cplatform_json_copy16(from + n - 16, to + n - 16);
    return marks == 0;
  }
  // The ends overlap in the middle; what is left of the 16 bytes is harmless.
  uint8_t in[16], out[16];
  memset(in, 'x', 16);
  if (n >= 8) {
    memcpy(in, from, 8);
    memcpy(in + 8, from + n - 8, 8);
  } else if (n >= 4) {
    memcpy(in, from, 4);
    memcpy(in + 8, from + n - 4, 4);
  } else {
    for (size_t i = 0; i < n; i++) in[i] = from[i];
  }
  if (cplatform_json_copy16(in, out) != 0) return 0;
  if (n >= 8) {
    memcpy(to, in, 8);
    memcpy(to + n - 8, in + 8, 8);
  } else if (n >= 4) {
    memcpy(to, in, 4);
    memcpy(to + n - 4, in + 8, 4);
  } else {
    for (size_t i = 0; i < n; i++) to[i] = in[i];
  }
  return 1;
}
#endif
