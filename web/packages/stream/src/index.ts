export * from "./cards.ts";
export * from "./difference.ts";
export * from "./edits.ts";
export * from "./facts.ts";
export * from "./history.ts";
export * from "./links.ts";
export * from "./marks.ts";
