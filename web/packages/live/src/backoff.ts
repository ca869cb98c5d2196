/**
 * Milliseconds to wait before the attempt that follows `failures` failed ones:
 * full jitter between 0.5 and 30 s (design rule R10), never before the server's `Retry-After`.
 */
export const backoff = (failures: number, retryAfter = 0, random = Math.random): number =>
  Math.max(500, retryAfter * 1000, random() * Math.min(30_000, 500 * 2 ** failures));
