import { PATHS } from "./icon-paths.ts";

export const Icon = ({ of }: { of: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[of]} />
  </svg>
);
