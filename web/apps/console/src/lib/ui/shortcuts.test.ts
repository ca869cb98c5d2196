import { afterEach, describe, expect, it, vi } from "vitest";
import { isTyping, match, pressed, type Shortcut, shortcuts } from "./shortcuts.ts";

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const shortcut = (keys: string, run = () => undefined): Shortcut => ({ keys, label: keys, group: "x", run });

describe("pressed", () => {
  it("reads ⌘ and Ctrl as the same modifier", () => {
    expect(pressed(press("k", { metaKey: true }))).toBe("mod+k");
    expect(pressed(press("K", { ctrlKey: true }))).toBe("mod+k");
  });
  it("takes the printed sign, not shift and a digit", () => {
    expect(pressed(press("?", { shiftKey: true }))).toBe("?");
    expect(pressed(press("Enter", { shiftKey: true }))).toBe("shift+enter");
  });
  it("waits for the key after a bare modifier", () => {
    expect(pressed(press("Shift", { shiftKey: true }))).toBeNull();
  });
});

describe("match", () => {
  const all = [shortcut("g p"), shortcut("g c"), shortcut("p"), shortcut("?")];
  it("waits after the first key of a sequence", () => {
    expect(match(all, "", "g")).toEqual({ run: null, pending: "g" });
  });
  it("runs a sequence rather than its last key", () => {
    expect(match(all, "g", "p").run?.keys).toBe("g p");
  });
  it("forgets a broken sequence and takes the key on its own", () => {
    expect(match(all, "g", "?").run?.keys).toBe("?");
    expect(match(all, "g", "z")).toEqual({ run: null, pending: "" });
  });
  it("lets the latest registration win", () => {
    const later = shortcut("p");
    expect(match([...all, later], "", "p").run).toBe(later);
  });
});

describe("the registry", () => {
  afterEach(() => document.body.replaceChildren());

  it("leaves keys alone while somebody types, except those made for it", () => {
    const jump = vi.fn();
    const save = vi.fn();
    const off = [
      shortcuts.add({ keys: "j", label: "Next", group: "x", run: jump }),
      shortcuts.add({ keys: "mod+s", label: "Save", group: "x", run: save, whileTyping: true }),
    ];
    const field = document.createElement("input");
    document.body.append(field);
    field.addEventListener("keydown", shortcuts.handle);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "s", ctrlKey: true, bubbles: true }));
    expect(jump).not.toHaveBeenCalled();
    expect(save).toHaveBeenCalledOnce();
    for (const remove of off) remove();
    expect(shortcuts.list()).toEqual([]);
  });

  it("keeps keys of a canvas to the canvas", () => {
    const next = vi.fn();
    const off = shortcuts.add({
      keys: "arrowright",
      label: "Next",
      group: "x",
      within: "#canvas",
      run: next,
    });
    const canvas: HTMLElement = document.createElement("div");
    const other: HTMLElement = document.createElement("button");
    canvas.id = "canvas";
    document.body.append(canvas, other);
    for (const element of [canvas, other]) {
      element.addEventListener("keydown", shortcuts.handle);
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    }
    expect(next).toHaveBeenCalledOnce();
    off();
  });

  it("does not take a checkbox for a text field", () => {
    const box = document.createElement("input");
    box.type = "checkbox";
    expect(isTyping(box)).toBe(false);
    expect(isTyping(document.createElement("textarea"))).toBe(true);
  });
});
