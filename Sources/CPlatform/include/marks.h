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

/// Asks for the memory at `p`, which is read soon.
static inline void cplatform_prefetch(const void *p) { __builtin_prefetch(p); }

#if defined(__SSE2__)
// Up to 15 bytes that lie anywhere, in a register, without the detour over memory that a load of
// what was just stored in pieces waits for: eight and more as their first and last eight, which
// overlap in the middle; four and more likewise, with `x` behind them; fewer one by one.
static inline __m128i cplatform_load_short(const uint8_t *p, size_t n) {
  if (n >= 8)
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)p),
                              _mm_loadl_epi64((const __m128i *)(p + n - 8)));
  uint64_t word = 0;
  if (n >= 4) {
    uint32_t first, last;
    memcpy(&first, p, 4);
    memcpy(&last, p + n - 4, 4);
    word = (uint64_t)last << 32 | first;
  } else {
    for (size_t i = n; i > 0; i--) word = word << 8 | p[i - 1];
    word |= n == 0 ? 0x7878787878787878ull : 0x7878787878787878ull << (8 * n);
  }
  return _mm_set_epi64x(0x7878787878787878ll, (long long)word);
}

// Writes what cplatform_load_short() read.
static inline void cplatform_store_short(__m128i v, uint8_t *p, size_t n) {
  if (n >= 8) {
    _mm_storel_epi64((__m128i *)p, v);
    _mm_storel_epi64((__m128i *)(p + n - 8), _mm_unpackhi_epi64(v, v));
    return;
  }
  uint64_t word;
  _mm_storel_epi64((__m128i *)&word, v);
  if (n >= 4) {
    uint32_t first = (uint32_t)word, last = (uint32_t)(word >> 32);
    memcpy(p, &first, 4);
    memcpy(p + n - 4, &last, 4);
  } else {
    for (size_t i = 0; i < n; i++, word >>= 8) p[i] = (uint8_t)word;
  }
}

static inline uint32_t cplatform_json_marks16(__m128i v) {
  __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
  __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)));
}
#endif

/// Copies 16 bytes from `from` to `to` and gives a bit, lowest first, for each byte that JSON
/// escapes: `"`, `\` and everything below 0x20.
static inline uint32_t cplatform_json_copy16(const uint8_t *from, uint8_t *to) {
#if defined(__SSE2__)
  __m128i v = _mm_loadu_si128((const __m128i *)from);
  _mm_storeu_si128((__m128i *)to, v);
  return cplatform_json_marks16(v);
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
#if defined(__SSE2__)
  __m128i v = cplatform_load_short(from, n);
  if (cplatform_json_marks16(v) != 0) return 0;
  cplatform_store_short(v, to, n);
  return 1;
#else
  for (size_t i = 0; i < n; i++) {
    uint8_t c = from[i];
    if (c < 0x20 || c == '"' || c == '\\') return 0;
    to[i] = c;
  }
  return 1;
#endif
}

/// Where the first LF stands in n bytes that neither a space nor a TAB follows; n when there is none.
static inline size_t cplatform_unfolded_lf(const uint8_t *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  const __m128i lf = _mm_set1_epi8('\n');
  for (; n - i >= 32; i += 32) {
    __m128i v = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + i)), lf);
    __m128i w = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + i + 16)), lf);
    uint32_t marks = (uint32_t)_mm_movemask_epi8(v) | (uint32_t)_mm_movemask_epi8(w) << 16;
    for (; marks; marks &= marks - 1) {
      size_t at = i + (size_t)__builtin_ctz(marks);
      if (at + 1 == n || (p[at + 1] != ' ' && p[at + 1] != '\t')) return at;
    }
  }
#endif
  for (; i < n; i++)
    if (p[i] == '\n' && (i + 1 == n || (p[i + 1] != ' ' && p[i + 1] != '\t'))) return i;
  return n;
}

/// Where the first colon, control character, space or DEL stands in n bytes; n when there is none.
static inline size_t cplatform_name_end(const uint8_t *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  for (; n - i >= 16; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v);
    __m128i colon = _mm_cmpeq_epi8(v, _mm_set1_epi8(':'));
    __m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(127));
    uint32_t marks = (uint32_t)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(colon, del)));
    if (marks) return i + (size_t)__builtin_ctz(marks);
  }
#endif
  for (; i < n; i++)
    if (p[i] <= ' ' || p[i] == ':' || p[i] == 127) return i;
  return n;
}

#if defined(__SSE2__)
// 16 bytes with ASCII letters in lower case. The comparison is signed, so A is moved to the lowest
// value.
static inline __m128i cplatform_lower16(__m128i v) {
  __m128i capital = _mm_cmpgt_epi8(_mm_set1_epi8(-128 + 26),
                                   _mm_add_epi8(v, _mm_set1_epi8((char)(128 - 'A'))));
  return _mm_or_si128(v, _mm_and_si128(capital, _mm_set1_epi8(0x20)));
}

// The highest bit of a byte is set for a space, a control character, `"` and what is above 0x7F.
static inline __m128i cplatform_no_word16(__m128i v) {
  __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v);
  return _mm_or_si128(v, _mm_or_si128(low, _mm_cmpeq_epi8(v, _mm_set1_epi8('"'))));
}
#endif

/// Copies n bytes with ASCII letters in lower case; reads and writes no byte beyond n. 1 when there is
/// a space, a control character, `"` or a byte above 0x7F among them.
static inline int cplatform_copy_lower(const uint8_t *from, size_t n, uint8_t *to) {
#if defined(__SSE2__)
  if (n < 16) {
    __m128i v = cplatform_load_short(from, n);
    cplatform_store_short(cplatform_lower16(v), to, n);
    return _mm_movemask_epi8(cplatform_no_word16(v)) != 0;
  }
  __m128i marks = _mm_setzero_si128();
  for (size_t i = 0;;) {
    __m128i v = _mm_loadu_si128((const __m128i *)(from + i));
    _mm_storeu_si128((__m128i *)(to + i), cplatform_lower16(v));
    marks = _mm_or_si128(marks, cplatform_no_word16(v));
    if (n - i <= 16) return _mm_movemask_epi8(marks) != 0;
    // The last step ends with the last byte.
    i = n - i >= 32 ? i + 16 : n - 16;
  }
#else
  int marks = 0;
  for (size_t i = 0; i < n; i++) {
    uint8_t c = from[i];
    to[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    marks |= c <= ' ' || c == '"' || c > 0x7F;
  }
  return marks;
#endif
}

/// Writes 16 bytes as 32 hexadecimal digits in lower case.
static inline void cplatform_hex16(const uint8_t *from, uint8_t *to) {
#if defined(__SSE2__)
  __m128i v = _mm_loadu_si128((const __m128i *)from);
  __m128i half = _mm_set1_epi8(15);
  __m128i low = _mm_and_si128(v, half);
  __m128i high = _mm_and_si128(_mm_srli_epi16(v, 4), half);
  __m128i digits[2] = {_mm_unpacklo_epi8(high, low), _mm_unpackhi_epi8(high, low)};
  for (int i = 0; i < 2; i++) {
    __m128i letter = _mm_cmpgt_epi8(digits[i], _mm_set1_epi8(9));
    __m128i offset = _mm_add_epi8(_mm_set1_epi8('0'),
                                  _mm_and_si128(letter, _mm_set1_epi8('a' - 10 - '0')));
    _mm_storeu_si128((__m128i *)(to + 16 * i), _mm_add_epi8(digits[i], offset));
  }
#else
  for (int i = 0; i < 16; i++) {
    to[2 * i] = (uint8_t)"0123456789abcdef"[from[i] >> 4];
    to[2 * i + 1] = (uint8_t)"0123456789abcdef"[from[i] & 15];
  }
#endif
}
#endif
