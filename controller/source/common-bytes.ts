/** Bytes that are compared at a time. */
const STRIDE = 4096;

/** How many bytes are the same at the beginning of both. */
export function commonBeginning(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  for (let next = STRIDE; next <= most && a.compare(b, at, next, at, next) === 0; next += STRIDE) at = next;
  while (at < most && a[at] === b[at]) at++;
  return at;
}

/** How many of at most `most` bytes are the same at the end of both. */
export function commonEnd(a: Buffer, b: Buffer, most: number): number {
  const isSame = (from: number, to: number): boolean =>
    a.compare(b, b.length - to, b.length - from, a.length - to, a.length - from) === 0;
  let at = 0;
  for (let next = STRIDE; next <= most && isSame(at, next); next += STRIDE) at = next;
  while (at < most && a[a.length - 1 - at] === b[b.length - 1 - at]) at++;
  return at;
}
