import type { InfoWaiting } from "../protocol.ts";
import type { Rejected } from "../state/scene.ts";
import { echoOf, faults, given } from "../state/values.ts";
import { FieldView } from "./field.tsx";
import type { Ui } from "./ui.ts";

/** Refusals to whose first fault the visitor has been led. */
const led = new WeakSet<Rejected["input"]>();

/** A form in the conversation. What is typed stays in its fields until it is sent. */
export const InfoCard = ({
  waiting,
  talk,
  scene,
  config,
  t,
  label,
}: Ui & { waiting: InfoWaiting; label: string }) => {
  const { card_id, fields, skippable } = waiting;
  const refused = scene.rejected?.card_id === card_id ? scene.rejected : null;
  const before = refused?.input.kind === "values" ? refused.input.values : {};

  const send = (event: Event & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const values = given(fields, new FormData(event.currentTarget));
    const errors = faults(waiting, values, config.max_text);
    const input = { kind: "values" as const, values };
    if (Object.keys(errors).length) talk.refuse({ card_id, input, errors });
    else talk.answer(input, echoOf(fields, values, t.yes, t.no));
  };
  const lead = (form: HTMLElement) => {
    if (!refused || led.has(refused.input)) return;
    led.add(refused.input);
    form.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  };

  return (
    <form class="card" aria-label={label} novalidate onsubmit={send} drawn={lead}>
      {fields.map((field) => (
        <FieldView
          key={field.id}
          field={field}
          value={before[field.id] ?? field.value ?? ""}
          error={refused?.errors[field.id]}
          max={config.max_text}
          t={t}
          // The message goes as soon as the visitor mends what it named.
          mend={() => talk.mend(field.id)}
        />
      ))}
      <div class="card-actions">
        {skippable && (
          <button type="button" class="plain" onclick={() => talk.answer({ kind: "skip" }, {})}>
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
