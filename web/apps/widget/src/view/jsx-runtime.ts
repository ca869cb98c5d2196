import { type ComponentType, createElement, Fragment } from "preact";

/** The build's JSX runtime: Preact's own brings code for server rendering along, which no browser needs. */
export const jsx = (type: ComponentType | string, props: object, key?: string | number) =>
  createElement(type as string, key === undefined ? props : { ...props, key });

export { Fragment, jsx as jsxs };
