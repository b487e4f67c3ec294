/* A full-batch step of the moons network 2-H-H-1 (relu, hinge loss, L2), written for speed.

   Samples are the lanes of vectors. A panel holds LANES samples: one row of them for each unit, so
   that a panel's rows lie side by side. Layers and their transposes are tiles of 4 outputs by
   TILE vectors; the weights' gradient is tiles of 4 by 4 weights over all samples of a block,
   reduced to scalars at the end. H must be a multiple of 4 and at most 64. */

#include <stddef.h>

#include "vectors.h"

#ifndef TILE /* vectors in a panel */
#define TILE (W / 2)
#endif
#define LANES (W * TILE)
#define PANELS 8 /* in a block: what a block needs stays in the second-level cache */
#define MOST 64

/* Keeps a vector in a register, where the compiler would load it again for each use. */
#if defined(__x86_64__)
#define KEEP(x) __asm__("" : "+v"(x))
#else
#define KEEP(x) (void)0
#endif

static vec positive(vec x, vec y) { return (vec)((mask)(x > 0.0) & (mask)y); } /* y where x > 0 */

/* rows[o] = relu(bias[o] + sum of w[o so + k sk] x[k]), or, with a gate, that sum where gate > 0 */
INLINE void tile(const double *w, long so, long sk, const double *bias, const vec *gate, int inputs,
                 const vec *x, vec *rows, const int outputs) {
  vec a[4][TILE];
  for (int o = 0; o < outputs; o++)
    for (int t = 0; t < TILE; t++) a[o][t] = all(bias ? bias[o] : 0.0);
  for (int k = 0; k < inputs; k++) {
    vec row[TILE];
    for (int t = 0; t < TILE; t++) {
      row[t] = x[k * TILE + t];
      KEEP(row[t]);
    }
    for (int o = 0; o < outputs; o++) {
      vec weight = all(w[o * so + k * sk]);
      for (int t = 0; t < TILE; t++) a[o][t] += weight * row[t];
    }
  }
  for (int o = 0; o < outputs; o++)
    for (int t = 0; t < TILE; t++)
      rows[o * TILE + t] = positive(gate ? gate[o * TILE + t] : a[o][t], a[o][t]);
}

static void layer(const double *w, long so, long sk, const double *bias, const vec *gate,
                  int inputs, int outputs, const vec *x, vec *rows) {
  for (int o = 0; o < outputs; o += 4)
    tile(w + o * so, so, sk, bias ? bias + o : NULL, gate ? gate + o * TILE : NULL, inputs, x,
         rows + o * TILE, 4);
}

/* the totals of 4 vectors in lanes 0 to 3 */
#if W == 8
INLINE vec totals(vec a, vec b, vec c, vec d) {
  const mask low = {0, 8, 2, 10, 4, 12, 6, 14}, high = {1, 9, 3, 11, 5, 13, 7, 15};
  vec ab = __builtin_shuffle(a, b, low) + __builtin_shuffle(a, b, high);
  vec cd = __builtin_shuffle(c, d, low) + __builtin_shuffle(c, d, high);
  vec e = __builtin_shuffle(ab, cd, (mask){0, 1, 8, 9, 4, 5, 12, 13}) +
          __builtin_shuffle(ab, cd, (mask){2, 3, 10, 11, 6, 7, 14, 15});
  return e + __builtin_shuffle(e, (mask){4, 5, 6, 7, 0, 1, 2, 3});
}
#else
INLINE vec totals(vec a, vec b, vec c, vec d) {
  return (vec){total(a), total(b), total(c), total(d)};
}
#endif

/* gradient[o so + k] += sum over the samples of delta[o] x[k], for 4 o and 4 k */
INLINE void outer_tile(const vec *delta, long delta_rows, const vec *x, long x_rows, int panels,
                       double *gradient, long so) {
  vec a[4][4] = {{{0}}};
  for (int p = 0; p < panels; p++, delta += delta_rows * TILE, x += x_rows * TILE)
    for (int t = 0; t < TILE; t++) {
      vec row[4];
      for (int k = 0; k < 4; k++) {
        row[k] = x[k * TILE + t];
        KEEP(row[k]);
      }
      for (int o = 0; o < 4; o++) {
        vec d = delta[o * TILE + t];
        KEEP(d);
        for (int k = 0; k < 4; k++) a[o][k] += d * row[k];
      }
    }
  for (int o = 0; o < 4; o++) {
    vec sums = totals(a[o][0], a[o][1], a[o][2], a[o][3]);
    for (int k = 0; k < 4; k++) gradient[o * so + k] += sums[k];
  }
}

/* gradient[o so] += sum of rows[o] x for every row, where x is one row of each panel (or ones) */
static void outer_row(const vec *rows, int count, const vec *x, long x_rows, int panels,
                      double *gradient, long so) {
  for (int o = 0; o < count; o += 4) {
    vec a[4] = {{0}};
    for (int p = 0; p < panels; p++)
      for (int t = 0; t < TILE; t++) {
        vec factor = x ? x[p * x_rows * TILE + t] : all(1.0);
        for (int i = 0; i < 4; i++) a[i] += rows[(p * count + o + i) * TILE + t] * factor;
      }
    vec sums = totals(a[0], a[1], a[2], a[3]);
    for (int i = 0; i < 4; i++) gradient[(o + i) * so] += sums[i];
  }
}

/* Parameters: W1[H][2], b1[H], W2[H][H], b2[H], w3[H], b3. Data: for each panel of LANES samples
   the rows x1, x2, label and share (1 / samples, or 0 for a lane that is no sample). */
double moons_tuned(const double *p, int h, const vec *data, int panels, double rate, double decay,
                   double *updated) {
  static __thread vec h1[PANELS * MOST * TILE], h2[PANELS * MOST * TILE], d2[PANELS * MOST * TILE],
      d1[PANELS * MOST * TILE], d3[PANELS * TILE];
  const int count = 2 * h + h + h * h + h + h + 1;
  const double *w1 = p, *b1 = w1 + 2 * h, *w2 = b1 + h, *b2 = w2 + h * h, *w3 = b2 + h,
               *b3 = w3 + h;
  double *g1 = updated, *gb1 = g1 + 2 * h, *g2 = gb1 + h, *gb2 = g2 + h * h, *g3 = gb2 + h,
         *gb3 = g3 + h;
  vec loss = {0}, last_bias = {0};
  for (int i = 0; i < count; i++) updated[i] = 0.0;
  for (int from = 0; from < panels; from += PANELS) {
    const int n = panels - from < PANELS ? panels - from : PANELS;
    const vec *block = data + (long)from * 4 * TILE;
    for (int q = 0; q < n; q++) {
      const vec *x = block + q * 4 * TILE, *label = x + 2 * TILE, *share = x + 3 * TILE;
      vec *first = h1 + q * h * TILE, *second = h2 + q * h * TILE, *delta = d2 + q * h * TILE;
      layer(w1, 2, 1, b1, NULL, 2, h, x, first);
      layer(w2, h, 1, b2, NULL, h, h, first, second);
      vec out[TILE];
      for (int t = 0; t < TILE; t++) out[t] = all(*b3);
      for (int k = 0; k < h; k++)
        for (int t = 0; t < TILE; t++) out[t] += all(w3[k]) * second[k * TILE + t];
      for (int t = 0; t < TILE; t++) {
        vec margin = 1.0 - label[t] * out[t];
        loss += share[t] * positive(margin, margin);
        out[t] = d3[q * TILE + t] = positive(margin, -label[t] * share[t]);
        last_bias += out[t];
      }
      for (int k = 0; k < h; k++)
        for (int t = 0; t < TILE; t++)
          delta[k * TILE + t] = positive(second[k * TILE + t], all(w3[k]) * out[t]);
      layer(w2, 1, h, NULL, first, h, h, delta, d1 + q * h * TILE);
    }
    outer_row(h2, h, d3, 1, n, g3, 1);
    for (int o = 0; o < h; o += 4)
      for (int k = 0; k < h; k += 4)
        outer_tile(d2 + o * TILE, h, h1 + k * TILE, h, n, g2 + o * h + k, h);
    outer_row(d2, h, NULL, 0, n, gb2, 1);
    outer_row(d1, h, block, 4, n, g1, 2);
    outer_row(d1, h, block + TILE, 4, n, g1 + 1, 2);
    outer_row(d1, h, NULL, 0, n, gb1, 1);
  }
  *gb3 = total(last_bias);
  vec squares = {0};
  int i = 0;
  for (; i + W <= count; i += W) {
    vec x = *(const loose *)(p + i), g = *(const loose *)(updated + i);
    squares += x * x;
    *(loose *)(updated + i) = x - rate * (g + 2.0 * decay * x);
  }
  double rest = 0.0;
  for (; i < count; i++) {
    rest += p[i] * p[i];
    updated[i] = p[i] - rate * (updated[i] + 2.0 * decay * p[i]);
  }
  return total(loss) + decay * (total(squares) + rest);
}

int moons_lanes(void) { return LANES; }
