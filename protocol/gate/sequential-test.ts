/**
 * A test that may be looked at after each report without losing its promise: the likelihood ratio of a mixture of
 * higher failure rates against the limit.
 *
 * For each rate p1 above the limit p0, the likelihood ratio of what was seen is (p1/p0)^f ((1-p1)/(1-p0))^(n-f) for f
 * failures of n devices. While the true rate is at most p0, each such ratio, and so their mean E, is a non-negative
 * supermartingale that starts at 1. By Ville's inequality the chance that E ever reaches 1/alpha is at most alpha,
 * however often one looks and whenever one stops.
 *
 * Sources: A. Wald, Sequential tests of statistical hypotheses, Ann. Math. Statist. 16 (1945), the ratio; H. Robbins,
 * Statistical methods related to the law of the iterated logarithm, Ann. Math. Statist. 41 (1970), the mixture; J. Ville,
 * Étude critique de la notion de collectif (1939), the inequality; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon,
 * Time-uniform, nonparametric, nonasymptotic confidence sequences, Ann. Statist. 49 (2021); R. Johari, P. Koomen,
 * L. Pekelis, D. Walsh, Always valid inference, Oper. Res. 70 (2022), the same for tests that people watch.
 */

/** The failure rates that the limit is compared with, as multiples of it. */
const MULTIPLES = [1.25, 1.5, 2, 3, 5, 10, 25, 49] as const;
/** A rate of 1 would be refuted for ever by the first confirmation. */
const LEAST_CONFIRMED = 1 / 50;

/**
 * The natural logarithm of E: how many times likelier what was seen is under higher failure rates than at the limit.
 *
 * @param limit failure rate that is allowed, 0 to 1. At 0 any failure is infinite evidence; at 1 nothing is evidence.
 * @param failures 0 to `counted`; both may be fractions
 */
export function logEvidence(limit: number, failures: number, counted: number): number {
  if (limit <= 0) return failures > 0 ? Number.POSITIVE_INFINITY : 0;
  if (limit >= 1) return 0;
  const highest = 1 - (1 - limit) * LEAST_CONFIRMED;
  // Powers of a whole fleet leave the range of a double, so they are summed as logarithms.
  const logs = MULTIPLES.map((multiple) => {
    const rate = Math.min(limit * multiple, highest);
    return failures * Math.log(rate / limit) + (counted - failures) * Math.log((1 - rate) / (1 - limit));
  });
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / MULTIPLES.length);
}

/** Whether it is enough to say that the limit is exceeded, at the chance `alpha` of being wrong. */
export function isExceeded(limit: number, failures: number, counted: number, alpha: number): boolean {
  return logEvidence(limit, failures, counted) >= -Math.log(alpha);
}

/**
 * The fewest failures among `counted` devices that halt.
 *
 * @returns `undefined`: so few devices cannot halt, not even if all fail
 */
export function failuresToHalt(limit: number, counted: number, alpha: number): number | undefined {
  if (!isExceeded(limit, counted, counted, alpha)) return undefined;
  let tooFew = -1;
  let enough = counted;
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (isExceeded(limit, middle, counted, alpha)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
