import type { CardKind } from "@usher/api";
import { addCardAfter } from "@usher/stream";
import { LOOKS } from "../card-looks.ts";
import { useActions } from "../design.ts";
import classes from "./canvas.module.css";
import { startCardDrag } from "./drops.ts";

const GROUPS: { label: string; kinds: CardKind[] }[] = [
  {
    label: "Visitors see",
    kinds: ["message", "question", "info_capture", "document", "meeting", "live_chat", "ai_answer"],
  },
  { label: "Behind the scenes", kinds: ["goal", "action", "branch", "flow", "jump"] },
];

/** Every kind of card: a click adds one behind the selected card, dragging puts it anywhere. */
export function Palette() {
  const actions = useActions();
  const add = (kind: CardKind) =>
    actions.apply(addCardAfter(actions.board(), kind, actions.selected().at(-1) ?? null), { open: "focus" });
  return (
    <section className={classes.palette} aria-label="Cards to add">
      {GROUPS.map((group) => (
        <div key={group.label} className={classes.paletteGroup}>
          <h2>{group.label}</h2>
          {group.kinds.map((kind) => {
            const { icon: Icon, label, does } = LOOKS[kind];
            return (
              <button
                key={kind}
                type="button"
                draggable
                className={classes.paletteItem}
                title={`${does}. Click, or drag it onto the canvas or onto a connection`}
                aria-label={`Add: ${label}`}
                onClick={() => add(kind)}
                onDragStart={(event) => startCardDrag(event, kind)}
              >
                <Icon size={16} aria-hidden="true" />
                <span>{label}</span>
              </button>
            );
          })}
        </div>
      ))}
    </section>
  );
}
