/* The mean log-likelihood of a mixture of K normal distributions in D dimensions, with gradient.

   The parametrisation is that of ADBench (Srajer, Kukelova, Fitzgibbon, Optimization Methods and
   Software 33, 2018) without its prior: log sum_k exp(alpha_k + sum q_k - |Q_k (x - mu_k)|^2 / 2)
   - log sum_k exp(alpha_k) - D log(2 pi) / 2, Q_k being lower triangular with the diagonal exp(q_k)
   and the rows l_k below it. Parameters: alpha[K], mu[K][D], q[K][D], l[K][D(D - 1) / 2]. */

#include "vectors.h"

#define K 5
#define D 3
#define L 3
#define BLOCK 32 /* vectors, the terms of which stay in the first-level cache */

/* y = Q (x - mu) and v = x - mu of one component */
INLINE void whiten(const vec *x, const double *mu, const double *e, const double *l, vec *v,
                   vec *y) {
  for (int d = 0; d < D; d++) v[d] = x[d] - mu[d];
  y[0] = e[0] * v[0];
  y[1] = e[1] * v[1] + l[0] * v[0];
  y[2] = e[2] * v[2] + l[1] * v[0] + l[2] * v[1];
}

/* Data: D columns of a length that W divides and one of 1 / samples (0 for no sample). */
double mixture(const double *p, const double *data, int length, double *gradient) {
  const double *alpha = p, *mu = p + K, *q = mu + K * D, *l = q + K * D;
  double *g_mu = gradient + K, *g_q = g_mu + K * D, *g_l = g_q + K * D;
  double e[K * D], base[K], top = alpha[0], whole = 0.0;
  for (int i = 0; i < K * D; i++) e[i] = exp(q[i]);
  for (int k = 0; k < K; k++) {
    base[k] = alpha[k] + q[k * D] + q[k * D + 1] + q[k * D + 2];
    top = fmax(top, alpha[k]);
  }
  for (int k = 0; k < K; k++) whole += exp(alpha[k] - top);
  for (int i = 0; i < K * (1 + 2 * D + L); i++) gradient[i] = 0.0;
  vec likelihood = {0};
  for (int from = 0; from < length; from += BLOCK * W) {
    const int n = length - from < BLOCK * W ? (length - from) / W : BLOCK;
    vec term[K][BLOCK];
    for (int b = 0; b < n; b++) {
      vec x[D], v[D], y[D], most, sum = {0};
      for (int d = 0; d < D; d++) x[d] = *(loose *)(data + d * length + from + b * W);
      const vec share = *(loose *)(data + D * length + from + b * W);
      for (int k = 0; k < K; k++) {
        whiten(x, mu + k * D, e + k * D, l + k * L, v, y);
        term[k][b] = base[k] - 0.5 * (y[0] * y[0] + y[1] * y[1] + y[2] * y[2]);
        most = k ? choose(term[k][b] > most, term[k][b], most) : term[k][b];
      }
      for (int k = 0; k < K; k++) {
        term[k][b] = vexp(term[k][b] - most);
        sum += term[k][b];
      }
      likelihood += share * (most + vlog(sum));
      const vec scale = share / sum;
      for (int k = 0; k < K; k++) term[k][b] *= scale;
    }
    for (int k = 0; k < K; k++) {
      vec g[1 + 2 * D + L] = {{0}};
      for (int b = 0; b < n; b++) {
        vec x[D], v[D], y[D];
        for (int d = 0; d < D; d++) x[d] = *(loose *)(data + d * length + from + b * W);
        whiten(x, mu + k * D, e + k * D, l + k * L, v, y);
        const vec r = term[k][b];
        g[0] += r;
        for (int d = 0; d < D; d++) y[d] *= r;
        for (int d = 0; d < D; d++) g[1 + D + d] += y[d] * v[d];
        g[1] += y[0] * e[k * D] + y[1] * l[k * L] + y[2] * l[k * L + 1];
        g[2] += y[1] * e[k * D + 1] + y[2] * l[k * L + 2];
        g[3] += y[2] * e[k * D + 2];
        g[1 + 2 * D] += y[1] * v[0];
        g[2 + 2 * D] += y[2] * v[0];
        g[3 + 2 * D] += y[2] * v[1];
      }
      const double r = total(g[0]);
      gradient[k] += r;
      for (int d = 0; d < D; d++) {
        g_mu[k * D + d] += total(g[1 + d]);
        g_q[k * D + d] += r - e[k * D + d] * total(g[1 + D + d]);
        g_l[k * L + d] -= total(g[1 + 2 * D + d]);
      }
    }
  }
  for (int k = 0; k < K; k++) gradient[k] -= exp(alpha[k] - top) / whole;
  return total(likelihood) - (top + log(whole)) - 0.5 * D * log(2.0 * M_PI);
}
