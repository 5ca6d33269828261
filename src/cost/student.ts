/** 95th percentile of Student's t with 1 to 30 degrees of freedom. Source: NIST/SEMATECH e-Handbook, 1.3.6.7.2. */
const T95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734, 1.729,
  1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
];

/** Of the normal distribution, to which t comes close. */
const Z95 = 1.645;

/**
 * How many standard errors either side a 90% interval has. Between two of the table's degrees of freedom it is taken for
 * the lower one, beyond them by the first term of its expansion (right to 0.001).
 *
 * @param freedom degrees of freedom, at least 1; need not be whole
 */
export function t90(freedom: number): number {
  return T95[Math.max(1, Math.floor(freedom)) - 1] ?? Z95 + (Z95 ** 3 + Z95) / (4 * freedom);
}
