/* Five bodies under gravity: double arithmetic with square roots and divisions. */
#include <math.h>
#include <stdio.h>

enum { BODIES = 5, STEPS = 60000 };
static double x[BODIES][3] = {{0, 0, 0}, {4.84, -1.16, -0.10}, {8.34, 4.12, -0.40}, {12.89, -15.11, -0.22}, {15.37, -25.91, 0.17}};
static double v[BODIES][3] = {{0, 0, 0}, {0.60, 2.81, -0.02}, {-1.01, 1.82, 0.008}, {1.08, 0.86, -0.01}, {0.97, 0.59, -0.03}};
static const double mass[BODIES] = {39.47, 0.037, 0.011, 0.0017, 0.0020};

int main(void)
{
    const double dt = 0.001;
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BODIES; i++) {
            for (int j = i + 1; j < BODIES; j++) {
                double d[3], distance2 = 0;
                for (int k = 0; k < 3; k++) {
                    d[k] = x[i][k] - x[j][k];
                    distance2 += d[k] * d[k];
                }
                double magnitude = dt / (distance2 * sqrt(distance2));
                for (int k = 0; k < 3; k++) {
                    v[i][k] -= d[k] * mass[j] * magnitude;
                    v[j][k] += d[k] * mass[i] * magnitude;
                }
            }
        }
        for (int i = 0; i < BODIES; i++)
            for (int k = 0; k < 3; k++)
                x[i][k] += dt * v[i][k];
    }
    printf("%.9f\n", x[1][0]);
    return 0;
}
