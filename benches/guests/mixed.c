/* The mix that CoreMark is known for, written anew: linked lists, small integer matrices, a state machine over text, CRC-16. */
#include <stdint.h>
#include <stdio.h>

enum { NODES = 200, SIZE = 12, ROUNDS = 600 };

struct node {
    struct node *next;
    int16_t key, value;
};

static struct node nodes[NODES];
static int16_t a[SIZE][SIZE], b[SIZE][SIZE];
static int32_t product[SIZE][SIZE];
static const char numbers[] = "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e+3,-.123e-2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^";

static uint16_t crc(uint32_t value, uint16_t crc16)
{
    for (int i = 0; i < 16; i++, value >>= 1) {
        int carry = (value ^ crc16) & 1;
        crc16 >>= 1;
        if (carry)
            crc16 ^= 0xa001;
    }
    return crc16;
}

static struct node *reverse(struct node *list)
{
    struct node *reversed = 0;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static struct node *merge(struct node *x, struct node *y)
{
    struct node *first = 0, **tail = &first;
    while (x && y) {
        struct node **least = x->key <= y->key ? &x : &y;
        *tail = *least;
        tail = &(*least)->next;
        *least = *tail;
    }
    *tail = x ? x : y;
    return first;
}

static struct node *sort(struct node *list)
{
    if (!list || !list->next)
        return list;
    struct node *slow = list, *fast = list->next;
    while (fast && fast->next) {
        slow = slow->next;
        fast = fast->next->next;
    }
    struct node *half = slow->next;
    slow->next = 0;
    return merge(sort(list), sort(half));
}

static uint16_t list_round(int round)
{
    uint16_t result = 0;
    for (int i = 0; i < NODES; i++) {
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
        nodes[i].key = (int16_t)((i * 7919 + round * 31) & 0x7ff);
        nodes[i].value = (int16_t)(i ^ round);
    }
    struct node *list = sort(reverse(nodes));
    for (int key = 0; key < 40; key++)
        for (struct node *n = list; n; n = n->next)
            if (n->key == key) {
                result = crc((uint16_t)n->value, result);
                break;
            }
    for (struct node *n = list; n; n = n->next)
        result = crc((uint16_t)n->key, result);
    return result;
}

static uint16_t matrix_round(int round)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (int16_t)(i * SIZE + j + round);
            b[i][j] = (int16_t)((a[i][j] << 3) - round);
        }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIZE; k++) {
                int32_t p = a[i][k] * b[k][j];
                sum += (p >> 2 & 15) * (p >> 5 & 127);
            }
            product[i][j] = sum;
        }
    uint16_t result = 0;
    for (int i = 0; i < SIZE; i++)
        result = crc((uint32_t)product[i][(i + round) % SIZE], result);
    return result;
}

enum state { START, INVALID, SIGN, INTEGER, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, STATES };

static uint16_t state_round(int round)
{
    uint32_t ends[STATES] = {0}, changes = 0;
    enum state state = START;
    for (const char *c = numbers;; c++) {
        char symbol = *c == 0 ? ',' : (char)(*c ^ (round % 37 == (c - numbers) % 37 ? 1 : 0));
        enum state old = state;
        int digit = symbol >= '0' && symbol <= '9';
        if (symbol == ',') {
            ends[state]++;
            state = START;
        } else {
            switch (state) {
            case START: state = digit ? INTEGER : symbol == '+' || symbol == '-' ? SIGN : symbol == '.' ? FRACTION : INVALID; break;
            case SIGN: state = digit ? INTEGER : symbol == '.' ? FRACTION : INVALID; break;
            case INTEGER: state = digit ? INTEGER : symbol == '.' ? FRACTION : symbol == 'e' ? EXPONENT : INVALID; break;
            case FRACTION: state = digit ? FRACTION : symbol == 'e' ? EXPONENT : INVALID; break;
            case EXPONENT: state = symbol == '+' || symbol == '-' ? EXPONENT_SIGN : INVALID; break;
            case EXPONENT_SIGN: state = digit ? SCIENTIFIC : INVALID; break;
            case SCIENTIFIC: state = digit ? SCIENTIFIC : INVALID; break;
            default: break;
            }
        }
        changes += state != old;
        if (*c == 0)
            break;
    }
    uint16_t result = crc(changes, 0);
    for (int i = 0; i < STATES; i++)
        result = crc(ends[i], result);
    return result;
}

int main(void)
{
    uint16_t result = 0;
    for (int round = 0; round < ROUNDS; round++) {
        result = crc(list_round(round), result);
        result = crc(matrix_round(round), result);
        result = crc(state_round(round), result);
    }
    printf("%04x\n", result);
    return 0;
}
