import type { SiteStyle } from "@usher/api";
import { ownPath } from "./picture.ts";
import classes from "./preview.module.css";

/** The bot's picture, or the first letter of its name. */
export function PreviewAvatar({ style }: { style: SiteStyle }) {
  return (
    <span className={classes.avatar} aria-hidden="true">
      {style.avatar_url ? (
        <img src={ownPath(style.avatar_url)} alt="" />
      ) : (
        Array.from(style.bot_name.trim())[0]?.toUpperCase()
      )}
    </span>
  );
}
