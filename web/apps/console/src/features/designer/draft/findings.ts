/** What the check found, sorted to the card and the field it belongs to. */
import type { CheckResult, Finding } from "@usher/api";

export interface CardFindings {
  errors: Finding[];
  warnings: Finding[];
}

export function findingsOf(check: CheckResult, cardId: string | null): CardFindings {
  const of = (all: Finding[]) => all.filter((one) => one.card_id === cardId);
  return { errors: of(check.errors), warnings: of(check.warnings) };
}

/** Messages about a field: exactly it, or anything inside of it (`text` has `text/blocks/0`). */
export function errorAt(found: CardFindings, field: string): string | undefined {
  return joined(found.errors, field);
}
export function warningAt(found: CardFindings, field: string): string | undefined {
  return joined(found.warnings, field);
}

function joined(findings: Finding[], field: string): string | undefined {
  const messages = findings
    .filter((one) => one.field === field || one.field.startsWith(`${field}/`))
    .map((one) => one.message);
  return messages.length === 0 ? undefined : [...new Set(messages)].join(" ");
}

/** What stands beside no field of the editor, and so above all of them. */
export function elsewhere(findings: Finding[], shown: readonly string[]): Finding[] {
  return findings.filter(
    (one) => !shown.some((field) => one.field === field || one.field.startsWith(`${field}/`)),
  );
}
