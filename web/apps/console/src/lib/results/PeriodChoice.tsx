import { Group, SegmentedControl } from "@mantine/core";
import { DayField } from "#lib/ui/DayField.tsx";
import type { Period } from "./period.ts";
import type { ResultsSearch } from "./search.ts";

/** What the address says about a period. */
export type PeriodSearch = Pick<ResultsSearch, "days" | "from" | "to">;

interface PeriodChoiceProps {
  search: PeriodSearch;
  period: Period;
  update: (change: PeriodSearch) => void;
}

/** The last days, or days of one's own. */
export function PeriodChoice({ search: { days, from, to }, period, update }: PeriodChoiceProps) {
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Period"
        data={[
          { value: "7", label: "7 days" },
          { value: "28", label: "28 days" },
          { value: "90", label: "90 days" },
          ...(from || to ? [{ value: "own", label: "Own days" }] : []),
        ]}
        value={from || to ? "own" : (days ?? "28")}
        onChange={(value) => {
          if (value === "own") return;
          update({
            days: value === "28" ? undefined : (value as "7" | "90"),
            from: undefined,
            to: undefined,
          });
        }}
      />
      <DayField label="From day" value={from ?? period.first} onChange={(day) => update({ from: day })} />
      <DayField label="Until day" value={to ?? period.last} onChange={(day) => update({ to: day })} />
    </Group>
  );
}
