/* A hot loop over integers and doubles on the stack, with one distribution on the same page of the stack; given an argument, with a plain number in
   its place. */
#include <stdio.h>
#include <uxhw.h>

enum { ROUNDS = 200000, SIZE = 32 };

int main(int argc, char **argv)
{
    (void)argv;
    volatile double value = argc > 1 ? 0.5 : UxHwDoubleUniformDist(0, 1);
    volatile long sums[SIZE];
    volatile double weights[SIZE];
    for (int i = 0; i < SIZE; i++) {
        sums[i] = i;
        weights[i] = 1.0 / (i + 1);
    }
    double total = 0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < SIZE; i++) {
            sums[i] += round ^ i;
            total += weights[i];
        }
    long sum = 0;
    for (int i = 0; i < SIZE; i++)
        sum += sums[i];
    printf("%ld %.6f %.6f\n", sum, total, value);
    return 0;
}
