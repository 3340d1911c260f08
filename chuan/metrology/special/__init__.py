"""Probability functions in plain Python, right in both tails: normal, Student t, F, χ², gamma, beta, binomial.

Each distribution function is one continued fraction times a density, the density in Loader's saddle-point form (C.
Loader, "Fast and accurate computation of binomial probabilities", 2000), which keeps its digits for large parameters
where differences of log-gammas lose them. The fraction is always that of the smaller side; the other is its complement.

Relative errors: about 1e-13 at most in functions, tails included, and below 1e-12 in quantiles. Probabilities given to
quantiles are open: 0 and 1 are refused. Degrees of freedom are real, above 0, and may be infinite.
"""

from math import lgamma as log_gamma

from chuan.metrology.special.beta import beta_cdf, beta_quantile, beta_sf, f_cdf, f_quantile, f_sf
from chuan.metrology.special.binomial import binomial_cdf, binomial_pmf, binomial_sf
from chuan.metrology.special.gamma import chi2_cdf, chi2_quantile, chi2_sf, gamma_cdf, gamma_quantile, gamma_sf
from chuan.metrology.special.normal import normal_cdf, normal_coverage, normal_pdf, normal_quantile, normal_sf
from chuan.metrology.special.student import t_cdf, t_coverage, t_quantile, t_sf

__all__ = [
    "beta_cdf",
    "beta_quantile",
    "beta_sf",
    "binomial_cdf",
    "binomial_pmf",
    "binomial_sf",
    "chi2_cdf",
    "chi2_quantile",
    "chi2_sf",
    "f_cdf",
    "f_quantile",
    "f_sf",
    "gamma_cdf",
    "gamma_quantile",
    "gamma_sf",
    "log_gamma",
    "normal_cdf",
    "normal_coverage",
    "normal_pdf",
    "normal_quantile",
    "normal_sf",
    "t_cdf",
    "t_coverage",
    "t_quantile",
    "t_sf",
]
