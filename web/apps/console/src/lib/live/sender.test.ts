import { ApiProblem } from "@usher/api";
import { expect, it, vi } from "vitest";
import { Sender } from "./sender.ts";

const problem = (status: number) => new ApiProblem(status, "No", "No.");
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const setup = (post: (message: { client_id: string; text: string }) => Promise<unknown>) => {
  const posted = vi.fn(post);
  const sender = new Sender({
    post: posted,
    changed: () => undefined,
    wait: async () => undefined,
    sentence: () => "It has ended.",
  });
  return { sender, posted };
};

it("shows at once, sends in order, and forgets what has arrived", async () => {
  const { sender, posted } = setup(async () => undefined);
  sender.say("text", "one");
  sender.say("note", "two");
  expect(sender.unsent().map((one) => one.text)).toEqual(["one", "two"]);
  await settled();
  expect(posted.mock.calls.map(([one]) => one.text)).toEqual(["one", "two"]);
  sender.arrived(new Set(sender.unsent().map((one) => one.client_id)));
  expect(sender.unsent()).toEqual([]);
});

it("tries again with the same id as long as nobody has answered", async () => {
  let attempts = 0;
  const { sender, posted } = setup(async () => {
    attempts += 1;
    if (attempts < 3) throw problem(503);
  });
  sender.say("text", "one");
  await settled();
  const ids = posted.mock.calls.map(([one]) => one.client_id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
});

it("keeps what is refused, with the reason, until one tries again or drops it", async () => {
  let refuse = true;
  const { sender, posted } = setup(async () => {
    if (refuse) throw problem(409);
  });
  sender.say("text", "one");
  sender.say("text", "two");
  await settled();
  expect(sender.unsent().map((one) => one.refused)).toEqual(["It has ended.", "It has ended."]);
  refuse = false;
  const [first, second] = sender.unsent();
  sender.again(first?.client_id ?? "");
  await settled();
  expect(posted).toHaveBeenCalledTimes(3);
  expect(sender.unsent()[0]?.refused).toBeUndefined();
  sender.discard(second?.client_id ?? "");
  expect(sender.unsent().map((one) => one.text)).toEqual(["one"]);
});

it("sends a file in its turn, tells how far it is, and begins nothing that cannot be sent", async () => {
  const shares: (number | undefined)[] = [];
  const posted: string[] = [];
  const sender: Sender = new Sender({
    post: async ({ kind, text, file }, onSent) => {
      posted.push(`${kind} ${text} ${file?.size}`);
      if (file) onSent(0.5);
    },
    changed: () => shares.push(sender?.unsent().find((one) => one.file)?.share),
    sentence: () => "No.",
  });
  sender.say("text", "Here it is");
  sender.attach(new File(["%PDF-1.7"], "a.pdf"));
  sender.attach(new File(["MZ"], "tool.exe"));
  await vi.waitFor(() => expect(sender.unsent().at(-1)?.refused).toBeDefined());
  expect(posted).toEqual(["text Here it is undefined", "file a.pdf 8"]);
  expect(shares).toContain(0.5);
  expect(sender.unsent().map((one) => one.refused)).toEqual([
    undefined,
    undefined,
    "Only pictures (PNG, JPEG, GIF, WebP) and PDF files of up to 10 MB can be sent.",
  ]);
});
