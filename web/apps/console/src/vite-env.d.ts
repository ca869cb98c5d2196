/// <reference types="vite/client" />

declare module "virtual:theme.css";

/** Icons one by one: the barrel of the icon package makes builds slow. */
declare module "lucide-react/dist/esm/icons/*.mjs" {
  import type { LucideIcon } from "lucide-react";

  const icon: LucideIcon;
  export default icon;
}
