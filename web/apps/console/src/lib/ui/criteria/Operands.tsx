import { NumberInput, Select, TagsInput } from "@mantine/core";
import { DatePickerInput, DateTimePicker } from "@mantine/dates";
import type { AttributeCondition, AttributeType, TimeUnit, Value } from "@usher/api";
import classes from "./criteria.module.css";
import { operandOf } from "./operators.ts";

const UNITS: TimeUnit[] = ["minutes", "hours", "days", "weeks", "months"];

interface OperandsProps {
  condition: AttributeCondition;
  type: AttributeType;
  onChange: (condition: AttributeCondition) => void;
}

/** The inputs for what the operator compares with. */
export function Operands({ condition, type, onChange }: OperandsProps) {
  const values = condition.values ?? [];
  const set = (next: Value[]) => onChange({ ...condition, values: next });
  const put = (index: number, value: Value) => {
    const next = [...values];
    while (next.length < index) next.push(null);
    next[index] = value;
    set(next);
  };
  switch (operandOf(type, condition.op)) {
    case "none":
      return <span className={classes.value} />;
    case "texts":
      return (
        <TagsInput
          size="xs"
          aria-label="Values; any of them matches"
          className={classes.value}
          placeholder={values.length === 0 ? "Value, Enter" : undefined}
          value={values.map(String)}
          onChange={set}
          acceptValueOnBlur
        />
      );
    case "number":
      return <NumberField label="Number" value={values[0]} onChange={(value) => put(0, value)} />;
    case "numbers":
      return (
        <>
          <NumberField label="From" value={values[0]} onChange={(value) => put(0, value)} />
          <NumberField label="To" value={values[1]} onChange={(value) => put(1, value)} />
        </>
      );
    case "date":
      return <DateField type={type} label="Date" value={values[0]} onChange={(value) => put(0, value)} />;
    case "dates":
      return (
        <>
          <DateField type={type} label="From" value={values[0]} onChange={(value) => put(0, value)} />
          <DateField type={type} label="To" value={values[1]} onChange={(value) => put(1, value)} />
        </>
      );
    case "span":
      return (
        <>
          <NumberField label="How many" value={values[0]} onChange={(value) => put(0, value)} />
          <Select
            size="xs"
            aria-label="Unit"
            className={classes.unit}
            data={UNITS}
            value={condition.unit ?? "days"}
            onChange={(unit) => unit && onChange({ ...condition, unit: unit as TimeUnit })}
            allowDeselect={false}
          />
        </>
      );
  }
}

interface FieldProps {
  label: string;
  value: Value | undefined;
  onChange: (value: Value) => void;
}

function NumberField({ label, value, onChange }: FieldProps) {
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      placeholder={label}
      className={classes.number}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : null)}
      thousandSeparator=" "
      hideControls
    />
  );
}

function DateField({ type, label, value, onChange }: FieldProps & { type: AttributeType }) {
  const text = typeof value === "string" ? value : null;
  if (type === "date") {
    return (
      <DatePickerInput
        size="xs"
        aria-label={label}
        placeholder={label}
        className={classes.date}
        value={text}
        onChange={onChange}
      />
    );
  }
  return (
    <DateTimePicker
      size="xs"
      aria-label={label}
      placeholder={label}
      className={classes.date}
      value={text === null ? null : new Date(text)}
      onChange={(local) => onChange(local === null ? null : new Date(local).toISOString())}
    />
  );
}
