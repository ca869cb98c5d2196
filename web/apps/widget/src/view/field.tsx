import type { Texts } from "../languages/en.ts";
import { fill } from "../languages/fill.ts";
import type { Field, FieldType } from "../protocol.ts";

type Props = {
  field: Field;
  /** What stands in it at first. */
  value: string | boolean;
  error: string | undefined;
  max: number;
  t: Texts;
  /** The visitor changes it. */
  mend(): void;
};

/** Which keyboard and which of the browser's own memory suit a field. */
const HINTS: Partial<Record<FieldType, { type?: string; inputmode?: string; autocomplete?: string }>> = {
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel" },
  number: { inputmode: "decimal" },
  date: { type: "date" },
  url: { type: "url", autocomplete: "url" },
};

/** One field with its label above and, when something is wrong, what and how to mend it below. */
export const FieldView = ({ field, value, error, max, t, mend }: Props) => {
  const { type, label } = field;
  const id = `usher-${field.id}`;
  const same = {
    id,
    name: field.id,
    oninput: mend,
    "aria-invalid": !!error,
    "aria-describedby": error && `${id}-error`,
  };
  const typed = { ...same, dir: "auto", value, placeholder: field.placeholder };
  return (
    <div class="field">
      {type === "consent" ? (
        <label class="consent" for={id}>
          <input {...same} type="checkbox" checked={value === true} />
          <span dir="auto">{label}</span>
        </label>
      ) : (
        [
          <label for={id} dir="auto">
            {label}
          </label>,
          type === "long_text" ? (
            <textarea rows="3" {...typed} />
          ) : type === "picklist" ? (
            <select {...typed}>
              <option value="">{field.placeholder || t.choose}</option>
              {field.options?.map((option) => (
                <option value={option}>{option}</option>
              ))}
            </select>
          ) : (
            <input {...(HINTS[type] ?? { type: "text" })} {...typed} />
          ),
        ]
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {field.validation_message || describe(error, t, max, `${value}`.length)}
        </p>
      )}
    </div>
  );
};

/** What a fault's code means, in the visitor's language; an unknown one is told in general. */
const describe = (code: string, t: Texts, max: number, count: number) =>
  fill(t[code as keyof Texts] ?? t.failed, { max, count });
