#!/usr/bin/env python3
"""Writes realmath_values.h: what log, exp and friends are, to 60 digits and then rounded once.

Only needed to make that file again (python3 realmath_values.py > realmath_values.h); needs mpmath.
The arguments are exact doubles, written in hexadecimal, so nothing is lost on the way.
"""
import random

from mpmath import erfinv, exp, log, loggamma, mp, mpf, sqrt

mp.dps = 60
random.seed(20260102)


def row(*numbers):
    return "    {" + ", ".join(float(n).hex() for n in numbers) + "},"


def table(name, comment, rows):
    print(f"/* {comment} */")
    print(f"static const double {name}[][{rows[0].count(',')}] = {{")
    print("\n".join(rows))
    print("};\n")


def log_arguments():
    near_one = [1 + s * 2.0**-k for k in (1, 2, 3, 5, 8, 13, 20, 30, 40, 52) for s in (1, -1)]
    borders = [2**-0.5 * (1 + d) for d in (0, 2**-52, -(2**-52))] + [2**0.5 * (1 + d) for d in (0, 2**-52, -(2**-52))]
    powers = [2.0**k for k in (-1074, -1073, -1022, -1021, -500, -53, -2, -1, 1, 2, 10, 500, 1023)]
    spread = [random.uniform(1, 2) * 2.0 ** random.randint(-1020, 1020) for _ in range(40)]
    units = [random.random() for _ in range(40)]
    return near_one + borders + powers + spread + units + [2.0**-53, 1 - 2.0**-53, 1.7976931348623157e308]


def exp_arguments():
    small = [s * 2.0**-k for k in (1, 2, 5, 10, 20, 30, 53) for s in (1, -1)]
    halves = [k * float(log(2)) / 2 for k in (-1001, -7, -3, -1, 1, 3, 7, 999)]
    return small + halves + [0.0, 1.0, -1.0, 700.0, -700.0] + [random.uniform(-700, 700) for _ in range(60)] + [
        random.uniform(-3, 3) for _ in range(40)]


print("""/*
 * realmath_values.h: values of functions, right to the last bit. Made by realmath_values.py.
 */
#ifndef EPSIM_TESTS_UNIT_REALMATH_VALUES_H
#define EPSIM_TESTS_UNIT_REALMATH_VALUES_H
""")
table("log_values", "x, log x", [row(x, log(mpf(x))) for x in log_arguments() if x != 1])
table("exp_values", "x, exp x", [row(x, exp(mpf(x))) for x in exp_arguments()])
pows = []
for _ in range(120):
    # -log u to the power of 1 / shape: what a Weibull draw does.
    x = float(-log(mpf(random.random()) * mpf(10) ** random.choice((0, 0, -3, -9, -15))))
    y = 1 / random.choice((0.05, 0.1, 0.3, 0.5, 0.9, 1.0, 1.5, 2.0, 3.7, 10.0, 1000.0))
    if abs(mpf(y) * log(mpf(x))) < 300:
        pows.append(row(x, y, mpf(x) ** mpf(y)))
pows += [row(2.0, 0.5, sqrt(mpf(2))), row(1.0, 1e308, 1), row(10.0, 300.0, mpf(10) ** 300), row(0.5, -3.0, 8)]
table("pow_values", "x, y, x to the power of y", pows)
probabilities = [2.0**-53, 2.0**-52, 1e-300, 1e-100, 1e-30, 1e-20, 1e-12, 1e-6, 0.001, 0.0249, 0.025, 0.0251, 0.0749,
                 0.075, 0.0751, 0.25, 0.4999999, 0.5000001, 0.75, 0.924, 0.925, 0.926, 0.975, 0.999, 1 - 1e-6, 1 - 2.0**-53]
probabilities += [random.random() for _ in range(60)]


def normal_quantile(p):
    mp.dps = 400
    value = sqrt(mpf(2)) * erfinv(2 * mpf(p) - 1)
    mp.dps = 60
    return +value


table("quantile_values", "p, the standard normal quantile of p", [row(p, normal_quantile(p)) for p in probabilities])
gammas = [1.0, 1.001, 1.1, 1.4616, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 15.9, 16.0, 21.0, 50.5, 171.0, 1001.0, 1e6]
table("log_gamma_values", "x, log of the gamma function of x", [row(x, loggamma(mpf(x))) for x in gammas])
print("#endif")
