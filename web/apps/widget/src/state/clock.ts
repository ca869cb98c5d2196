/** Time and dice for the state modules; tests hand in their own. Milliseconds. */
export type Clock = {
  now(): number;
  timer(run: () => void, ms: number): number;
  cancel(id: number): void;
  random(): number;
};

export const browserClock: Clock = {
  now: () => performance.now(),
  timer: (run, ms) => setTimeout(run, ms) as unknown as number,
  cancel: (id) => clearTimeout(id),
  random: Math.random,
};
