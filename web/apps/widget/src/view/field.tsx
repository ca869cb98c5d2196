import type { ComponentChildren } from "preact";
import { fill, type Texts } from "../languages/en.ts";
import type { Field, FieldType } from "../protocol.ts";

type Props = {
  field: Field;
  value: string | boolean;
  error: string | undefined;
  max: number;
  t: Texts;
  change(value: string | boolean): void;
};

/** Which keyboard and which of the browser's own memory suit a field. */
const HINTS: Partial<Record<FieldType, { type?: string; inputMode?: string; autocomplete?: string }>> = {
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel" },
  number: { inputMode: "decimal" },
  date: { type: "date" },
  url: { type: "url", autocomplete: "url" },
};

/** One field with its label above and, when something is wrong, what and how to mend it below. */
export const FieldView = ({ field, value, error, max, t, change }: Props) => {
  const id = `usher-${field.id}`;
  const same = {
    id,
    "aria-invalid": !!error,
    "aria-describedby": error ? `${id}-error` : undefined,
  };
  const typed = {
    ...same,
    dir: "auto" as const,
    value: value as string,
    placeholder: field.placeholder ?? undefined,
    onInput: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  };
  const message = error && (
    <p class="error" id={`${id}-error`}>
      {field.validation_message || describe(error, t, max, String(value).length)}
    </p>
  );
  if (field.type === "consent") {
    return (
      <div class="field">
        <label class="consent" for={id}>
          <input
            {...same}
            type="checkbox"
            checked={value === true}
            onChange={(event) => change(event.currentTarget.checked)}
          />
          <span dir="auto">{field.label}</span>
        </label>
        {message}
      </div>
    );
  }
  let control: ComponentChildren;
  if (field.type === "long_text") control = <textarea rows={3} {...typed} />;
  else if (field.type === "picklist") {
    control = (
      <select {...typed}>
        <option value="">{field.placeholder || t.choose}</option>
        {field.options?.map((option) => (
          <option value={option}>{option}</option>
        ))}
      </select>
    );
  } else control = <input type="text" {...HINTS[field.type]} {...typed} />;
  return (
    <div class="field">
      <label for={id} dir="auto">
        {field.label}
      </label>
      {control}
      {message}
    </div>
  );
};

/** What a fault's code means, in the visitor's language; an unknown one is told in general. */
const describe = (code: string, t: Texts, max: number, count: number) =>
  fill(t[code as keyof Texts] ?? t.failed, { max, count });
