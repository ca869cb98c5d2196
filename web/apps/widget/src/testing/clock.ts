import type { Clock } from "../state/clock.ts";

/** A clock that stands still until a test moves it. */
export const handClock = (random = 0.5) => {
  let time = 0;
  let last = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const clock: Clock = {
    now: () => time,
    timer(run, ms) {
      timers.set(++last, { at: time + ms, run });
      return last;
    },
    cancel: (id) => {
      timers.delete(id);
    },
    random: () => random,
  };
  /** Lets `ms` pass, running what falls due in its order. */
  const pass = (ms: number) => {
    const end = time + ms;
    for (;;) {
      const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      time = Math.max(time, due[1].at);
      due[1].run();
    }
    time = end;
  };
  return { clock, pass, waiting: () => timers.size };
};

/** Lets promises that are already settled have their say. */
export const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
