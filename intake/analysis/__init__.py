"""What cases and commitments come to in numbers (docs/figures.md). Rates and quantiles are pure."""
