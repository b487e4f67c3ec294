/* Vectors of doubles, one sample in each lane, and the few functions of them that the programs need.

   Exponentials and the like are those of GNU libmvec where there is one, else a loop. */

#include <math.h>

#if defined(__AVX512F__)
#define W 8
#else
#define W 4
#endif

typedef double vec __attribute__((vector_size(W * 8)));
typedef double loose __attribute__((vector_size(W * 8), aligned(8)));
typedef long long mask __attribute__((vector_size(W * 8)));
#define INLINE static inline __attribute__((always_inline, unused))

INLINE vec all(double x) { return x - (vec){0}; }
INLINE vec choose(mask m, vec x, vec y) { return (vec)((m & (mask)x) | (~m & (mask)y)); }

INLINE double total(vec a) {
  double s = 0.0;
  for (int i = 0; i < W; i++) s += a[i];
  return s;
}

#if defined(__GLIBC__) && defined(__AVX512F__)
#define LIBMVEC(name) _ZGVeN8v_##name
#elif defined(__GLIBC__) && defined(__AVX2__)
#define LIBMVEC(name) _ZGVdN4v_##name
#endif
#ifdef LIBMVEC
#define VECTORIZED(name)     \
  vec LIBMVEC(name)(vec x); \
  INLINE vec v##name(vec x) { return LIBMVEC(name)(x); }
#else
#define VECTORIZED(name)                          \
  INLINE vec v##name(vec x) {                     \
    for (int i = 0; i < W; i++) x[i] = name(x[i]); \
    return x;                                     \
  }
#endif
VECTORIZED(exp)
VECTORIZED(log)
VECTORIZED(sin)
VECTORIZED(cos)

INLINE vec vsqrt(vec x) {
  for (int i = 0; i < W; i++) x[i] = __builtin_sqrt(x[i]);
  return x;
}
