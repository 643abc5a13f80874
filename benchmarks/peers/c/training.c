/* The training step as one would write it in C: sigmoid layers, half squared error, gradient descent.

   The sizes are constants of the compilation, so that the compiler can unroll what is small:
   gcc -O3 -march=native -shared -fPIC -DSIZES=2,2,2 -DLAYERS=2 -DWIDEST=2 -DROWS=1 -DBATCH=1 training.c -lm
   theta holds W_1, b_1, W_2, b_2, ... in row order, samples lie one a row. Each update takes the
   mean gradient of the next BATCH rows, in turn. The cost before each update goes to costs[0 ... updates)
   (of that batch). */
#include <math.h>

static const int n[LAYERS + 1] = {SIZES};
static double gradient[LAYERS * WIDEST * (WIDEST + 1)];
static double a[LAYERS + 1][WIDEST];
static double delta[LAYERS + 1][WIDEST];

static double pass(const double *theta, const double *x, const double *t, double *g)
{
    const double *W = theta;
    for (int j = 0; j < n[0]; j++)
        a[0][j] = x[j];
    for (int l = 1; l <= LAYERS; l++) {
        const double *b = W + n[l] * n[l - 1];
        for (int i = 0; i < n[l]; i++) {
            double z = b[i];
            for (int j = 0; j < n[l - 1]; j++)
                z += W[i * n[l - 1] + j] * a[l - 1][j];
            a[l][i] = 1.0 / (1.0 + exp(-z));
        }
        W = b + n[l];
    }
    double cost = 0.0;
    for (int i = 0; i < n[LAYERS]; i++) {
        double e = a[LAYERS][i] - t[i];
        cost += 0.5 * e * e;
        delta[LAYERS][i] = e * a[LAYERS][i] * (1.0 - a[LAYERS][i]);
    }
    double *G = g + (W - theta);
    for (int l = LAYERS; l >= 1; l--) {
        W -= n[l] * (n[l - 1] + 1);
        G -= n[l] * (n[l - 1] + 1);
        for (int i = 0; i < n[l]; i++) {
            for (int j = 0; j < n[l - 1]; j++)
                G[i * n[l - 1] + j] += delta[l][i] * a[l - 1][j];
            G[n[l] * n[l - 1] + i] += delta[l][i];
        }
        if (l > 1)
            for (int j = 0; j < n[l - 1]; j++) {
                double v = 0.0;
                for (int i = 0; i < n[l]; i++)
                    v += W[i * n[l - 1] + j] * delta[l][i];
                delta[l - 1][j] = v * a[l - 1][j] * (1.0 - a[l - 1][j]);
            }
    }
    return cost;
}

void train(double *theta, const double *x, const double *t, double eta, long updates, double *costs)
{
    int P = 0;
    for (int l = 1; l <= LAYERS; l++)
        P += n[l] * (n[l - 1] + 1);
    int row = 0;
    for (long u = 0; u < updates; u++) {
        double cost = 0.0;
        for (int p = 0; p < P; p++)
            gradient[p] = 0.0;
        for (int s = 0; s < BATCH; s++) {
            cost += pass(theta, x + (long)row * n[0], t + (long)row * n[LAYERS], gradient);
            row = row + 1 == ROWS ? 0 : row + 1;
        }
        for (int p = 0; p < P; p++)
            theta[p] -= eta * (gradient[p] / BATCH);
        costs[u] = cost / BATCH;
    }
}
