import { UnstyledButton } from "@mantine/core";
import type { AttributeDef, PersonDetail, Value } from "@usher/api";
import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { valueText } from "#lib/ui/format.ts";
import { OwnText } from "#lib/ui/Shown.tsx";
import { ValueInput } from "#lib/ui/ValueInput.tsx";
import { attributeValue } from "./attribute-value.ts";
import { OriginNote } from "./OriginNote.tsx";
import classes from "./record.module.css";
import { useEditPerson } from "./use-edit-person.tsx";

interface AttributeRowProps {
  attribute: AttributeDef;
  person: PersonDetail;
}

/** Label, value, origin. Click the value to edit; Enter or leaving keeps, Escape drops. */
export function AttributeRow({ attribute, person }: AttributeRowProps) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const edit = useEditPerson(person.id);
  const may = useMay("people.edit") && attribute.editable;
  const value = attributeValue(person, attribute.name);
  const origin = person.origins[attribute.name];

  const finish = (next: Value | undefined) => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
    if (next !== undefined && next !== value) edit.mutate({ attribute, value: next });
  };
  const shown = <OwnText>{valueText(value, attribute.type)}</OwnText>;
  return (
    <div className={classes.attribute}>
      <span className={classes.label}>{attribute.label}</span>
      <div>
        {editing ? (
          <Editor attribute={attribute} value={value} onDone={finish} />
        ) : may ? (
          <UnstyledButton
            ref={button}
            className={classes.value}
            onClick={() => setEditing(true)}
            aria-label={`Edit ${attribute.label}: ${valueText(value, attribute.type)}`}
          >
            {shown}
          </UnstyledButton>
        ) : (
          <span className={classes.value}>{shown}</span>
        )}
        {origin && !editing ? <OriginNote origin={origin} /> : null}
      </div>
    </div>
  );
}

interface EditorProps {
  attribute: AttributeDef;
  value: Value;
  /** The new value, or undefined to leave everything as it was. */
  onDone: (value: Value | undefined) => void;
}

function Editor({ attribute, value, onDone }: EditorProps) {
  const [draft, setDraft] = useState(value);
  const done = useRef(false);
  const finish = (next: Value | undefined) => {
    if (done.current) return;
    done.current = true;
    onDone(next);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") finish(undefined);
    if (event.key === "Enter") finish(draft);
  };
  const left = (event: FocusEvent<HTMLFieldSetElement>) => {
    const to = event.relatedTarget;
    // A calendar or a list of choices opens elsewhere in the page: still editing.
    const inside =
      to instanceof Element && (event.currentTarget.contains(to) || to.closest("[data-portal]") !== null);
    if (!inside && to !== null) finish(draft);
  };
  const picks = attribute.type === "boolean" || attribute.type === "date";
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }} onKeyDown={key} onBlur={left}>
      <ValueInput
        attribute={attribute}
        value={draft}
        onChange={(next) => (picks ? finish(next) : setDraft(next))}
        bare
        autoFocus
      />
    </fieldset>
  );
}
