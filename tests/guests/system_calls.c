/*
 *	System calls that succeed and that fail: what each returned and errno, as any Linux has it. Run in an empty folder.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void
show(const char *what, long result)
{
	printf("%s: %s", what, result < 0 ? "-1" : "good");
	if (result < 0)
	{
		printf(" %s", strerrorname_np(errno));
	}
	printf("\n");
	errno = 0;
}

#define TRY(call) show(#call, (long)(call))
#define NUMBER(call) do { errno = 0; printf(#call ": %ld %s\n", (long)(call), errno ? strerrorname_np(errno) : ""); } while (0)

int
main(void)
{
	char	*volatile nowhere = (char *)8;
	int	f, d, r, i;
	char	buffer[256];
	char	longName[300];
	struct stat	s;
	struct statx	x;
	struct statvfs	v;
	struct pollfd	p = {.fd = 1, .events = POLLOUT};
	struct timespec	t;
	struct rlimit	limit;
	struct rusage	usage;
	struct utsname	name;
	struct iovec	pieces[2] = {{"ab", 2}, {"cd", 2}};
	DIR	*directory;
	struct dirent	*entry;
	char	*map;

	memset(longName, 'n', sizeof(longName));
	longName[299] = 0;

	f = open("a", O_RDWR | O_CREAT | O_TRUNC, 0644);
	TRY(f);
	NUMBER(write(f, "hello, file", 11));
	NUMBER(lseek(f, 0, SEEK_SET));
	NUMBER(read(f, buffer, 5));
	NUMBER(lseek(f, -1, SEEK_SET));
	NUMBER(lseek(f, 0, 99));
	NUMBER(lseek(f, -3, SEEK_END));
	NUMBER(pread(f, buffer, 100, 7));
	NUMBER(pwrite(f, "HE", 2, 0));
	NUMBER(writev(f, pieces, 2));
	NUMBER(lseek(f, 0, SEEK_CUR));
	NUMBER(ftruncate(f, 4));
	NUMBER(ftruncate(f, -1));
	NUMBER(pwrite(f, "x", 1, -1));
	NUMBER(fstat(f, &s));
	printf("size %ld regular %d\n", (long)s.st_size, S_ISREG(s.st_mode));
	NUMBER(write(f, nowhere, 4));
	NUMBER(read(f, nowhere, 4));
	NUMBER(fcntl(f, F_GETFL) & (O_ACCMODE | O_APPEND));
	NUMBER(fcntl(99, F_GETFL));
	NUMBER(fsync(f));
	NUMBER(isatty(f));
	NUMBER(posix_fallocate(f, 0, 100));
	NUMBER(close(f));
	NUMBER(close(f));
	NUMBER(read(f, buffer, 1));
	NUMBER(write(99, "x", 1));
	NUMBER(read(-1, buffer, 1));
	NUMBER(dup(99));
	NUMBER(dup2(1, -1));
	NUMBER(dup3(1, 1, 0));
	NUMBER(lseek(0, 0, SEEK_SET));

	r = open("a", O_RDONLY);
	NUMBER(write(r, "x", 1));
	NUMBER(ftruncate(r, 1));
	close(r);
	r = open("a", O_WRONLY | O_APPEND);
	NUMBER(read(r, buffer, 1));
	NUMBER(write(r, "end", 3));
	NUMBER(lseek(r, 0, SEEK_CUR));
	close(r);

	TRY(open("absent", O_RDONLY));
	TRY(open("", O_RDONLY));
	TRY(open("a/b", O_RDONLY));
	TRY(open("a/", O_RDONLY));
	TRY(open("absent/b", O_CREAT | O_WRONLY, 0644));
	TRY(open(".", O_WRONLY));
	TRY(open("a", O_RDONLY | O_DIRECTORY));
	TRY(open("a", O_CREAT | O_EXCL | O_WRONLY, 0644));
	TRY(open(longName, O_RDONLY));
	TRY(open(nowhere, O_RDONLY));
	TRY(openat(99, "a", O_RDONLY));
	TRY(openat(1, "a", O_RDONLY));

	NUMBER(mkdir("d", 0755));
	NUMBER(mkdir("d", 0755));
	NUMBER(mkdir("a", 0755));
	NUMBER(mkdir("absent/d", 0755));
	d = open("d", O_RDONLY | O_DIRECTORY);
	TRY(d);
	f = openat(d, "inside", O_CREAT | O_WRONLY, 0644);
	TRY(f);
	NUMBER(write(f, "12", 2));
	close(f);
	NUMBER(fstatat(d, "inside", &s, 0));
	printf("size %ld\n", (long)s.st_size);
	NUMBER(fstatat(d, "absent", &s, 0));
	NUMBER(fstatat(d, "", &s, AT_EMPTY_PATH));
	printf("directory %d\n", S_ISDIR(s.st_mode));
	NUMBER(statx(d, "inside", 0, STATX_BASIC_STATS, &x));
	printf("statx %ld %d\n", (long)x.stx_size, S_ISREG(x.stx_mode));
	NUMBER(statx(d, "absent", 0, STATX_BASIC_STATS, &x));
	NUMBER(faccessat(d, "inside", R_OK | W_OK, 0));
	NUMBER(access("absent", F_OK));
	NUMBER(access("a", 99));
	NUMBER(stat("a/", &s));
	NUMBER(stat("a/b", &s));
	NUMBER(stat("d/", &s));
	NUMBER(lstat("d", &s));
	NUMBER(readlink("a", buffer, sizeof(buffer)));
	NUMBER(readlink("absent", buffer, sizeof(buffer)));
	NUMBER(read(d, buffer, 1));
	NUMBER(rmdir("d"));
	NUMBER(rmdir("a"));
	NUMBER(unlink("d"));
	NUMBER(unlink("absent"));
	NUMBER(rename("absent", "x"));
	NUMBER(rename("a", "d/a"));
	NUMBER(truncate("d/a", 3));
	NUMBER(truncate("absent", 3));
	directory = opendir("d");
	for (i = 0; (entry = readdir(directory)) != NULL; i++)
	{
	}
	printf("entries %d\n", i);
	closedir(directory);
	TRY(opendir("d/a"));
	TRY(opendir("absent"));
	NUMBER(fchdir(d));
	NUMBER(access("inside", F_OK));
	NUMBER(chdir("absent"));
	NUMBER(chdir("inside"));
	NUMBER(unlink("inside"));
	NUMBER(unlinkat(d, "a", 0));
	NUMBER(chdir(".."));
	NUMBER(rmdir("d"));
	NUMBER(statvfs(".", &v));

	NUMBER(poll(&p, 1, 0));
	p.fd = 99;
	NUMBER(poll(&p, 1, 0));
	printf("events %d\n", p.revents);
	NUMBER(clock_gettime(CLOCK_REALTIME, &t));
	NUMBER(clock_gettime(CLOCK_MONOTONIC, &t));
	NUMBER(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t));
	NUMBER(clock_gettime(999, &t));
	NUMBER(clock_getres(CLOCK_MONOTONIC, &t));
	t.tv_sec = 0, t.tv_nsec = 1000000000;
	NUMBER(nanosleep(&t, NULL));
	NUMBER(getrlimit(RLIMIT_STACK, &limit));
	NUMBER(getrlimit(99, &limit));
	NUMBER(getrusage(RUSAGE_SELF, &usage));
	NUMBER(uname(&name));
	printf("%s %s\n", name.sysname, name.machine);
	NUMBER(getcwd(buffer, 1) != NULL);
	NUMBER(umask(022) & 0);
	NUMBER(sysconf(_SC_PAGESIZE));

	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map[0] = 7;
	NUMBER(madvise(map, 4096, MADV_DONTNEED));
	printf("given up %d\n", map[0]);
	NUMBER(mprotect(map, 4096, PROT_READ));
	NUMBER(read(0, map, 1));
	NUMBER(munmap(map, 8192));
	NUMBER(munmap((char *)1, 4096));
	NUMBER(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	NUMBER(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED);
	NUMBER(getentropy(buffer, 16));
	return 0;
}
