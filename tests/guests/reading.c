/*
 *	Reads values in every way and prints each with its name. Arguments: a text, a path of a file with texts. Standard input: texts.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char *argv[])
{
	static char	line[200000];
	static char	word[200000];
	char *		end;
	double		x;
	double		y;
	float		f;
	int		count;
	FILE *		file;

	if (argc < 3)
	{
		return 2;
	}
	x = strtod(argv[1], &end);
	printf("strtod %.3f\n", x);
	printf("rest-of-strtod '%s'\n", end);
	printf("strtof %.3f\n", strtof(argv[1], NULL));
	printf("atof %.3f\n", atof(argv[1]));
	if (sscanf(argv[1], "%lf", &x) == 1)
	{
		printf("sscanf-lf %.3f\n", x);
	}
	if (sscanf(argv[1], "%f", &f) == 1)
	{
		printf("sscanf-f %.3f\n", f);
	}
	snprintf(line, sizeof line, "a %s, %s;7 end", argv[1], argv[1]);
	count = sscanf(line, "%s %lf, %lf;%d %s", word, &x, &y, &count, word + 100) == 5;
	printf("sscanf-several %d '%s'\n", count, word + 100);
	printf("sscanf-first %.3f\n", x);
	printf("sscanf-second %.3f\n", y);

	/*
	 *	As CSV readers do: cells of a line, cut in place.
	 */
	snprintf(line, sizeof line, "%s,1.5,%s", argv[1], argv[1]);
	count = 0;
	for (char *cell = strtok(line, ","); cell != NULL; cell = strtok(NULL, ","))
	{
		printf("cell-%d %.3f\n", count++, strtod(cell, NULL));
	}

	file = fopen(argv[2], "r");
	if (file == NULL)
	{
		perror(argv[2]);

		return 1;
	}
	count = 0;
	while (fscanf(file, "%lf", &x) == 1)
	{
		printf("file-%d %.3f\n", count++, x);
	}
	fclose(file);

	if (scanf("%lf %lf", &x, &y) == 2)
	{
		printf("stdin-first %.3f\n", x);
		printf("stdin-second %.3f\n", y);
	}
	if (scanf("%s", word) == 1)
	{
		printf("word-after '%s'\n", word);
	}

	return 0;
}
