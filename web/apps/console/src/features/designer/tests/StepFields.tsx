import { Group, Select, TextInput } from "@mantine/core";
import type { ScriptStep } from "@usher/api";
import { targetsOf } from "../card-looks.ts";
import { useDesign } from "../design.ts";
import { AttributePath } from "./AttributePath.tsx";
import { PairsEditor } from "./PairsEditor.tsx";
import { STEPS } from "./steps.ts";

interface StepFieldsProps {
  step: ScriptStep;
  onChange: (step: ScriptStep) => void;
}

/** What a step needs to know. */
export function StepFields({ step, onChange }: StepFieldsProps) {
  switch (step.step) {
    case "choose":
      return (
        <Words of={step} value={step.response} onChange={(response) => onChange({ ...step, response })} />
      );
    case "type":
    case "expect_says":
      return <Words of={step} value={step.text} onChange={(text) => onChange({ ...step, text })} />;
    case "expect_goal":
    case "expect_no_goal":
      return <Words of={step} value={step.goal} onChange={(goal) => onChange({ ...step, goal })} />;
    case "back":
    case "expect_asks":
      return <CardSelect value={step.card} onChange={(card) => onChange({ ...step, card })} />;
    case "fill":
      return (
        <PairsEditor
          none="Nothing yet"
          add="Add a field"
          nameLabel="Field"
          value={step.values}
          onChange={(values) => onChange({ ...step, values })}
        />
      );
    case "expect_attribute":
      return (
        <Group gap="xs" grow>
          <AttributePath value={step.attribute} onChange={(attribute) => onChange({ ...step, attribute })} />
          <TextInput
            size="xs"
            aria-label="Value"
            placeholder="Empty"
            dir="auto"
            value={step.value}
            onChange={(event) => onChange({ ...step, value: event.currentTarget.value })}
          />
        </Group>
      );
    default:
      return null;
  }
}

interface WordsProps {
  of: ScriptStep;
  value: string;
  onChange: (value: string) => void;
}

/** Suggests the responses or goals of the dialogue, where the step is about one. */
function Words({ of, value, onChange }: WordsProps) {
  const { board } = useDesign();
  const label = STEPS[of.step].field ?? "";
  const known = board.stream.cards.flatMap((card) => {
    if (of.step === "choose" && card.kind === "question") return card.responses.map((one) => one.label);
    if ((of.step === "expect_goal" || of.step === "expect_no_goal") && card.kind === "goal")
      return [card.goal];
    return [];
  });
  const choices = [...new Set(known)].filter((one) => one !== "");
  if (choices.length === 0 || (value !== "" && !choices.includes(value))) {
    return (
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={label}
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <Select
      size="xs"
      aria-label={label}
      placeholder={label}
      data={choices}
      searchable
      value={value === "" ? null : value}
      onChange={(chosen) => onChange(chosen ?? "")}
    />
  );
}

function CardSelect({ value, onChange }: { value: string; onChange: (card: string) => void }) {
  const { board } = useDesign();
  const cards = targetsOf(board.stream);
  const named = board.stream.cards.find((card) => card.id === value || card.title === value);
  const missing = value !== "" && named === undefined ? [{ value, label: value }] : [];
  return (
    <Select
      size="xs"
      aria-label="Card"
      placeholder="Which card?"
      data={[...cards, ...missing]}
      searchable
      value={named?.id ?? (value === "" ? null : value)}
      onChange={(card) => onChange(card ?? "")}
    />
  );
}
