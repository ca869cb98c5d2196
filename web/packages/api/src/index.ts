export * from "./client.ts";
export * from "./dialogues.ts";
export * from "./insight.ts";
export * from "./problem.ts";
export * from "./responses.ts";
export * from "./routing.ts";
export * from "./sites.ts";
export * from "./types.ts";
