/* Iterations to escape over a grid: multiplications and additions in a tight loop with a comparison. */
#include <stdio.h>

int main(void)
{
    enum { SIZE = 250, MOST = 100 };
    long total = 0;
    for (int row = 0; row < SIZE; row++) {
        for (int column = 0; column < SIZE; column++) {
            double cx = -2.0 + 3.0 * column / SIZE, cy = -1.5 + 3.0 * row / SIZE, zx = 0, zy = 0;
            int i = 0;
            while (i < MOST && zx * zx + zy * zy < 4.0) {
                double t = zx * zx - zy * zy + cx;
                zy = 2 * zx * zy + cy;
                zx = t;
                i++;
            }
            total += i;
        }
    }
    printf("%ld\n", total);
    return 0;
}
