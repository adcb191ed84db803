// A picolibc program with semihosting: arguments, files, console input and an exit status.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    // argv[0] is a name that picolibc makes up.
    for (int i = 1; i < argc; i++)
        printf("argument <%s>\n", argv[i]);
    printf("pi is %.6f\n", 3.14159265358979);

    FILE *file = fopen("data.txt", "w");
    if (!file)
        return 3;
    fprintf(file, "one %d\ntwo %g\n", 1, 2.5);
    fclose(file);
    file = fopen("data.txt", "a");
    fputs("three\n", file);
    fclose(file);
    char line[80];
    file = fopen("data.txt", "r");
    while (fgets(line, sizeof line, file))
        printf("file: %s", line);
    fclose(file);
    printf("missing.txt is %s\n", fopen("missing.txt", "r") ? "there" : "not there");

    if (fgets(line, sizeof line, stdin))
        printf("input: %s", line);
    char *memory = malloc(1000);
    printf("malloc gives %s\n", memory ? "memory" : "nothing");
    if (argc > 4)
        while (getchar() != EOF)
            ;
    exit(42);
}
