# Probability of a right answer averaged over a normal ability, by adaptive integration:
# Rscript reference/prediction.R > tests/reference/predicted_probability.csv
cat("# program: reference/prediction.R: integrate() of the three-parameter logistic times the normal density\n")
cat("# version:", R.version.string, "\n")
cat("# seed: none\n")
cat("# date: 2026-11-30\n")
cat("a,b,c,mean,error,probability\n")
rows <- expand.grid(a = c(0.5, 1.2, 3), b = c(-1, 0.4), c = c(0, 0.25), mean = c(-0.8, 0.7), error = c(0.2, 0.5, 1))
for (i in seq_len(nrow(rows))) with(rows[i, ], {
  f <- function(z) (c + (1 - c) * plogis(a * (mean + error * z - b))) * dnorm(z)
  p <- integrate(f, -8, 0, rel.tol = 1e-13)$value + integrate(f, 0, 8, rel.tol = 1e-13)$value
  cat(sprintf("%g,%g,%g,%g,%g,%.15f\n", a, b, c, mean, error, p))
})
