/*
 *	Memory that held uncertain values and was given back is plain when it comes again, whatever is written there; and so is a word
 *	that is overwritten in any way. In [] a certain value, in <> an uncertain one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uxhw.h>

enum
{
	kPage = 4096
};

static void
show(const char *how, const double *place)
{
	printf("%s [%f]\n", how, *place);
}

int
main(void)
{
	double		x = UxHwDoubleUniformDist(1, 2);
	double *	mapped = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	double *	again;
	double		particle = 1.5;
	uint64_t	bits;
	int		file;

	/*
	 *	The same bytes that stood there with a distribution stand there again without.
	 */
	mapped[3] = x;
	printf("mapped <%f>\n", mapped[3]);
	munmap(mapped, kPage);
	again = mmap(mapped, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	show("munmap", &again[3]);
	again[3] = x;
	again = mmap(mapped, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	show("mapped over", &again[3]);

	/*
	 *	Not by sbrk, which musl does not have.
	 */
	long		end = syscall(SYS_brk, 0);
	double *	heap = (double *)end;

	syscall(SYS_brk, end + 2 * kPage);
	heap[3] = x;
	printf("heap <%f>\n", heap[3]);
	syscall(SYS_brk, end);
	syscall(SYS_brk, end + 2 * kPage);
	show("brk", &heap[3]);

	heap[0] = x;
	heap[0] = particle;
	show("store", &heap[0]);
	heap[0] = x;
	memcpy(&heap[0], &particle, sizeof particle);
	show("memcpy", &heap[0]);
	heap[0] = x;
	memcpy(&bits, &particle, sizeof bits);
	for (size_t i = 0; i < sizeof bits; i++)
	{
		((volatile unsigned char *)heap)[i] = bits >> 8 * i;
	}
	show("bytes", &heap[0]);
	heap[0] = x;
	__asm__ volatile("amoswap.d zero, %0, (%1)" : : "r"(bits), "r"(heap) : "memory");
	show("amoswap", &heap[0]);
	heap[0] = x;
	file = open("given_back.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (write(file, &particle, sizeof particle) == sizeof particle && lseek(file, 0, SEEK_SET) == 0
		&& read(file, &heap[0], sizeof particle) == sizeof particle)
	{
		show("read", &heap[0]);
	}
	close(file);
	heap[0] = x;
	*(volatile int *)heap = 0;
	__asm__ volatile("" : : : "memory");
	printf("half of it [%f]\n", heap[0]);

	/*
	 *	Registers: the tracked path and the scalar one.
	 */
	double	r = x;
	__asm__ volatile("fmv.d.x %0, %1" : "=f"(r) : "r"(bits));
	printf("fmv [%f]\n", r);
	r = x;
	__asm__ volatile("fcvt.d.w %0, %1" : "=f"(r) : "r"(3));
	printf("fcvt [%f]\n", r);
	r = x;
	__asm__ volatile("fld %0, 0(%1)" : "=f"(r) : "r"(&particle));
	printf("fld [%f]\n", r);
	return 0;
}
