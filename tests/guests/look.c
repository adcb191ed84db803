/*
 *	What can be reached: for each argument, whether it can be read (its first line) or listed, and whether it can be written.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	char	line[200];
	struct dirent	*entry;
	FILE	*file;
	DIR	*directory;
	int	i, descriptor;

	for (i = 1; i < argc; i++)
	{
		printf("%s:", argv[i]);
		directory = opendir(argv[i]);
		file = directory == NULL ? fopen(argv[i], "r") : NULL;
		if (directory != NULL)
		{
			while ((entry = readdir(directory)) != NULL)
			{
				printf(" [%s]", entry->d_name);
			}
			closedir(directory);
		}
		else if (file != NULL)
		{
			printf(" '%s'", fgets(line, sizeof(line), file) != NULL ? line : "");
			fclose(file);
		}
		else
		{
			printf(" no");
		}
		descriptor = open(argv[i], O_WRONLY | O_APPEND);
		printf("%s\n", descriptor >= 0 ? " writable" : "");
		if (descriptor >= 0)
		{
			close(descriptor);
		}
	}
	printf("cwd %s\n", getcwd(line, sizeof(line)));
	return 0;
}
