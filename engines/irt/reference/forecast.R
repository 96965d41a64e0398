# How likely further answers are to end "not sure yet": the ability and then what is observed of it are integrated one after the
# other, on 20,001 even points over nine standard deviations, and the verdict is applied to the posterior of each observation.
# Run as: Rscript reference/forecast.R, from engines/irt.

probability <- function(mean, error, cut, information) {
  variance <- error^2
  after <- 1 / (1 / variance + information)
  # Observations y at which P(ability >= cut) reaches .8 and falls to .2: mean' = after * (mean / variance + information * y).
  observed <- function(share) ((cut + qnorm(share) * sqrt(after)) / after - mean / variance) / information
  theta <- mean + error * seq(-9, 9, length.out = 20001)
  weight <- dnorm(theta, mean, error)
  spread <- 1 / sqrt(information)
  sure <- pnorm(observed(.8), theta, spread, lower.tail = FALSE) + pnorm(observed(.2), theta, spread)
  sum(weight * sure) / sum(weight)
}

cases <- expand.grid(mean = c(-1.7, 0, .35), error = c(.15, .4, 1), cut = c(-.2, .5), information = c(.1, 1, 4, 25))
cases$probability <- mapply(probability, cases$mean, cases$error, cases$cut, cases$information)
table <- file("tests/reference/forecast.csv", "w")
writeLines(c(
  "# program: reference/forecast.R: sum over abilities N(mean, error^2) of the chance that an observation of variance 1/information decides",
  paste("# version:", R.version.string), "# seed: none", paste("# date:", Sys.Date()), paste(names(cases), collapse = ",")
), table)
writeLines(apply(cases, 1, function(row) paste(sprintf("%.17g", row), collapse = ",")), table)
close(table)
