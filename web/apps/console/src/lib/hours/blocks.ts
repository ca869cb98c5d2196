/** Blocks of hours as people type them: `9-12, 13:30–17`. */
import type { HourBlock, Schedule } from "@usher/api";

const BLOCK = /^(\d{1,2})(?::?(\d{2}))?\s*[-–]\s*(\d{1,2})(?::?(\d{2}))?$/;

function clock(hour: string, minute: string | undefined): string | null {
  const [h, m] = [Number(hour), Number(minute ?? 0)];
  if (m > 59 || h > 24 || (h === 24 && m > 0)) return null;
  return `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
}

/** The blocks of a line; null when it cannot be read. */
export function parseBlocks(line: string): HourBlock[] | null {
  const parts = line
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const blocks = parts.map((part) => {
    const found = BLOCK.exec(part);
    const from = found ? clock(found[1] ?? "", found[2]) : null;
    const to = found ? clock(found[3] ?? "", found[4]) : null;
    return from && to ? { from, to } : null;
  });
  return blocks.every((block) => block !== null) ? blocks : null;
}

export function blocksText(blocks: readonly HourBlock[]): string {
  return blocks.map(({ from, to }) => `${from}–${to}`).join(", ");
}

/** Extra days as lines: `2026-12-05 10:00–12:00`. */
export function parseExtraDays(text: string): Schedule["extra_days"] | null {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const days = lines.map((line) => {
    const date = /^\d{4}-\d{2}-\d{2}(?=\s)/.exec(line)?.[0];
    const blocks = date ? parseBlocks(line.slice(date.length)) : null;
    return date && blocks && blocks.length > 0 ? { date, blocks } : null;
  });
  return days.every((day) => day !== null) ? days : null;
}

export function extraDaysText(days: Schedule["extra_days"]): string {
  return days.map(({ date, blocks }) => `${date} ${blocksText(blocks)}`).join("\n");
}

/** Monday to Friday, nine to five. */
export function officeHours(zone: string): Schedule {
  const day = () => [{ from: "09:00", to: "17:00" }];
  return {
    time_zone: zone,
    week: {
      monday: day(),
      tuesday: day(),
      wednesday: day(),
      thursday: day(),
      friday: day(),
      saturday: [],
      sunday: [],
    },
    days_off: [],
    extra_days: [],
  };
}
