/** What JSX means in the widget: descriptions for `draw`. The compiler imports this by itself. */
import type { Child, Component, Props, Vnode } from "./dom.ts";

export const jsx = (type: Vnode["type"], props: Props, key?: string | number): Vnode => ({
  type,
  props,
  key,
});
export { jsx as jsxs };
export const Fragment = ({ children }: { children?: Child }): Child => children;

type Handlers<E> = {
  [K in keyof GlobalEventHandlersEventMap as `on${K}`]?: (
    event: GlobalEventHandlersEventMap[K] & { currentTarget: E },
  ) => void;
};
/** Attributes are written as in HTML; events as `onclick`. `false` and nothing leave an attribute out. */
type Attributes<E> = Handlers<E> & {
  key?: string | number;
  children?: Child;
  drawn?: (element: E) => void;
} & { [name: string]: unknown };

export namespace JSX {
  export type Element = Child;
  export type ElementType = string | Component;
  export interface ElementChildrenAttribute {
    children: unknown;
  }
  export interface IntrinsicAttributes {
    key?: string | number;
  }
  export type IntrinsicElements = {
    [K in keyof HTMLElementTagNameMap]: Attributes<HTMLElementTagNameMap[K]>;
  } & { [K in "svg" | "path"]: Attributes<SVGElementTagNameMap[K]> };
}
