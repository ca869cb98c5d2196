import { beforeEach, expect, it, vi } from "vitest";
import { createSocket, type Place, type Wire } from "./socket.ts";

/** A clock that stands still until a test moves it. */
const handClock = () => {
  const timers = new Map<number, { at: number; run: () => void }>();
  let [time, last] = [0, 0];
  return {
    timer(run: () => void, ms: number) {
      timers.set(++last, { at: time + ms, run });
      return last;
    },
    cancel: (id: number) => void timers.delete(id),
    pass(ms: number) {
      time += ms;
      for (const [id, { at, run }] of [...timers]) {
        if (at > time) continue;
        timers.delete(id);
        run();
      }
    },
  };
};

type Line = Wire & { sent: { t: string }[]; closed: boolean; says(frame: object): void };
const line = (): Line => {
  const one: Line = {
    sent: [],
    closed: false,
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => void one.sent.push(JSON.parse(text)),
    close() {
      one.closed = true;
    },
    says: (frame) => one.onmessage?.({ data: JSON.stringify(frame) }),
  };
  return one;
};

let lines: Line[];
let clock: ReturnType<typeof handClock>;
const heard = vi.fn();
const turned = vi.fn();
const open = () =>
  createSocket({
    connect() {
      lines.push(line());
      return lines.at(-1) as Line;
    },
    hello: () => ({ token: "tok" }),
    heard,
    turned,
    wait: (failures) => failures * 1000,
    clock,
  });
const last = () => lines.at(-1) as Line;
const greet = () => {
  last().onopen?.();
  last().says({ t: "ready", protocol: 1, at: "2026-11-28T15:00:00.000Z" });
};

beforeEach(() => {
  lines = [];
  clock = handClock();
  heard.mockReset();
  turned.mockReset();
});

it("says hello first, and watches when the server is ready", () => {
  const socket = open();
  socket.watch("cnv_1", () => ({ after: 4, epoch: 1 }));
  expect(last().sent).toEqual([]);
  last().onopen?.();
  expect(last().sent).toEqual([{ t: "hello", protocol: 1, token: "tok" }]);
  greet();
  expect(last().sent.at(-1)).toEqual({ t: "watch", conversation: "cnv_1", after: 4, epoch: 1 });
  expect(turned).toHaveBeenLastCalledWith(true);
});

it("comes back after an interruption, each time later, and resumes from what is held by then", () => {
  const socket = open();
  let place: Place = { after: 4, epoch: 1 };
  socket.watch("cnv_1", () => place);
  greet();
  place = { after: 9, epoch: 1 };
  last().onclose?.();
  expect(turned).toHaveBeenLastCalledWith(false);
  expect(socket.send({ t: "ping" })).toBe(false);
  clock.pass(1000);
  expect(lines).toHaveLength(2);
  last().onclose?.();
  clock.pass(1000);
  expect(lines).toHaveLength(2);
  clock.pass(1000);
  expect(lines).toHaveLength(3);
  greet();
  expect(last().sent.at(-1)).toMatchObject({ t: "watch", after: 9 });
});

it("comes back when a server that goes away asks for it, and not before", () => {
  open();
  greet();
  last().says({ t: "bye", code: "leaving", detail: "", again_in_ms: 3000 });
  last().onclose?.();
  clock.pass(2999);
  expect(lines).toHaveLength(1);
  clock.pass(1);
  expect(lines).toHaveLength(2);
  last().onclose?.();
  clock.pass(2000);
  expect(lines).toHaveLength(3);
});

it("notices a connection that died without a word", () => {
  open();
  greet();
  clock.pass(25_000);
  expect(last().sent.at(-1)).toEqual({ t: "ping" });
  last().says({ t: "pong" });
  clock.pass(25_000);
  clock.pass(10_000);
  expect(lines[0]?.closed).toBe(true);
  clock.pass(1000);
  expect(lines).toHaveLength(2);
});

it("does not wait when the network is back", () => {
  const socket = open();
  last().onclose?.();
  socket.hurry();
  expect(lines).toHaveLength(2);
  socket.hurry();
  expect(lines).toHaveLength(2);
});

it("stops for good", () => {
  const socket = open();
  greet();
  socket.stop();
  clock.pass(60_000);
  expect(lines).toHaveLength(1);
  expect(last().closed).toBe(true);
});

it("passes frames on and ignores what is none", () => {
  open();
  greet();
  last().onmessage?.({ data: "no json" });
  last().onmessage?.({ data: "null" });
  last().says({ t: "inbox" });
  expect(heard.mock.calls.map(([frame]) => frame.t)).toEqual(["ready", "inbox"]);
});
