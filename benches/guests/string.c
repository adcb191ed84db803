/* Words: the C library's string functions, a hash table with chains, and number texts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 60000, BUCKETS = 1024, MOST = 20000, ROUNDS = 12 };

struct word {
    struct word *next;
    long count;
    char text[16];
};

static char text[TEXT + 1], copy[TEXT + 1];
static struct word words[MOST], *buckets[BUCKETS];
static int used;

/* Words of two to nine letters, short ones from few letters so that they come again. */
static void write_text(void)
{
    uint64_t seed = 42;
    int at = 0;
    while (at + 12 < TEXT) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int length = 2 + (int)(seed >> 60) % 8;
        for (int i = 0; i < length; i++)
            text[at++] = 'a' + (char)((seed >> (5 * i)) % (length < 5 ? 4 : 26));
        text[at++] = ' ';
    }
    text[at] = 0;
}

static struct word *find(const char *word)
{
    uint32_t hash = 2166136261u;
    for (const char *c = word; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    struct word **bucket = &buckets[hash % BUCKETS];
    for (struct word *w = *bucket; w; w = w->next)
        if (strcmp(w->text, word) == 0)
            return w;
    if (used == MOST)
        exit(2);
    struct word *w = &words[used++];
    strcpy(w->text, word);
    w->next = *bucket;
    *bucket = w;
    return w;
}

int main(void)
{
    write_text();
    long total = 0;
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(copy, text, sizeof text);
        for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
            find(word)->count++;
        for (int i = 0; i < used; i++) {
            char number[24];
            snprintf(number, sizeof number, "%ld", words[i].count * (i + 1));
            total += strtol(number, NULL, 10) + (long)strlen(words[i].text);
            if (strstr(words[i].text, "ab") != NULL || memchr(words[i].text, 'z', strlen(words[i].text)) != NULL)
                total++;
        }
    }
    printf("%d %ld\n", used, total);
    return 0;
}
