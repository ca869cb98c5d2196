import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Child, draw, type Vnode } from "./dom.ts";
import { jsx } from "./jsx-runtime.ts";

const place = () => document.body.appendChild(document.createElement("div"));
const drawn = (...steps: Child[]) => {
  const box = place();
  for (const step of steps) draw(box, step);
  return box;
};

describe("drawing", () => {
  it("makes elements, texts and attributes, and leaves out what is false or nothing", () => {
    const box = drawn(
      <p class="a" hidden={false} aria-invalid={true} title={undefined}>
        {"one "}
        {null}
        {false}
        {2}
      </p>,
    );
    const p = box.firstElementChild as HTMLElement;
    expect(p.textContent).toBe("one 2");
    expect(p.getAttributeNames().sort()).toEqual(["aria-invalid", "class"]);
    expect(p.getAttribute("aria-invalid")).toBe("true");
  });

  it("never makes markup of a text", () => {
    const payload = '<img src=x onerror="alert(1)">';
    const box = drawn(<p title={payload}>{payload}</p>);
    expect(box.querySelector("img")).toBeNull();
    expect(box.textContent).toBe(payload);
  });

  it("lets components say what is wanted, several in a row and none", () => {
    const Two = ({ of }: { of: string }): Child => [<b>{of}</b>, <i>{of}</i>];
    const None = () => null;
    const box = drawn(
      <div>
        <None />
        <Two of="x" />
      </div>,
    );
    expect(box.firstElementChild?.children).toHaveLength(2);
  });

  it("draws pictures in their own namespace", () => {
    const box = drawn(
      <svg viewBox="0 0 1 1" aria-hidden="true">
        <path d="M0 0" />
      </svg>,
    );
    const path = box.querySelector("path");
    expect(path?.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(box.querySelector("svg")?.getAttribute("viewBox")).toBe("0 0 1 1");
  });
});

describe("drawing again", () => {
  it("keeps the elements, changes what differs and takes away what is gone", () => {
    const box = drawn(<p class="a" title="t" />);
    const p = box.firstElementChild;
    draw(box, <p class="b">now</p>);
    expect(box.firstElementChild).toBe(p);
    expect(p?.className).toBe("b");
    expect(p?.hasAttribute("title")).toBe(false);
    expect(p?.textContent).toBe("now");
    draw(box, null);
    expect(box.childNodes).toHaveLength(0);
  });

  it("knows what comes after something optional", () => {
    const list = (first: boolean) => (
      <div>
        {first && <p>first</p>}
        <input />
      </div>
    );
    const box = drawn(list(false));
    const input = box.querySelector("input") as HTMLInputElement;
    input.value = "typed";
    input.focus();
    draw(box, list(true));
    expect(box.querySelector("input")).toBe(input);
    expect(document.activeElement).toBe(input);
    draw(box, list(false));
    expect(input.value).toBe("typed");
  });

  it("moves elements with their key", () => {
    const list = (...keys: string[]) => keys.map((key) => <li key={key}>{key}</li>);
    const box = drawn(list("a", "b", "c"));
    const [a, b, c] = [...box.children];
    draw(box, list("c", "a", "d"));
    expect([...box.children].slice(0, 2)).toEqual([c, a]);
    expect(box.textContent).toBe("cad");
    expect(b?.isConnected).toBe(false);
  });

  it("sets a value again only when another one is wanted, so that typing is never undone", () => {
    const box = drawn(<input value="given" />);
    const input = box.firstElementChild as HTMLInputElement;
    expect(input.value).toBe("given");
    input.value = "typed";
    draw(box, <input value="given" class="x" />);
    expect(input.value).toBe("typed");
    draw(box, <input value="other" />);
    expect(input.value).toBe("other");
  });

  it("chooses an option that comes with it", () => {
    const box = drawn(
      <select value="b">
        <option value="a">A</option>
        <option value="b">B</option>
      </select>,
    );
    expect((box.firstElementChild as HTMLSelectElement).value).toBe("b");
  });

  it("listens with the latest listener only", () => {
    const [before, after] = [vi.fn(), vi.fn()];
    const box = drawn(<button type="button" onclick={before} />, <button type="button" onclick={after} />);
    (box.firstElementChild as HTMLElement).click();
    expect(before).not.toHaveBeenCalled();
    expect(after).toHaveBeenCalledOnce();
    draw(box, <button type="button" />);
    (box.firstElementChild as HTMLElement).click();
    expect(after).toHaveBeenCalledOnce();
  });

  it("tells an element after each drawing, when everything is in the page", () => {
    const seen: string[] = [];
    const look = (p: HTMLElement) => seen.push(`${p.textContent} ${p.isConnected}`);
    drawn(<p drawn={look}>one</p>, <p drawn={look}>two</p>);
    expect(seen).toEqual(["one true", "two true"]);
  });
});

it("ends the same as if it had been drawn at once, whatever was there before", () => {
  const { tree } = fc.letrec<{ tree: Child; node: Child }>((tie) => ({
    tree: fc.array(tie("node"), { maxLength: 5 }) as fc.Arbitrary<Child>,
    node: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<Child>(null, false, "", "text", 7),
      fc
        .tuple(
          fc.constantFrom("p", "b", "li"),
          fc.option(fc.constantFrom("x", "y", "z"), { nil: undefined }),
          fc.dictionary(fc.constantFrom("class", "title", "lang"), fc.constantFrom("1", "2", false)),
          tie("tree"),
        )
        .map(([type, key, props, children]): Vnode => jsx(type, { ...props, children }, key)),
    ) as fc.Arbitrary<Child>,
  }));
  const unique = (child: Child): Child => {
    if (Array.isArray(child)) {
      const keys = new Set<unknown>();
      return child.map(unique).filter((one) => {
        const key = (one as Vnode | null)?.key;
        const doubled = key !== undefined && keys.has(key);
        keys.add(key);
        return !doubled;
      });
    }
    if (!child || typeof child !== "object") return child;
    return { ...child, props: { ...child.props, children: unique(child.props.children) } };
  };
  fc.assert(
    fc.property(tree, tree, tree, (a, b, c) => {
      const [first, second, third] = [a, b, c].map(unique) as [Child, Child, Child];
      expect(drawn(first, second, third).isEqualNode(drawn(third))).toBe(true);
    }),
  );
});
