import classes from "./canned-list.module.css";
import type { Canned } from "./use-canned.ts";

/** The canned responses that fit what was typed behind the slash. The field keeps the focus; arrows and Enter choose. */
export function CannedList({ canned }: { canned: Canned }) {
  if (canned.found.length === 0) return null;
  return (
    <div id={canned.id} role="listbox" aria-label="Canned responses" className={classes.list}>
      {canned.found.map((one, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys of the list
        <div
          key={one.id}
          id={`${canned.id}-${place}`}
          role="option"
          aria-selected={place === canned.at}
          tabIndex={-1}
          className={classes.option}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => canned.take(one)}
        >
          <span className={classes.shortcut}>/{one.shortcut}</span>
          <span className={classes.text} dir="auto">
            {one.text}
          </span>
        </div>
      ))}
    </div>
  );
}
