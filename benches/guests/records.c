/* The mix that Dhrystone is known for, written anew: assignments of records, calls with few arguments, strings of thirty characters. */
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 150000 };
enum kind { FIRST, SECOND, THIRD };

struct record {
    struct record *next;
    enum kind kind;
    int number;
    char text[31];
};

static struct record main_record, other_record;
static int global_number, table[50], square[50][50];
static char global_letter;

#define NOINLINE __attribute__((noinline))

static NOINLINE int add(int x, int y) { return x + y + 2; }
static NOINLINE enum kind classify(char x, char y)
{
    if (x != y)
        return FIRST;
    global_letter = x;
    return SECOND;
}
static NOINLINE void update(int *line, int (*grid)[50], int at, int value)
{
    int place = at + 5;
    line[place] = value;
    line[place + 1] = line[place];
    line[place + 30] = place;
    for (int i = place; i <= place + 1; i++)
        grid[place][i] = place;
    grid[place][place - 1] += 1;
    grid[(place + 20) % 50][place] = line[place];
    global_number = 5;
}
static NOINLINE int later(const char *x, const char *y)
{
    int at = 2;
    while (at <= 2)
        if (classify(x[at], y[at + 1]) == FIRST)
            at++;
    if (strcmp(x, y) > 0) {
        global_number = at + 7;
        return 1;
    }
    return 0;
}
static NOINLINE void pass(struct record *from)
{
    struct record *next = from->next;
    *next = *from;
    next->next = from->next;
    next->number = 5;
    from->number = next->number + global_number % 3;
    if (next->kind == FIRST) {
        next->kind = THIRD;
        next->number = add(6, from->number);
    } else {
        *from = *from->next;
    }
}

int main(void)
{
    char first[31] = "A PROGRAM OF RECORDS, 1'ST ONE", second[31];
    long total = 0;
    main_record.next = &other_record;
    main_record.kind = FIRST;
    main_record.number = 40;
    strcpy(main_record.text, "A RECORD WITH SOME TEXT IN IT.");
    for (int round = 0; round < ROUNDS; round++) {
        int x = 2, y = 3, z;
        strcpy(second, "A PROGRAM OF RECORDS, 2'ND ONE");
        int is_later = !later(first, second);
        while (x < y) {
            z = 5 * x - y;
            z = add(x, z);
            x++;
        }
        update(table, square, x, z);
        main_record.next = &other_record;
        main_record.kind = FIRST;
        pass(&main_record);
        for (char c = 'A'; c <= global_letter; c++)
            if (classify(c, 'C') == SECOND)
                strcpy(second, "A PROGRAM OF RECORDS, 3'RD ONE");
        y = y * x;
        x = y / (z ? z : 1);
        y = 7 * (y - z) - x;
        total += x + y + z + is_later + main_record.number + (unsigned char)second[22];
        global_letter = (char)('A' + round % 4);
    }
    printf("%ld\n", total);
    return 0;
}
