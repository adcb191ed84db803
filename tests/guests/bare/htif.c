// A program for a bare machine: the console, a call, input, a signature and an exit status, all through Spike's tohost.

typedef unsigned long word;

volatile word tohost __attribute__((aligned(64)));
volatile word fromhost __attribute__((aligned(64)));

__asm__(".section .text.start,\"ax\"\n"
        ".globl _start\n"
        "_start: la sp, stack + 4096\n"
        "  call run\n"
        "1: j 1b\n"
        ".section .data\n"
        ".align 4\n"
        ".globl begin_signature\n"
        "begin_signature: .dword 0, 2, 3\n"
        ".globl end_signature\n"
        "end_signature: .dword 0\n"
        ".bss\n"
        ".align 4\n"
        "stack: .skip 4096\n"
        ".text\n");

extern volatile word begin_signature[];

static void send(word value) {
    while (tohost)
        fromhost = 0;
    tohost = value;
}

static void print_byte(char byte) {
    send(1ul << 56 | 1ul << 48 | (unsigned char)byte);
}

static void print(const char *text) {
    while (*text)
        print_byte(*text++);
}

static word call(word number, word a, word b, word c) {
    static volatile word block[8] __attribute__((aligned(64)));
    block[0] = number, block[1] = a, block[2] = b, block[3] = c;
    fromhost = 0;
    send((word)block);
    while (!fromhost)
        ;
    fromhost = 0;
    return block[0];
}

void run(void) {
    static const char text[] = "written by a call\n";
    print("console\n");
    word written = call(64, 1, (word)text, sizeof text - 1);
    print(written == sizeof text - 1 ? "all of it\n" : "not all of it\n");
    print((long)call(4242, 0, 0, 0) == -38 ? "no such call\n" : "a call that does not exist did something\n");
    fromhost = 0;
    send(1ul << 56);
    while (!fromhost)
        ;
    print_byte((char)fromhost);
    print(" read\n");
    begin_signature[0] = 0x1122334455667788;
    send(7 << 1 | 1);
    for (;;)
        ;
}
