# Pilot items by R's optim on the marginal likelihood, integrated on 2,001 even points over nine standard deviations a person, and for
# known abilities by glm. The maximum is polished by Newton's method on central differences; standard errors from optimHess.
# Run as: Rscript reference/pilot.R, from engines/irt (some minutes).

SEED <- 2001
set.seed(SEED, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

write_table <- function(name, program, table) {
  file <- file(file.path("tests/reference", name), "w")
  writeLines(c(
    paste("# program:", program), paste("# version:", R.version.string), paste("# seed:", SEED), paste("# date:", Sys.Date()),
    paste(names(table), collapse = ",")
  ), file)
  text <- lapply(table, function(column) if (is.double(column)) sprintf("%.17g", column) else as.character(column))
  writeLines(do.call(paste, c(text, sep = ",")), file)
  close(file)
}

x <- seq(-9, 9, length.out = 2001)
w <- dnorm(x) / sum(dnorm(x))

right <- function(people, a, b, c) {
  theta <- outer(people$mean, rep(1, length(x))) + outer(people$standard_error, x)
  list(yes = drop((c + (1 - c) * plogis(a * (theta - b))) %*% w), no = drop(((1 - c) * plogis(-a * (theta - b))) %*% w))
}

log_likelihood <- function(people, par, c) {
  p <- right(people, exp(par[1]), par[2], c)
  sum(log(ifelse(people$correct == 1, p$yes, p$no)))
}

fit <- function(people, c, prior) {
  objective <- function(par) {
    -log_likelihood(people, par, c) + sum(((par - prior[c(1, 3)]) / prior[c(2, 4)])^2) / 2
  }
  steps <- list(reltol = 1e-14, ndeps = c(1e-5, 1e-5))
  par <- optim(c(0, 0), objective, method = "BFGS", control = steps)$par
  for (n in 1:3) {
    h <- 1e-4
    gradient <- sapply(1:2, function(k) { e <- h * (1:2 == k); (objective(par + e) - objective(par - e)) / (2 * h) })
    par <- par - solve(optimHess(par, objective, control = list(ndeps = c(1e-4, 1e-4))), gradient)
  }
  V <- solve(optimHess(par, objective, control = list(ndeps = c(1e-4, 1e-4))))
  list(par = par, V = V)
}

# Logistic regression of known abilities: slope a = e^(ln a), intercept -a b; errors by the delta method.
regression <- function(people) {
  model <- glm(correct ~ mean, binomial, people, control = list(epsilon = 1e-14, maxit = 50))
  k <- unname(coef(model))
  J <- rbind(c(0, 1 / k[2]), c(-1 / k[2], k[1] / k[2]^2))
  list(par = c(log(k[2]), -k[1] / k[2]), V = J %*% vcov(model) %*% t(J))
}

# Q1 in up to five groups of like ability (no ties here), expected shares averaged over ability.
q1 <- function(people, par, c) {
  people$p <- right(people, exp(par[1]), par[2], c)$yes
  count <- min(5, nrow(people) %/% 10)
  if (count < 3) return(c(NaN, NaN))
  people <- people[order(people$mean), ]
  group <- ((seq_len(nrow(people)) - 1) * count) %/% nrow(people)
  z <- tapply(people$correct - people$p, group, sum) / sqrt(tapply(people$p * (1 - people$p), group, sum))
  c(sum(z^2), pchisq(sum(z^2), length(z) - 2, lower.tail = FALSE))
}

draw <- function(case, count, errors, a, b, c) {
  s <- runif(count, errors[1], errors[2])
  m <- rnorm(count, 0, sqrt(1 - pmin(s, .95)^2))
  theta <- rnorm(count, m, s)
  data.frame(case = case, mean = m, standard_error = s, correct = as.integer(runif(count) < c + (1 - c) * plogis(a * (theta - b))))
}

weak <- c(0, .5, 0, 2)
flat <- c(0, Inf, 0, Inf)
designs <- list(
  list("typical", 400, c(.25, .5), 1.3, .4, .25, weak),
  list("few", 25, c(.3, .6), .9, -.5, .2, weak),
  list("open", 800, c(.3, .5), .7, 1.2, 0, flat),
  list("known", 500, c(0, 0), 1.5, -.3, 0, flat),
  list("steep", 500, c(.3, .7), 2.4, -1, .1, c(.2, .3, 0, 1)),
  list("hard", 300, c(.3, .5), 1.2, 3, .25, weak)
)
people <- NULL
items <- NULL
for (d in designs) {
  own <- draw(d[[1]], d[[2]], d[[3]], d[[4]], d[[5]], d[[6]])
  found <- if (d[[1]] == "known") regression(own) else fit(own, d[[6]], d[[7]])
  errors <- sqrt(diag(found$V))
  q <- q1(own, found$par, d[[6]])
  people <- rbind(people, own)
  items <- rbind(items, data.frame(
    case = d[[1]], lower = d[[6]], log_mean = d[[7]][1], log_deviation = d[[7]][2], mean = d[[7]][3], deviation = d[[7]][4],
    log_discrimination = found$par[1], difficulty = found$par[2], log_error = errors[1], error = errors[2],
    correlation = found$V[1, 2] / prod(errors), log_likelihood = log_likelihood(own, found$par, d[[6]]), chi_square = q[1], p = q[2]
  ))
}
write_table("pilot_people.csv", "reference/pilot.R: abilities drawn with their posteriors, answers drawn from the item", people)
write_table("pilot_items.csv", "reference/pilot.R: optim and optimHess on the trapezoid-integrated marginal likelihood; case known: glm", items)
