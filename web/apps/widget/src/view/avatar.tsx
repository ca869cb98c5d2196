import type { WidgetConfig } from "../protocol.ts";

/** The bot's picture over the first letter of its name, which stays when the picture cannot be had. */
export const Avatar = ({ config }: { config: WidgetConfig }) => (
  <span class="avatar" aria-hidden="true">
    {([...config.bot_name.trim()][0] ?? "·").toUpperCase()}
    {config.avatar_url && (
      <img
        src={config.avatar_url}
        alt=""
        onerror={(event) => {
          (event as Event & { currentTarget: HTMLElement }).currentTarget.hidden = true;
        }}
      />
    )}
  </span>
);
