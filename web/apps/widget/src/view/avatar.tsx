import { useState } from "preact/hooks";
import type { WidgetConfig } from "../protocol.ts";

/** The bot's picture, or the first letter of its name. */
export const Avatar = ({ config }: { config: WidgetConfig }) => {
  const [broken, setBroken] = useState(false);
  return (
    <span class="avatar" aria-hidden="true">
      {config.avatar_url && !broken ? (
        <img src={config.avatar_url} alt="" onError={() => setBroken(true)} />
      ) : (
        ([...config.bot_name.trim()][0] ?? "·").toUpperCase()
      )}
    </span>
  );
};
