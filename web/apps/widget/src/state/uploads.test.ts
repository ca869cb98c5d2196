import { expect, it } from "vitest";
import type { Message } from "../protocol.ts";
import { createUploads, type Upload } from "./uploads.ts";

const file = (name = "a.png") => new File(["%PDF-1.7"], name);
const settled = () => new Promise((done) => setTimeout(done));
const setup = (answer: () => number) => {
  const tried: string[] = [];
  let sent = 0;
  let ids = 0;
  const uploads = createUploads({
    async send({ client_id }: Upload, onShare) {
      tried.push(client_id);
      onShare(0.5);
      return answer();
    },
    uuid: () => `u-${++ids}`,
    sent: () => {
      sent += 1;
    },
    changed: () => {},
  });
  return { uploads, tried, sent: () => sent };
};
const failed = (list: Upload[]) => list.map((one) => one.failed);

it("stands there until its message does", async () => {
  const { uploads, sent } = setup(() => 200);
  uploads.add([file()]);
  await settled();
  expect(sent()).toBe(1);
  expect(uploads.left([]).map((one) => one.share)).toEqual([0.5]);
  expect(uploads.left([{ client_id: "u-1" } as Message])).toEqual([]);
  expect(uploads.count()).toBe(0);
});

it("says what is not taken, and begins nothing of which that is clear", async () => {
  const { uploads, tried } = setup(() => 415);
  uploads.add([file("a.pdf"), new File(["MZ"], "a.exe")]);
  await settled();
  expect(failed(uploads.left([]))).toEqual(["refused", "refused"]);
  expect(tried).toEqual(["u-1"]);
  uploads.drop("u-1");
  expect(uploads.count()).toBe(1);
});

it("is tried again with the same id, so that it arrives once", async () => {
  const answers = [0, 200];
  const { uploads, tried, sent } = setup(() => answers.shift() ?? 0);
  uploads.add([file()]);
  await settled();
  expect(failed(uploads.left([]))).toEqual(["unsent"]);
  uploads.again("u-1");
  await settled();
  expect(tried).toEqual(["u-1", "u-1"]);
  expect(sent()).toBe(1);
});
