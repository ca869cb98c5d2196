/** The steps of scripted tests as authors read and choose them. */
import type { Script, ScriptStep } from "@usher/api";

export type StepKind = ScriptStep["step"];

interface StepLook {
  label: string;
  /** A new step of this kind. */
  fresh: ScriptStep;
  /** What stands in the step's own field; none for steps without. */
  field?: string;
}

/** In the order in which they are offered: what is done, then what is expected. */
export const STEPS: Record<StepKind, StepLook> = {
  choose: { label: "Chooses the response", fresh: { step: "choose", response: "" }, field: "Response" },
  type: { label: "Types", fresh: { step: "type", text: "" }, field: "Text" },
  fill: { label: "Fills in", fresh: { step: "fill", values: {} } },
  skip: { label: "Skips the card", fresh: { step: "skip" } },
  continue: { label: "Goes on after the document", fresh: { step: "continue" } },
  back: { label: "Goes back to", fresh: { step: "back", card: "" } },
  expect_says: {
    label: "Expect that it says",
    fresh: { step: "expect_says", text: "" },
    field: "Words in it",
  },
  expect_asks: { label: "Expect that it waits at", fresh: { step: "expect_asks", card: "" } },
  expect_goal: { label: "Expect the goal", fresh: { step: "expect_goal", goal: "" }, field: "Goal" },
  expect_no_goal: {
    label: "Expect not the goal",
    fresh: { step: "expect_no_goal", goal: "" },
    field: "Goal",
  },
  expect_attribute: {
    label: "Expect the attribute",
    fresh: { step: "expect_attribute", attribute: "", value: "" },
  },
  expect_end: { label: "Expect that it ends", fresh: { step: "expect_end" } },
};

const isExpectation = (kind: string) => kind.startsWith("expect_");
const choices = (wanted: boolean) =>
  Object.entries(STEPS)
    .filter(([kind]) => isExpectation(kind) === wanted)
    .map(([value, { label }]) => ({ value, label }));

export const STEP_CHOICES = [
  { group: "The visitor", items: choices(false) },
  { group: "The test", items: choices(true) },
];

/** The tests with one replaced, or without it. */
export function withTest(tests: readonly Script[], index: number, test: Script | null): Script[] {
  return test === null ? tests.toSpliced(index, 1) : tests.toSpliced(index, 1, test);
}

/** A name that no test has yet. */
export function freshName(tests: readonly Script[]): string {
  let nth = tests.length + 1;
  while (tests.some((one) => one.name === `Test ${nth}`)) nth += 1;
  return `Test ${nth}`;
}
