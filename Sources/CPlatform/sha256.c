#include "CPlatform.h"

// SHA-256 (FIPS 180-4) with the processor's own instructions, for short texts, of which a mail has
// several. Where they are missing, callers go to libcrypto.
#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

#define SHA __attribute__((target("sha,sse4.1,ssse3")))
#define SHA_INLINE __attribute__((target("sha,sse4.1,ssse3"), always_inline)) static inline

int cplatform_has_sha256(void) {
  // 0: not asked yet. Threads that ask at once find the same.
  static int known;
  int is = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (is == 0) {
    unsigned a, b, c, d;
    is = -1;
    if (__get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3) &&
        __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)))
      is = 1;
    __atomic_store_n(&known, is, __ATOMIC_RELAXED);
  }
  return is > 0;
}

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The state as the instructions want it: a, b, e, f and c, d, g, h, the first in the highest place.
typedef struct {
  __m128i abef, cdgh;
} State;

SHA_INLINE State initial(void) {
  return (State){_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                 _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
}

SHA_INLINE void load(__m128i *w, const uint8_t *p) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
  for (int i = 0; i < 4; i++)
    w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), swap);
}

// Four rounds with the words w[g & 3]; from the thirteenth group on no words are needed any more.
SHA_INLINE void rounds(State *s, __m128i *w, int g) {
  __m128i words = w[g & 3];
  __m128i sum = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(constants + 4 * g)));
  s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, sum);
  s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(sum, 0x0e));
  if (g < 12) {
    // The words sixteen on, in place of these.
    __m128i next = _mm_sha256msg1_epu32(words, w[(g + 1) & 3]);
    next = _mm_add_epi32(next, _mm_alignr_epi8(w[(g + 3) & 3], w[(g + 2) & 3], 4));
    w[g & 3] = _mm_sha256msg2_epu32(next, w[(g + 3) & 3]);
  }
}

SHA static void blocks(State *state, const uint8_t *p, size_t n) {
  State s = *state;
  for (; n > 0; n--, p += 64) {
    State before = s;
    __m128i w[4];
    load(w, p);
#pragma clang loop unroll(full)
    for (int g = 0; g < 16; g++) rounds(&s, w, g);
    s.abef = _mm_add_epi32(s.abef, before.abef);
    s.cdgh = _mm_add_epi32(s.cdgh, before.cdgh);
  }
  *state = s;
}

SHA static void blocks_pair(State *sa, const uint8_t *a, State *sb, const uint8_t *b, size_t n) {
  State s = *sa, t = *sb;
  for (; n > 0; n--, a += 64, b += 64) {
    State before_s = s, before_t = t;
    __m128i v[4], w[4];
    load(v, a);
    load(w, b);
#pragma clang loop unroll(full)
    for (int g = 0; g < 16; g++) {
      rounds(&s, v, g);
      rounds(&t, w, g);
    }
    s.abef = _mm_add_epi32(s.abef, before_s.abef);
    s.cdgh = _mm_add_epi32(s.cdgh, before_s.cdgh);
    t.abef = _mm_add_epi32(t.abef, before_t.abef);
    t.cdgh = _mm_add_epi32(t.cdgh, before_t.cdgh);
  }
  *sa = s;
  *sb = t;
}

// The whole blocks of a text, then those with its last bytes, the padding and the length.
typedef struct {
  State state;
  const uint8_t *next;
  size_t left;
  int is_at_end;
  size_t end_blocks;
  uint8_t end[128];
} Text;

SHA static void begin(Text *t, const uint8_t *p, size_t n) {
  size_t rest = n % 64;
  t->state = initial();
  t->next = p;
  t->left = n / 64;
  t->is_at_end = 0;
  t->end_blocks = rest < 56 ? 1 : 2;
  memset(t->end, 0, sizeof t->end);
  memcpy(t->end, p + (n - rest), rest);
  t->end[rest] = 0x80;
  uint64_t bits = __builtin_bswap64((uint64_t)n * 8);
  memcpy(t->end + 64 * t->end_blocks - 8, &bits, 8);
}

// How many blocks lie one after the other; 0 at the end.
static size_t ready(Text *t) {
  if (t->left == 0 && !t->is_at_end) {
    t->is_at_end = 1;
    t->next = t->end;
    t->left = t->end_blocks;
  }
  return t->left;
}

static void advance(Text *t, size_t n) {
  t->next += 64 * n;
  t->left -= n;
}

SHA static void finish(Text *t, uint8_t *digest) {
  for (size_t n; (n = ready(t)) > 0; advance(t, n)) blocks(&t->state, t->next, n);
  uint32_t abef[4], cdgh[4];
  _mm_storeu_si128((__m128i *)abef, t->state.abef);
  _mm_storeu_si128((__m128i *)cdgh, t->state.cdgh);
  uint32_t words[8] = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
  for (int i = 0; i < 8; i++) words[i] = __builtin_bswap32(words[i]);
  memcpy(digest, words, 32);
}

void cplatform_sha256(const uint8_t *p, size_t n, uint8_t *digest) {
  Text t;
  begin(&t, p, n);
  finish(&t, digest);
}

void cplatform_sha256_pair(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
                           uint8_t *digest_a, uint8_t *digest_b) {
  Text s, t;
  begin(&s, a, na);
  begin(&t, b, nb);
  for (;;) {
    size_t m = ready(&s), n = ready(&t);
    if (n < m) m = n;
    if (m == 0) break;
    blocks_pair(&s.state, s.next, &t.state, t.next, m);
    advance(&s, m);
    advance(&t, m);
  }
  finish(&s, digest_a);
  finish(&t, digest_b);
}
#else
int cplatform_has_sha256(void) { return 0; }
void cplatform_sha256(const uint8_t *p, size_t n, uint8_t *digest) {
  (void)p, (void)n, (void)digest;
}
void cplatform_sha256_pair(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
                           uint8_t *digest_a, uint8_t *digest_b) {
  (void)a, (void)na, (void)b, (void)nb, (void)digest_a, (void)digest_b;
}
#endif
