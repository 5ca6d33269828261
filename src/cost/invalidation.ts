/**
 * USD for a path beyond the first 1,000 of a month; one with a wildcard counts as one. CloudFront's price is the same in all
 * regions.
 * Source: AWS, "Amazon CloudFront pricing", invalidation requests, as of 2026-10.
 */
export const INVALIDATION_PATH_USD = 0.005;
