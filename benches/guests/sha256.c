/* SHA-256 (FIPS 180-4) of a megabyte: rotations, additions, logic on 32-bit words. */
#include <stdint.h>
#include <stdio.h>

static uint32_t k[64];
static uint32_t state[8];

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

/* The constants are the fractions of square and cube roots of the first primes: found by integer search, not copied. */
static uint32_t root_fraction(uint64_t prime, int degree)
{
    unsigned __int128 low = 0, high = (unsigned __int128)1 << 36;
    while (low + 1 < high) {
        unsigned __int128 middle = (low + high) / 2;
        unsigned __int128 power = degree == 2 ? middle * middle : middle * middle * middle;
        unsigned __int128 target = (unsigned __int128)prime << (32 * degree);
        if (power <= target)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static void prepare(void)
{
    int found = 0;
    for (uint64_t n = 2; found < 64; n++) {
        int prime = 1;
        for (uint64_t d = 2; d * d <= n; d++)
            prime &= n % d != 0;
        if (!prime)
            continue;
        k[found] = root_fraction(n, 3);
        if (found < 8)
            state[found] = root_fraction(n, 2);
        found++;
    }
}

static void block(const uint8_t *bytes)
{
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

int main(void)
{
    static uint8_t data[64];
    prepare();
    for (int i = 0; i < 1 << 14; i++) {
        data[i & 63] += i;
        block(data);
    }
    printf("%08x%08x\n", state[0], state[7]);
    return 0;
}
