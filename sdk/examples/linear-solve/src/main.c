/*
 *	Currents in a resistor network: Kirchhoff's equations of three meshes, solved by elimination with pivoting. Each pivot is
 *	chosen by the plain numbers.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

enum
{
	kMeshes = 3
};

static void
solve(double a[kMeshes][kMeshes + 1], double *x)
{
	for (int column = 0; column < kMeshes; column++)
	{
		int	pivot = column;

		for (int row = column + 1; row < kMeshes; row++)
		{
			if (fabs(a[row][column]) > fabs(a[pivot][column]))
			{
				pivot = row;
			}
		}
		for (int i = 0; i <= kMeshes; i++)
		{
			double	swapped = a[column][i];

			a[column][i] = a[pivot][i];
			a[pivot][i] = swapped;
		}
		for (int row = column + 1; row < kMeshes; row++)
		{
			double	factor = a[row][column] / a[column][column];

			for (int i = column; i <= kMeshes; i++)
			{
				a[row][i] -= factor * a[column][i];
			}
		}
	}
	for (int row = kMeshes - 1; row >= 0; row--)
	{
		x[row] = a[row][kMeshes];
		for (int i = row + 1; i < kMeshes; i++)
		{
			x[row] -= a[row][i] * x[i];
		}
		x[row] /= a[row][row];
	}
}

int
main(void)
{
	double	r1 = UxHwDoubleUniformDist(95, 105);
	double	r2 = UxHwDoubleUniformDist(209, 231);
	double	r3 = UxHwDoubleUniformDist(313.5, 346.5);
	double	a[kMeshes][kMeshes + 1] = {
		{r1 + r2, -r2, 0, UxHwDoubleGaussDist(12, 0.1)},
		{-r2, r2 + r3 + 100, -r3, 0},
		{0, -r3, r3 + 470, 0},
	};
	double	current[kMeshes];

	solve(a, current);
	printf("current = %lf mA\n", current[0] * 1000);

	return 0;
}
