import { ActionIcon, Group } from "@mantine/core";
import { arrange } from "@usher/stream";
import { useReactFlow, useStore } from "@xyflow/react";
import type { LucideIcon } from "lucide-react";
import { useRef } from "react";
import { MapIcon, MaximizeIcon, MinusIcon, NetworkIcon, PlusIcon, SearchIcon } from "#lib/ui/icons.ts";
import { keyText } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { useActions } from "../design.ts";
import { motion } from "../use-design.ts";
import classes from "./canvas.module.css";
import { FIT } from "./views.ts";

interface CanvasToolsProps {
  map: boolean;
  onMap: (shown: boolean) => void;
}

/** Looking at the canvas, and arranging it. */
export function CanvasTools({ map, onMap }: CanvasToolsProps) {
  const actions = useActions();
  const flow = useReactFlow();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const fitting = useRef(0);
  const arrangeAll = () => {
    const board = actions.board();
    actions.edit({ ...board, layout: arrange(board.stream) });
    cancelAnimationFrame(fitting.current);
    fitting.current = requestAnimationFrame(() => void flow.fitView({ ...FIT, duration: motion(200) }));
  };
  useShortcut("a", "Arrange all cards", arrangeAll, { group: "Canvas", active: !actions.readOnly });
  return (
    <Group className={classes.tools} gap={2} wrap="nowrap" role="toolbar" aria-label="View of the canvas">
      <Tool
        label="Zoom out"
        keys="-"
        icon={MinusIcon}
        run={() => void flow.zoomOut({ duration: motion(120) })}
      />
      <button
        type="button"
        className={classes.zoom}
        title="Back to 100 %"
        aria-label={`Zoom ${zoom} %, back to 100 %`}
        onClick={() => void flow.zoomTo(1, { duration: motion(120) })}
      >
        {zoom} %
      </button>
      <Tool
        label="Zoom in"
        keys="+"
        icon={PlusIcon}
        run={() => void flow.zoomIn({ duration: motion(120) })}
      />
      <Tool
        label="Show all cards"
        keys="0"
        icon={MaximizeIcon}
        run={() => void flow.fitView({ ...FIT, duration: motion(160) })}
      />
      {actions.readOnly ? null : (
        <Tool label="Arrange all cards" keys="a" icon={NetworkIcon} run={arrangeAll} />
      )}
      <Tool label="Find cards" keys="mod+f" icon={SearchIcon} run={() => actions.ask({ what: "search" })} />
      <Tool label="Map" icon={MapIcon} pressed={map} run={() => onMap(!map)} />
    </Group>
  );
}

interface ToolProps {
  label: string;
  keys?: string;
  icon: LucideIcon;
  pressed?: boolean;
  run: () => void;
}

function Tool({ label, keys, icon: Icon, pressed, run }: ToolProps) {
  return (
    <ActionIcon
      variant={pressed ? "light" : "subtle"}
      color={pressed ? undefined : "gray"}
      size={32}
      aria-label={label}
      aria-pressed={pressed}
      title={keys === undefined ? label : `${label} (${keyText(keys)})`}
      onClick={run}
    >
      <Icon size={16} />
    </ActionIcon>
  );
}
