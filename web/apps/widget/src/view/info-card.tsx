import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { InfoWaiting } from "../protocol.ts";
import { cleaned, echoOf, faults, type Values } from "../state/values.ts";
import { FieldView } from "./field.tsx";
import type { Ui } from "./ui.ts";

/** A form in the conversation. */
export const InfoCard = ({
  waiting,
  chat,
  scene,
  config,
  t,
  label,
}: Ui & { waiting: InfoWaiting; label: string }) => {
  const refused = scene.rejected?.card_id === waiting.card_id ? scene.rejected : null;
  const [values, setValues] = useState<Values>(() => ({
    ...Object.fromEntries(waiting.fields.map((f) => [f.id, f.type === "consent" ? false : (f.value ?? "")])),
    ...(refused?.input.kind === "values" ? refused.input.values : {}),
  }));
  const [errors, setErrors] = useState<Record<string, string>>(refused?.errors ?? {});
  const form = useRef<HTMLFormElement>(null);
  /** The faults are new: lead the visitor to the first. */
  const lead = useRef(!!refused);

  useLayoutEffect(() => {
    if (lead.current) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    lead.current = false;
  });

  const send = (event: Event) => {
    event.preventDefault();
    const found = faults(waiting, values, config.max_text);
    if (Object.keys(found).length) {
      lead.current = true;
      setErrors(found);
      return;
    }
    const sent = cleaned(waiting, values);
    chat.answer({ kind: "values", values: sent }, echoOf(waiting.fields, sent, t.yes, t.no));
  };

  return (
    <form class="card" ref={form} aria-label={label} noValidate onSubmit={send}>
      {waiting.fields.map((field) => (
        <FieldView
          key={field.id}
          field={field}
          value={values[field.id] ?? ""}
          error={errors[field.id]}
          max={config.max_text}
          t={t}
          change={(value) => {
            setValues((v) => ({ ...v, [field.id]: value }));
            // The message goes as soon as the visitor mends what it named.
            setErrors(({ [field.id]: _, ...rest }) => rest);
          }}
        />
      ))}
      <div class="card-actions">
        {waiting.skippable && (
          <button type="button" class="plain" onClick={() => chat.answer({ kind: "skip" }, {})}>
            {t.skip}
          </button>
        )}
        <button type="submit" class="primary">
          {t.send}
        </button>
      </div>
    </form>
  );
};
