/* Counts primes with the sieve of Eratosthenes: byte loads and stores, short loops. */
#include <stdio.h>
#include <string.h>

enum { LIMIT = 1000000 };
static unsigned char composite[LIMIT];

int main(void)
{
    int count = 0;
    for (int round = 0; round < 3; round++) {
        memset(composite, 0, sizeof composite);
        count = 0;
        for (int i = 2; i < LIMIT; i++) {
            if (composite[i])
                continue;
            count++;
            for (long j = (long)i * i; j < LIMIT; j += i)
                composite[j] = 1;
        }
    }
    printf("%d\n", count);
    return 0;
}
