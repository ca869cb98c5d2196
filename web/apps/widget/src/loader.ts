/**
 * The snippet's script, `v1.js`: asks the server what this page view is shown, watches for its event and
 * fetches the view when there is something to show. Draws nothing itself.
 */
import { boot } from "./loader/boot.ts";

const script = (document.currentScript ??
  document.querySelector('script[data-site][src*="/widget/v1.js"]')) as HTMLScriptElement | null;
if (script) boot(script);
