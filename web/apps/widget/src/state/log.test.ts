import { describe, expect, it } from "vitest";
import { conversation, said } from "../testing/server.ts";
import { emptyLog, type Log, merge } from "./log.ts";

const log: Log = { epoch: 1, cursor: 2, messages: [said(1, "a"), said(2, "b")] };
const view = (seqs: number[], more = {}) =>
  conversation({ messages: seqs.map((s) => said(s, String(s))), ...more });

describe("joining what the server sends", () => {
  it("takes a first answer whole", () => {
    expect(merge(emptyLog, view([1, 2]), 0)).toMatchObject({ epoch: 1, cursor: 2 });
  });

  it("adds what is new, in order, each once", () => {
    const joined = merge(log, view([4, 2, 3], { last_seq: 4 }), 1) as Log;
    expect(joined.messages.map((m) => m.seq)).toEqual([1, 2, 3, 4]);
    expect(joined.cursor).toBe(4);
  });

  it("asks for everything rather than leaving a hole", () => {
    expect(merge(log, view([9]), 8)).toBe("gap");
  });

  it("asks for everything when the epoch is another and the answer is not whole", () => {
    expect(merge(log, view([3], { epoch: 2 }), 2)).toBe("gap");
    expect(merge(log, view([1, 5], { epoch: 2 }), 0)).toMatchObject({ epoch: 2, cursor: 5 });
  });

  it("ignores an answer that was overtaken", () => {
    expect(merge(log, view([1]), 0)).toBe("stale");
    expect(merge(log, view([1, 2, 3], { epoch: 0 }), 0)).toBe("stale");
  });
});
