/* A product of matrices of doubles: fused multiply-adds, loads along rows and columns. */
#include <stdio.h>

enum { SIZE = 128, ROUNDS = 5 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

int main(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = 1.0 / (i + j + 1);
            b[i][j] = (i * 7 + j * 3) % 11 - 5;
        }
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                double sum = 0;
                for (int k = 0; k < SIZE; k++)
                    sum += a[i][k] * b[k][j];
                c[i][j] += sum;
            }
    double trace = 0;
    for (int i = 0; i < SIZE; i++)
        trace += c[i][i];
    printf("%.9f\n", trace);
    return 0;
}
