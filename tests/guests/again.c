/* Says what it finds in every place where an earlier run in the same process may have left something, and leaves something there: its
   argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <uxhw.h>

static int initialised = 41;
static unsigned char zeros[3 * 4096];
static double kept[600] = {0.5};

static unsigned long sum(const unsigned char *bytes, size_t count)
{
    unsigned long sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += bytes[i];
    return sum;
}

int main(int argc, char **argv)
{
    int mark = argc > 1 ? atoi(argv[1]) : 0;
    size_t size = 40 * 4096;
    unsigned char *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *heap = sbrk(4 * 4096);
    printf("%d %lu %lu %lu %d\n", initialised, sum(zeros, sizeof zeros), sum(mapped, size), sum(heap, 4 * 4096), kept[300] > 0);
    initialised += mark;
    memset(zeros, mark, sizeof zeros);
    memset(heap, mark, 4 * 4096);
    memset(mapped, mark, size);
    /* li a0, mark; ret */
    unsigned int code[] = {0x00000513u | (unsigned int)mark << 20, 0x00008067u};
    memcpy(mapped, code, sizeof code);
    __builtin___clear_cache((char *)mapped, (char *)mapped + sizeof code);
    printf("%d\n", ((int (*)(void))mapped)());
    if (mark % 2)
        for (int i = 0; i < 600; i++)
            kept[i] = UxHwDoubleUniformDist(mark, mark + 1);
    printf("%f\n", kept[300]);
    fflush(stdout);
    mprotect(mapped, 4096, PROT_READ);
    if (mark % 3 == 0)
        abort();
    return mark;
}
