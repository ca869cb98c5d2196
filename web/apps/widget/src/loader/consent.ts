import type { ConsentMode } from "../protocol.ts";

const MODES: ConsentMode[] = ["open", "interaction", "required"];

/** The mode when it is one, otherwise nothing: what stands on the script tag may be anything. */
export const modeOf = (stated: string | undefined): ConsentMode | undefined =>
  MODES.find((mode) => mode === stated);

/** The strictest of the modes, where nothing is said the default. */
export const strictest = (...modes: (ConsentMode | false | undefined)[]): ConsentMode =>
  MODES.findLast((mode) => modes.includes(mode)) ?? "interaction";
