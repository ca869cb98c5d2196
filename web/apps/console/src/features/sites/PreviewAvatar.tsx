import type { SiteStyle } from "@usher/api";
import classes from "./preview.module.css";

/** The bot's picture, or the first letter of its name. */
export function PreviewAvatar({ style }: { style: SiteStyle }) {
  return (
    <span className={classes.avatar} aria-hidden="true">
      {style.avatar_url ? (
        <img src={style.avatar_url} alt="" />
      ) : (
        Array.from(style.bot_name.trim())[0]?.toUpperCase()
      )}
    </span>
  );
}
