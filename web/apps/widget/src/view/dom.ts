/**
 * Draws a description of elements into a place of the page and, drawn again, changes only what differs. Small on
 * purpose: it is a part of every guest's page. Components are plain functions of their properties; what has to be
 * remembered is kept in the state modules.
 */

export type Component<P = never> = (props: P) => Child;
/** One wanted element, or a component that says what is wanted. */
export type Vnode = {
  type: string | Component;
  props: Props;
  /** Tells siblings apart when their number or order changes. */
  key: string | number | undefined;
};
/** `false`, `true` and nothing draw nothing, so that conditions can be written in place. */
export type Child = Vnode | string | number | boolean | null | undefined | Child[];
export type Props = {
  children?: Child;
  /** Called after every drawing that the element is part of, when all of it is in the page. */
  drawn?: ((element: never) => void) | undefined;
  [name: string]: unknown;
};

/** What stands in the page for a wanted element or text. */
type Drawn = { id: string; node: Element | Text; props: Props; inner: Drawn[] };

const SVG = "http://www.w3.org/2000/svg";
const places = new WeakMap<Element, Drawn[]>();
let afterwards: (() => void)[] = [];

/** Makes `place` hold exactly `wanted`. */
export const draw = (place: Element, wanted: Child): void => {
  places.set(place, fill(place, places.get(place) ?? [], wanted));
  const run = afterwards;
  afterwards = [];
  for (const each of run) each();
};

/** Brings the children of `parent` from what was drawn before to what is wanted. */
const fill = (parent: Element, before: Drawn[], wanted: Child): Drawn[] => {
  const held = new Map(before.map((drawn) => [drawn.id, drawn]));
  const now: Drawn[] = [];
  const add = (child: Child, path: string): void => {
    if (Array.isArray(child)) {
      child.forEach((one, at) => {
        const key = (one as Vnode | null)?.key;
        add(one, `${path}.${key === undefined ? at : `:${key}`}`);
      });
    } else if (typeof child === "string" || typeof child === "number") {
      now.push(drawText(held.get(`${path} #`), `${path} #`, `${child}`));
    } else if (!child || child === true) return;
    else if (typeof child.type === "function") add(child.type(child.props as never), path);
    else {
      const id = `${path} ${child.type}`;
      now.push(drawElement(parent, held.get(id), id, child as Vnode & { type: string }));
    }
  };
  add(wanted, "");
  for (const drawn of now) held.delete(drawn.id);
  for (const gone of held.values()) gone.node.remove();
  let next = parent.firstChild;
  for (const { node } of now) {
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
  }
  return now;
};

const drawText = (was: Drawn | undefined, id: string, text: string): Drawn => {
  const node = (was?.node as Text) ?? document.createTextNode(text);
  if (node.data !== text) node.data = text;
  return { id, node, props: {}, inner: [] };
};

const drawElement = (
  parent: Element,
  was: Drawn | undefined,
  id: string,
  { type, props }: Vnode & { type: string },
): Drawn => {
  const space = type === "svg" ? SVG : parent.namespaceURI;
  const node = (was?.node as Element) ?? document.createElementNS(space, type);
  // Options before the value that chooses among them.
  const inner = fill(node, was?.inner ?? [], props.children);
  const old = was?.props ?? {};
  for (const name in { ...old, ...props }) {
    if (old[name] !== props[name]) set(node, name, props[name]);
  }
  const { drawn } = props;
  if (drawn) afterwards.push(() => drawn(node as never));
  return { id, node, props, inner };
};

const set = (node: Element, name: string, value: unknown): void => {
  if (name === "children" || name === "drawn") return;
  if (/^(on|value$|checked$)/.test(name)) {
    Object.assign(node, { [name.toLowerCase()]: value ?? null });
  } else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, `${value}`);
};
