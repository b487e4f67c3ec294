/* A full-batch step of the moons network 2-H-H-1 (relu, hinge loss, L2), one sample at a time.

   The inner loops run over units, side by side in memory, so that a compiler vectorizes them; a
   sample without a loss is left out of the backward pass, and so is a unit without a slope. */

#include <string.h>

#define MOST 64

/* Parameters: W1[H][2], b1[H], W2[H][H], b2[H], w3[H], b3. */
double moons_plain(const double *restrict p, int h, const double *restrict points,
                   const double *restrict labels, int samples, double rate, double decay,
                   double *restrict updated) {
  double h1[MOST], h2[MOST], d2[MOST], d1[MOST], transposed[MOST * MOST];
  const int count = 2 * h + h + h * h + h + h + 1;
  const double *w1 = p, *b1 = w1 + 2 * h, *w2 = b1 + h, *b2 = w2 + h * h, *w3 = b2 + h,
               *b3 = w3 + h;
  double *g1 = updated, *gb1 = g1 + 2 * h, *g2 = gb1 + h, *gb2 = g2 + h * h, *g3 = gb2 + h,
         *gb3 = g3 + h;
  double loss = 0.0;
  memset(updated, 0, count * sizeof *updated);
  for (int o = 0; o < h; o++)
    for (int k = 0; k < h; k++) transposed[k * h + o] = w2[o * h + k];
  for (int s = 0; s < samples; s++) {
    const double x = points[2 * s], y = points[2 * s + 1], label = labels[s];
    double out = *b3;
    for (int k = 0; k < h; k++) {
      double a = b1[k] + w1[2 * k] * x + w1[2 * k + 1] * y;
      h1[k] = a > 0.0 ? a : 0.0;
    }
    memcpy(h2, b2, h * sizeof *h2);
    for (int k = 0; k < h; k++)
      if (h1[k] > 0.0)
        for (int o = 0; o < h; o++) h2[o] += transposed[k * h + o] * h1[k];
    for (int o = 0; o < h; o++) {
      h2[o] = h2[o] > 0.0 ? h2[o] : 0.0;
      out += w3[o] * h2[o];
    }
    const double margin = 1.0 - label * out;
    if (margin <= 0.0) continue;
    loss += margin;
    const double d3 = -label;
    *gb3 += d3;
    memset(d1, 0, h * sizeof *d1);
    for (int o = 0; o < h; o++) {
      g3[o] += d3 * h2[o];
      d2[o] = h2[o] > 0.0 ? d3 * w3[o] : 0.0;
      gb2[o] += d2[o];
      if (d2[o] != 0.0)
        for (int k = 0; k < h; k++) {
          g2[o * h + k] += d2[o] * h1[k];
          d1[k] += d2[o] * w2[o * h + k];
        }
    }
    for (int k = 0; k < h; k++) {
      double d = h1[k] > 0.0 ? d1[k] : 0.0;
      gb1[k] += d;
      g1[2 * k] += d * x;
      g1[2 * k + 1] += d * y;
    }
  }
  double squares = 0.0;
  for (int i = 0; i < count; i++) {
    squares += p[i] * p[i];
    updated[i] = p[i] - rate * (updated[i] / samples + 2.0 * decay * p[i]);
  }
  return loss / samples + decay * squares;
}
