/* Residuals of points seen by a camera, and their derivatives by every input.

   The camera is that of Agarwal, Snavely, Seitz and Szeliski, Bundle Adjustment in the Large (ECCV
   2010): P = R(w) X + t, p = -(P_x, P_y) / P_z, projection f (1 + k1 |p|^2 + k2 |p|^4) p. R(w) is
   Rodrigues' rotation, cos(a) X + sin(a)/a (w x X) + (1 - cos a)/a^2 (w . X) w with a = |w|.
   Inputs: w[3], t[3], f, k1, k2, X[3], seen[2]. */

#include "vectors.h"

#define INPUTS 14
#define OUTPUTS 2

/* Data: INPUTS columns of a length that W divides. Jacobian: [length][OUTPUTS][INPUTS]. */
void camera(const double *data, int length, double *residuals, double *jacobian) {
  for (int s = 0; s < length; s += W) {
    vec in[INPUTS], j[OUTPUTS][INPUTS], dp[3][6];
    for (int i = 0; i < INPUTS; i++) in[i] = *(loose *)(data + i * length + s);
    const vec *w = in, *t = in + 3, *x = in + 9, f = in[6], k1 = in[7], k2 = in[8];
    const vec square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2], angle = vsqrt(square);
    const vec c = vcos(angle), a = vsin(angle) / angle, b = (1.0 - c) / square;
    const vec wx = w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
    const vec cross[3] = {w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2],
                          w[0] * x[1] - w[1] * x[0]};
    const vec da = (c - a) / square, db = (a - 2.0 * b) / square * wx, bx = b * wx;
    vec point[3];
    for (int i = 0; i < 3; i++) {
      point[i] = c * x[i] + a * cross[i] + bx * w[i] + t[i];
      const vec along = da * cross[i] - a * x[i] + db * w[i];
      for (int k = 0; k < 3; k++) {
        dp[i][k] = along * w[k] + b * w[i] * x[k];
        dp[i][3 + k] = b * w[i] * w[k];
      }
      dp[i][i] += bx;
      dp[i][3 + i] += c;
      const int next = (i + 1) % 3, last = (i + 2) % 3; /* (e x X) and [w]x */
      dp[i][next] += a * x[last];
      dp[i][last] -= a * x[next];
      dp[i][3 + next] -= a * w[last];
      dp[i][3 + last] += a * w[next];
    }
    const vec inverse = -1.0 / point[2], u = point[0] * inverse, v = point[1] * inverse;
    const vec n = u * u + v * v, r = 1.0 + n * (k1 + n * k2), bend = 2.0 * f * (k1 + 2.0 * k2 * n);
    const vec uu = f * r + bend * u * u, uv = bend * u * v, vv = f * r + bend * v * v;
    const vec to_point[2][3] = {{uu * inverse, uv * inverse, (uu * u + uv * v) * inverse},
                                {uv * inverse, vv * inverse, (uv * u + vv * v) * inverse}};
    for (int o = 0; o < 2; o++) {
      const vec at = o ? v : u;
      for (int k = 0; k < 6; k++)
        j[o][k < 3 ? k : k + 6] = to_point[o][0] * dp[0][k] + to_point[o][1] * dp[1][k] +
                                  to_point[o][2] * dp[2][k];
      for (int k = 0; k < 3; k++) j[o][3 + k] = to_point[o][k];
      j[o][6] = r * at;
      j[o][7] = f * n * at;
      j[o][8] = f * n * n * at;
      j[o][12] = all(o ? 0.0 : -1.0);
      j[o][13] = all(o ? -1.0 : 0.0);
      const vec residual = f * r * at - in[12 + o];
      for (int i = 0; i < W; i++) residuals[(s + i) * OUTPUTS + o] = residual[i];
    }
    for (int i = 0; i < W; i++)
      for (int o = 0; o < OUTPUTS; o++)
        for (int k = 0; k < INPUTS; k++)
          jacobian[((s + i) * OUTPUTS + o) * INPUTS + k] = j[o][k][i];
  }
}
