import { SegmentedControl } from "@mantine/core";
import type { SiteStyle } from "@usher/api";
import { type CSSProperties, useState } from "react";
import { PreviewAvatar } from "./PreviewAvatar.tsx";
import { PreviewPanel } from "./PreviewPanel.tsx";
import { palette } from "./palette.ts";
import classes from "./preview.module.css";

type Shown = "poke" | "panel";

/** A small page with the widget on it, drawn from what is being edited. */
export function WidgetPreview({ style }: { style: SiteStyle }) {
  const [shown, setShown] = useState<Shown>("panel");
  const [device, setDevice] = useState<"light" | "dark">("light");
  const colors = palette(style, device === "dark");
  const tokens = Object.fromEntries(Object.entries(colors).map(([name, value]) => [`--w-${name}`, value]));
  const look = {
    ...tokens,
    "--w-font": style.font ?? "system-ui, sans-serif",
    "--w-x": `${Math.min(style.padding.x, 80)}px`,
    "--w-y": `${Math.min(style.padding.y, 80)}px`,
  } as CSSProperties;
  return (
    <section className={classes.preview} aria-label="Preview">
      <div className={classes.controls}>
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          data={[
            { value: "poke", label: "Closed" },
            { value: "panel", label: "Open" },
          ]}
          value={shown}
          onChange={(value) => setShown(value as Shown)}
        />
        <SegmentedControl
          size="xs"
          aria-label="The visitor's device"
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
          value={device}
          onChange={(value) => setDevice(value as typeof device)}
        />
      </div>
      <div className={classes.page} data-device={device} data-side={style.position} style={look}>
        <div className={classes.bar} />
        <div className={classes.lines} aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
        {shown === "panel" ? <PreviewPanel style={style} /> : style.poke ? <Poke style={style} /> : null}
        <button
          type="button"
          className={classes.anchor}
          aria-label={shown === "panel" ? "Close the preview's panel" : "Open the preview's panel"}
          onClick={() => setShown(shown === "panel" ? "poke" : "panel")}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            {shown === "panel" ? (
              <path d="m6 9 6 6 6-6" />
            ) : (
              <path d="M12 4c-4.7 0-8.5 3-8.5 6.9 0 2.2 1.2 4.1 3.1 5.4L6 20l4-2.3c.6.1 1.3.2 2 .2 4.7 0 8.5-3.1 8.5-7S16.7 4 12 4Z" />
            )}
          </svg>
        </button>
      </div>
    </section>
  );
}

function Poke({ style }: { style: SiteStyle }) {
  return (
    <div className={classes.poke}>
      <PreviewAvatar style={style} />
      <span>
        <span className={classes.pokeName} dir="auto">
          {style.bot_name}
        </span>
        Hello! Can I help you find something?
      </span>
    </div>
  );
}
