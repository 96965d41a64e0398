# Fits with R's mirt: Rscript mirt_fit.R DATA PERSONS ITEMS KIND. One JSON line on standard output.
#
# DATA is one signed byte a cell, person by person, -1 where an item was not presented. Time is processor time of mirt()
# alone, with its own estimator and tolerance, without standard errors. mirt is run here, not read.
suppressPackageStartupMessages(library(mirt))
arguments <- commandArgs(TRUE)
persons <- as.integer(arguments[2])
items <- as.integer(arguments[3])
kind <- arguments[4]

cells <- readBin(arguments[1], "integer", persons * items, size = 1L, signed = TRUE)
cells <- matrix(cells, persons, items, byrow = TRUE)
cells[cells < 0L] <- NA
colnames(cells) <- paste0("item", seq_len(items))

model <- 1
nodes <- 61
type <- "2PL"
if (kind == "grm") type <- "graded"
if (kind == "3pl") {
  type <- "3PL"
  model <- mirt.model(sprintf("F = 1-%d\nPRIOR = (1-%d, g, expbeta, 5, 17)", items, items))
}
if (kind == "two-dimensions") {
  nodes <- 25
  model <- mirt.model(sprintf("F1 = 1-%d\nF2 = %d-%d\nCOV = F1*F2", items / 2, items / 2 + 1, items))
}
time <- system.time(fit <- mirt(cells, model, itemtype = type, quadpts = nodes, technical = list(theta_lim = c(-6, 6)),
                                SE = FALSE, verbose = FALSE))

number <- function(values) paste0("[", paste(sprintf("%.17g", values), collapse = ","), "]")
found <- coef(fit, simplify = TRUE)
columns <- colnames(found$items)
of_item <- function(item) {
  row <- found$items[item, ]
  lower <- if ("g" %in% columns) row[["g"]] else 0
  sprintf('{"slopes":%s,"intercepts":%s,"lower":%.17g}', number(row[grepl("^a[0-9]+$", columns)]),
          number(row[grepl("^d[0-9]*$", columns)]), lower)
}
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) * 1024 / 1e6
correlation <- if (kind == "two-dimensions") sprintf(',"correlation":%.17g', found$cov[2, 1]) else ""
cat(sprintf('{"version":"%s","processor_s":%.3f,"peak_mb":%.0f%s,"items":[%s]}\n', packageVersion("mirt"),
            time[["user.self"]] + time[["sys.self"]], peak, correlation,
            paste(vapply(seq_len(items), of_item, ""), collapse = ",")))
