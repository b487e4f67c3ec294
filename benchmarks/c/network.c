/* The mean of (target - output)^2 of the 2-2-1 sigmoid network and its six derivatives.

   Parameters: w111, w112, w121, w122, w211, w221, where wLij runs from unit i of a layer to unit j
   of the next. */

#include "vectors.h"

static double sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }
static vec vsigmoid(vec x) { return 1.0 / (1.0 + vexp(-x)); }

/* Data: rows of x1, x2 and the target. */
double network_plain(const double *p, const double *data, int samples, double *gradient) {
  double loss = 0.0, g[6] = {0};
  for (int s = 0; s < samples; s++) {
    const double x1 = data[3 * s], x2 = data[3 * s + 1], target = data[3 * s + 2];
    const double o1 = sigmoid(x1 * p[0] + x2 * p[2]), o2 = sigmoid(x1 * p[1] + x2 * p[3]);
    const double y = sigmoid(o1 * p[4] + o2 * p[5]);
    const double d = -2.0 * (target - y) * y * (1.0 - y);
    const double d1 = d * p[4] * o1 * (1.0 - o1), d2 = d * p[5] * o2 * (1.0 - o2);
    loss += (target - y) * (target - y);
    g[0] += d1 * x1;
    g[1] += d2 * x1;
    g[2] += d1 * x2;
    g[3] += d2 * x2;
    g[4] += d * o1;
    g[5] += d * o2;
  }
  for (int i = 0; i < 6; i++) gradient[i] = g[i] / samples;
  return loss / samples;
}

/* Data: columns of a length that W divides, the last one of 1 / samples (0 for no sample). */
double network_tuned(const double *p, const double *data, int length, double *gradient) {
  vec loss = {0}, g[6] = {{0}};
  const double *column1 = data, *column2 = data + length, *targets = data + 2 * length,
               *shares = data + 3 * length;
  for (int s = 0; s < length; s += W) {
    const vec x1 = *(loose *)(column1 + s), x2 = *(loose *)(column2 + s);
    const vec o1 = vsigmoid(x1 * p[0] + x2 * p[2]), o2 = vsigmoid(x1 * p[1] + x2 * p[3]);
    const vec y = vsigmoid(o1 * p[4] + o2 * p[5]);
    const vec share = *(loose *)(shares + s), rest = *(loose *)(targets + s) - y;
    const vec d = -2.0 * share * rest * y * (1.0 - y);
    const vec d1 = d * p[4] * o1 * (1.0 - o1), d2 = d * p[5] * o2 * (1.0 - o2);
    loss += share * rest * rest;
    g[0] += d1 * x1;
    g[1] += d2 * x1;
    g[2] += d1 * x2;
    g[3] += d2 * x2;
    g[4] += d * o1;
    g[5] += d * o2;
  }
  for (int i = 0; i < 6; i++) gradient[i] = total(g[i]);
  return total(loss);
}
