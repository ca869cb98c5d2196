import { expect, test } from "vitest";
import { MOST_BYTES, nextUp, refused, stepped } from "./uploads.ts";

const file = (name: string, type = "application/pdf") => new File(["%PDF-"], name, { type });
const added = (...names: string[]) =>
  stepped([], { kind: "added", uploads: names.map((name) => ({ key: name, file: file(name) })) });

test("files go one after the other, and one that fails does not hold up the next", () => {
  let uploads = added("a.pdf", "b.pdf");
  expect(nextUp(uploads)?.key).toBe("a.pdf");
  uploads = stepped(uploads, { kind: "sent", key: "a.pdf", share: 0.5 });
  expect(nextUp(uploads)).toBeUndefined();
  uploads = stepped(uploads, { kind: "sent", key: "a.pdf", share: 1 });
  expect(uploads[0]?.state).toBe("reading");
  expect(nextUp(uploads)).toBeUndefined();
  uploads = stepped(uploads, {
    kind: "failed",
    key: "a.pdf",
    problem: "The server does not answer.",
    mayTryAgain: true,
  });
  expect(nextUp(uploads)?.key).toBe("b.pdf");
  uploads = stepped(uploads, { kind: "done", key: "b.pdf", document: "d1" });
  expect(nextUp(uploads)).toBeUndefined();
  uploads = stepped(uploads, { kind: "again", key: "a.pdf" });
  expect(nextUp(uploads)).toMatchObject({ key: "a.pdf", sent: 0, problem: undefined });
});

test("what is finished can be cleared, what is on its way stays", () => {
  let uploads = added("a.pdf", "b.pdf", "c.pdf");
  uploads = stepped(uploads, { kind: "done", key: "a.pdf", document: "d1" });
  uploads = stepped(uploads, { kind: "sent", key: "b.pdf", share: 0.1 });
  expect(stepped(uploads, { kind: "cleared" }).map((one) => one.key)).toEqual(["b.pdf", "c.pdf"]);
  expect(stepped(uploads, { kind: "removed", key: "b.pdf" }).map((one) => one.key)).toEqual([
    "a.pdf",
    "c.pdf",
  ]);
});

test.each([
  [{ name: "Price list.PDF", size: 10, type: "" }, null],
  [{ name: "scan", size: 10, type: "application/pdf" }, null],
  [{ name: "letter.docx", size: 10, type: "application/msword" }, "Only PDF files can be documents."],
  [{ name: "a.pdf", size: 0, type: "application/pdf" }, "The file is empty."],
])("%j is sent, or not: %s", (one, problem) => {
  expect(refused(one)).toBe(problem);
});

test("a file that is too large is refused before it is sent", () => {
  const [one] = stepped([], {
    kind: "added",
    uploads: [{ key: "a", file: Object.defineProperty(file("a.pdf"), "size", { value: MOST_BYTES + 1 }) }],
  });
  expect(one?.state).toBe("failed");
  expect(one?.problem).toContain("at most");
});
