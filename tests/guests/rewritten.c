/* Code that writes itself without fence.i: the next instruction in a row, an earlier one, and code on a page with data that changes. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef long function(unsigned *code, unsigned instruction);

/* addi a0, x0, value */
static unsigned give(int value) { return 0x00000513u | (unsigned)value << 20; }

int main(void)
{
    unsigned *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        return 1;
    code[0] = 0x00b52223; /* sw a1, 4(a0): over the next instruction */
    code[1] = give(1);
    code[2] = 0x00008067; /* ret */
    long sum = 0;
    for (int i = 0; i < 200; i++)
        sum = sum * 31 % 1000003 + ((function *)code)(code, give(i));
    printf("%ld\n", sum);

    /* Data in the same page: the store changes no code, and is no less right. */
    unsigned *other = code + 512;
    unsigned increment[] = {
        0x4005a503, /* lw a0, 1024(a1), where a1 is the page */
        0x00150513, /* addi a0, a0, 1 */
        0x40a5a023, /* sw a0, 1024(a1) */
        0x00008067, /* ret */
    };
    memcpy(other, increment, sizeof increment);
    long last = 0;
    for (int i = 0; i < 100; i++)
        last = ((long (*)(long, unsigned *))other)(0, code);
    printf("%ld\n", last);

    /* A second routine in place of the first, written by the library. */
    unsigned seven[] = {give(7), 0x00008067};
    memcpy(code, seven, sizeof seven);
    printf("%ld\n", ((function *)code)(code, 0));
    return 0;
}
