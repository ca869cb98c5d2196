import { ApiProblem } from "@usher/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AGAIN_MS, DraftSaver, QUIET_MS } from "./draft-saver.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that remembers what it was sent, and can be told to refuse. */
function server() {
  const sent: [string, number][] = [];
  let refusal: Error | null = null;
  const send = async (content: string, version: number) => {
    if (refusal) throw refusal;
    sent.push([content, version]);
    return version + 1;
  };
  const refuse = (error: Error | null) => {
    refusal = error;
  };
  return { sent, send, refuse };
}

describe("draft saver", () => {
  it("saves once after a burst of changes, and builds on the version before", async () => {
    const { sent, send } = server();
    const saver = new DraftSaver<string>(4, send);
    for (const text of ["a", "ab", "abc"]) saver.changed(text);
    expect(saver.state().kind).toBe("waiting");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    saver.changed("abcd");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(sent).toEqual([
      ["abc", 4],
      ["abcd", 5],
    ]);
    expect(saver.state().kind).toBe("saved");
  });

  it("sends what changed during a save after it, never beside it", async () => {
    const answers: ((version: number) => void)[] = [];
    const sent: string[] = [];
    const saver = new DraftSaver<string>(1, (content) => {
      sent.push(content);
      return new Promise((resolve) => answers.push(resolve));
    });
    saver.changed("first");
    const done = saver.flush();
    saver.changed("second");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(sent).toEqual(["first"]);
    answers[0]?.(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["first", "second"]);
    answers[1]?.(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(await done).toBe(true);
  });

  it("tries again by itself when no server answered", async () => {
    const { sent, send, refuse } = server();
    const saver = new DraftSaver<string>(1, send);
    refuse(new ApiProblem(0, "The server does not answer.", null));
    saver.changed("kept");
    expect(await saver.flush()).toBe(false);
    expect(saver.state().kind).toBe("failed");
    refuse(null);
    await vi.advanceTimersByTimeAsync(AGAIN_MS);
    expect(sent).toEqual([["kept", 1]]);
    expect(saver.dirty).toBe(false);
  });

  it("stops at a conflict until the author has chosen", async () => {
    const { sent, send, refuse } = server();
    const saver = new DraftSaver<string>(1, send);
    refuse(new ApiProblem(412, "Changed", null));
    saver.changed("mine");
    await saver.flush();
    expect(saver.state().kind).toBe("conflict");
    refuse(null);
    saver.changed("mine, longer");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);

    saver.rebase(7, true);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([["mine, longer", 7]]);
    expect(saver.version).toBe(8);
  });

  it("forgets what was pending when theirs is taken", async () => {
    const { sent, send, refuse } = server();
    const saver = new DraftSaver<string>(1, send);
    refuse(new ApiProblem(412, "Changed", null));
    saver.changed("mine");
    await saver.flush();
    refuse(null);
    saver.rebase(7, false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
    expect(saver.state().kind).toBe("saved");
  });
});
