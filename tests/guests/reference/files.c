// Reads and writes before and after the first draw; exit status 0 if every execution sees what it would see alone.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uxhw.h>

static void check(int condition, const char *what)
{
	if (!condition)
	{
		fprintf(stderr, "not as it should be: %s\n", what);
		exit(3);
	}
}

static int lines(const char *path)
{
	FILE *file = fopen(path, "r");
	int count = 0;
	check(file != NULL, path);
	for (int c = fgetc(file); c != EOF; c = fgetc(file))
	{
		count += c == '\n';
	}
	fclose(file);
	return count;
}

static int entries(const char *path)
{
	DIR *directory = opendir(path);
	int count = 0;
	check(directory != NULL, path);
	while (readdir(directory) != NULL)
	{
		count++;
	}
	closedir(directory);
	return count;
}

int main(void)
{
	double before, after, first, second;
	char rest[100];
	struct stat status;
	FILE *in = fopen("in.txt", "r");
	FILE *out = fopen("out.txt", "w+");
	check(in != NULL && out != NULL, "open");
	setvbuf(in, NULL, _IONBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	check(fscanf(in, "%lf\n", &before) == 1 && before == 1.5, "in.txt before the draw");
	check(scanf("%lf\n", &first) == 1 && first == 10.0, "standard input before the draw");
	fprintf(out, "head\n");
	fflush(out);
	printf("run-up\n");
	fflush(stdout);

	double x = UxHwDoubleUniformDist(0.0, 1.0);
	check(fscanf(in, "%lf", &after) == 1 && after == 2.5, "in.txt after the draw");
	check(scanf("%lf", &second) == 1 && second == 20.0, "standard input after the draw");

	fprintf(out, "x %s\n", x < 0.5 ? "low" : "high");
	fflush(out);
	rewind(out);
	check(fgets(rest, sizeof rest, out) != NULL && strcmp(rest, "head\n") == 0, "out.txt from its start");
	check(lines("out.txt") == 2, "out.txt by its name");

	FILE *log = fopen("log.txt", "a");
	check(log != NULL, "log.txt");
	fprintf(log, "one more\n");
	fclose(log);
	check(lines("log.txt") == 2, "log.txt has one line more");

	check(mkdir("made", 0777) == 0 && mkdir("made", 0777) == -1 && errno == EEXIST, "mkdir");
	FILE *made = fopen("made/file", "wx");
	check(made != NULL && fputs("made\n", made) >= 0 && fclose(made) == 0, "made/file");
	check(fopen("made/file", "wx") == NULL && errno == EEXIST, "made/file is there");
	check(fopen("none/file", "w") == NULL && errno == ENOENT, "none/file");
	check(entries("made") == 3, "entries of made");
	check(rename("made/file", "moved") == 0 && access("made/file", F_OK) == -1 && lines("moved") == 1, "rename");
	check(remove("old.txt") == 0 && remove("old.txt") == -1 && errno == ENOENT, "old.txt");
	check(access("old.txt", F_OK) == -1 && fopen("old.txt", "r") == NULL, "old.txt is gone");
	check(rmdir("made") == 0 && stat("made", &status) == -1, "rmdir");
	check(mkdir("kept", 0777) == 0 && (made = fopen("kept/file", "w")) != NULL, "kept/file");
	check(fputs("kept\n", made) >= 0 && fclose(made) == 0 && truncate("kept/file", 3) == 0, "truncate");
	check(stat("kept/file", &status) == 0 && status.st_size == 3 && S_ISREG(status.st_mode), "stat");
	check(chdir("kept") == 0 && access("file", R_OK) == 0 && chdir("..") == 0, "chdir");

	// A clock that moves, and a sleep that costs nothing in all executions but one.
	time_t start = time(NULL);
	while (clock() == clock())
	{
	}
	usleep(20000);
	check(time(NULL) >= start, "time");
	printf("x %f\n", x);
	return 0;
}
