import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import classes from "./chooser.module.css";

export interface Choice {
  id: string;
  label: string;
  /** A second, quieter line. */
  note?: string;
  icon?: LucideIcon;
  group?: string;
}

interface ChooserProps {
  label: string;
  placeholder: string;
  choices: readonly Choice[];
  /** What stands instead of a list without choices. */
  none: string;
  onChoose: (id: string) => void;
  onClose: () => void;
}

/** A small list that is narrowed by typing and chosen from by key or pointer. */
export function Chooser({ label, placeholder, choices, none, onChoose, onClose }: ChooserProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const fitting = narrowed(choices, typed);
  const index = Math.min(at, Math.max(0, fitting.length - 1));
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [onClose]);
  const byKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && fitting.length > 0) setAt((index + step + fitting.length) % fitting.length);
    else if (event.key === "Enter") {
      const chosen = fitting[index];
      if (chosen) onChoose(chosen.id);
    } else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.box} ref={box}>
      <input
        ref={input}
        className={classes.input}
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={fitting[index] ? `${id}-${fitting[index].id}` : undefined}
        aria-autocomplete="list"
        placeholder={placeholder}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={byKey}
      />
      <div id={id} role="listbox" aria-label={label} className={classes.list}>
        {fitting.map((choice, nth) => (
          <Line
            key={choice.id}
            id={`${id}-${choice.id}`}
            choice={choice}
            heading={choice.group !== fitting[nth - 1]?.group ? choice.group : undefined}
            active={nth === index}
            onChoose={() => onChoose(choice.id)}
            onPoint={() => setAt(nth)}
          />
        ))}
      </div>
      {fitting.length === 0 ? <p className={classes.none}>{none}</p> : null}
    </div>
  );
}

interface LineProps {
  id: string;
  choice: Choice;
  heading: string | undefined;
  active: boolean;
  onChoose: () => void;
  onPoint: () => void;
}

function Line({ id, choice, heading, active, onChoose, onPoint }: LineProps) {
  const { icon: Icon } = choice;
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) line.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      {heading ? (
        <p className={classes.heading} role="presentation">
          {heading}
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys */}
      <div
        ref={line}
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={active}
        className={classes.line}
        data-active={active || undefined}
        onClick={onChoose}
        onPointerMove={onPoint}
      >
        {Icon ? <Icon size={16} aria-hidden="true" /> : null}
        <span className={classes.words} dir="auto">
          {choice.label}
          {choice.note ? <small>{choice.note}</small> : null}
        </span>
      </div>
    </>
  );
}

/** Those that contain every typed word; what begins with the text comes first. */
function narrowed(choices: readonly Choice[], typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return choices;
  const words = wanted.split(/\s+/);
  const fits = choices.filter((one) => {
    const text = `${one.label} ${one.note ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = (one: Choice) => (one.label.toLowerCase().startsWith(wanted) ? 0 : 1);
  return [...fits].sort((a, b) => first(a) - first(b)).map((one) => ({ ...one, group: undefined }));
}
