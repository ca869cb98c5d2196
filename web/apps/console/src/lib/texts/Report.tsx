import { Alert, Badge, Group, Stack, Text } from "@mantine/core";
import type { ConfigurationReport, PlannedChange, TestedScript, TextProblem } from "@usher/api";
import { CircleCheckIcon, CircleXIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { nameOf, summaryOf } from "./files.ts";
import classes from "./texts.module.css";

const COLORS = { created: "green", changed: "blue", deleted: "red", unchanged: "gray" } as const;

/** What applying texts would do, what stands against it, and what their tests say. */
export function Report({ report }: { report: ConfigurationReport }) {
  const applying = report.errors.filter((error) => error.prevents === "applying");
  const publishing = report.errors.filter((error) => error.prevents === "publishing");
  const passed = report.tests.filter((test) => test.failure === null).length;
  return (
    <Stack>
      {applying.length > 0 ? (
        <Alert color="red" icon={<CircleXIcon size={18} />} title="This cannot be imported as it stands">
          <Problems problems={applying} />
        </Alert>
      ) : null}
      {publishing.length > 0 ? (
        <Alert color="yellow" icon={<TriangleAlertIcon size={18} />} title="To be mended before publishing">
          <Problems problems={publishing} />
        </Alert>
      ) : null}
      {report.errors.length === 0 ? (
        <Alert color="green" icon={<CircleCheckIcon size={18} />} py="xs">
          The check found nothing to mend
          {report.tests.length > 0 ? `, ${passed} of ${report.tests.length} tests pass` : ""}.
        </Alert>
      ) : null}
      <section aria-label="Plan">
        <Text fw={500} size="sm" mb="xs">
          {summaryOf(report)}
        </Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
        <ul className={classes.plan} tabIndex={0} aria-label="Planned changes">
          {report.changes.map((change) => (
            <li key={`${change.kind} ${change.site} ${change.name}`}>
              <Change change={change} />
            </li>
          ))}
        </ul>
      </section>
      {report.tests.some((test) => test.failure !== null) ? <Failures tests={report.tests} /> : null}
    </Stack>
  );
}

function Problems({ problems }: { problems: TextProblem[] }) {
  return (
    <ul className={classes.problems}>
      {problems.map((problem) => (
        <li key={`${problem.file} ${problem.line} ${problem.column} ${problem.message}`} dir="auto">
          <Text component="span" size="xs" c="dimmed">
            {problem.file}, line {problem.line}
            {": "}
          </Text>
          {problem.message}
        </li>
      ))}
    </ul>
  );
}

function Change({ change }: { change: PlannedChange }) {
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <Badge color={COLORS[change.action]}>{change.action}</Badge>
        <Text size="xs" c="dimmed">
          {change.kind}
        </Text>
        <Text size="sm" truncate dir="auto">
          {nameOf(change)}
        </Text>
      </Group>
      {change.action === "changed" && change.difference.length > 0 ? <Difference change={change} /> : null}
    </>
  );
}

const SIGNS = { same: " ", removed: "−", added: "+", gap: " " } as const;
const WORDS = { same: "", removed: "removed: ", added: "added: ", gap: "" } as const;

function Difference({ change }: { change: PlannedChange }) {
  const numbered = change.difference.map((line, index) => ({ ...line, key: index }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section className={classes.difference} tabIndex={0} aria-label={`Changed lines of ${change.name}`}>
      {numbered.map(({ key, sign, text }) => (
        <div key={key} className={classes[sign]}>
          <span aria-hidden>{SIGNS[sign]}</span>
          <Text component="span" inherit className="mantine-visually-hidden" hidden={WORDS[sign] === ""}>
            {WORDS[sign]}
          </Text>
          <span dir="auto">{sign === "gap" ? `… ${text} lines` : text}</span>
        </div>
      ))}
    </section>
  );
}

function Failures({ tests }: { tests: TestedScript[] }) {
  const failed = tests.filter((test) => test.failure !== null);
  return (
    <section aria-label="Failed tests">
      {failed.map((test) => (
        <details key={`${test.dialogue} ${test.name}`}>
          <summary>
            <Text component="span" size="sm">
              What was said in “{test.name}”
            </Text>
          </summary>
          <ul className={classes.problems}>
            {test.transcript.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a transcript is only read
              <li key={index} dir="auto">
                {line}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
