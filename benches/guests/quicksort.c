/* Sorts integers: unpredictable branches. */
#include <stdint.h>
#include <stdio.h>

enum { COUNT = 300000 };
static int32_t values[COUNT];

static void sort(int32_t *low, int32_t *high)
{
    while (low < high) {
        int32_t pivot = low[(high - low) / 2];
        int32_t *i = low - 1, *j = high + 1;
        for (;;) {
            while (*++i < pivot)
                ;
            while (*--j > pivot)
                ;
            if (i >= j)
                break;
            int32_t t = *i;
            *i = *j;
            *j = t;
        }
        sort(low, j);
        low = j + 1;
    }
}

int main(void)
{
    uint64_t seed = 1;
    for (int i = 0; i < COUNT; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        values[i] = (int32_t)(seed >> 33);
    }
    sort(values, values + COUNT - 1);
    for (int i = 1; i < COUNT; i++)
        if (values[i - 1] > values[i])
            return 1;
    printf("%d %d\n", values[0], values[COUNT / 2]);
    return 0;
}
