import { expect, it } from "vitest";
import { isSendable } from "./sendable.ts";

const of = (...parts: (string | number[])[]) =>
  new Blob(parts.map((part) => (typeof part === "string" ? part : new Uint8Array(part))));

it.each([
  ["PNG", of([0x89], "PNG\r\n\x1a\n...")],
  ["JPEG", of([0xff, 0xd8, 0xff, 0xe0])],
  ["GIF", of("GIF89a")],
  ["WebP", of("RIFF", [1, 0, 0, 0], "WEBPVP8 ")],
  ["PDF", of("%PDF-1.7")],
])("%s can be sent", async (_, file) => {
  expect(await isSendable(file)).toBe(true);
});

it.each([
  ["a page", of("<!doctype html>")],
  ["SVG", of("<svg xmlns='http://www.w3.org/2000/svg'/>")],
  ["a program", of("MZ")],
  ["nothing", of()],
  ["sound", of("RIFF", [1, 0, 0, 0], "WAVEfmt ")],
  ["far too much", { size: 40 * 1024 * 1024 } as Blob],
])("%s cannot", async (_, file) => {
  expect(await isSendable(file)).toBe(false);
});
