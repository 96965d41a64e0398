# Seconds of processor a step of catR: EAP on 33 nodes, then the most informative item. The bank comes as "a b a b ...".
suppressPackageStartupMessages(library(catR))
numbers <- as.numeric(strsplit(tail(commandArgs(trailingOnly = TRUE), 1), " ")[[1]])
bank <- cbind(matrix(numbers, ncol = 2, byrow = TRUE), 0, 1)
colnames(bank) <- c("a", "b", "c", "d")
set.seed(1)
steps <- 0
start <- proc.time()
for (person in 1:5) {
  ability <- runif(1, -1.5, 1.5)
  given <- integer(0)
  right <- integer(0)
  theta <- 0
  for (position in 1:30) {
    item <- nextItem(bank, theta = theta, out = given, criterion = "MFI")$item
    given <- c(given, item)
    right <- c(right, as.integer(runif(1) < 1 / (1 + exp(-bank[item, 1] * (ability - bank[item, 2])))))
    theta <- thetaEst(bank[given, , drop = FALSE], right, method = "EAP", parInt = c(-4, 4, 33))
    steps <- steps + 1
  }
}
spent <- proc.time() - start
cat((spent[["user.self"]] + spent[["sys.self"]]) / steps)
