import { Alert, Stack, Title } from "@mantine/core";
import type { CheckResult } from "@usher/api";
import { findingsOf } from "#features/designer/draft/findings.ts";
import type { DraftControl } from "#features/designer/draft/use-draft.ts";
import { CriteriaBuilder } from "#lib/ui/criteria/CriteriaBuilder.tsx";
import { AudienceCount } from "./AudienceCount.tsx";
import { CapsEditor } from "./CapsEditor.tsx";
import classes from "./dialogues.module.css";
import { EventsEditor } from "./EventsEditor.tsx";
import { PagesEditor } from "./PagesEditor.tsx";
import { SimulatePanel } from "./SimulatePanel.tsx";

interface AudienceTabProps {
  control: DraftControl;
  check: CheckResult;
  readOnly: boolean;
}

/** Who is shown the dialogue, where, when and how often. */
export function AudienceTab({ control, check, readOnly }: AudienceTabProps) {
  const { targeting } = control.content.draft;
  const { errors, warnings } = findingsOf(check, null);
  return (
    <fieldset className={classes.form} disabled={readOnly}>
      <legend className={classes.hidden}>Audience and pages</legend>
      <Stack gap="xl">
        {errors.length + warnings.length > 0 ? (
          <Alert color={errors.length > 0 ? "red" : "yellow"} py="xs">
            {[...errors, ...warnings].map((one) => (
              <div key={one.field + one.message}>{one.message}</div>
            ))}
          </Alert>
        ) : null}
        <section aria-label="Target pages">
          <Title order={2}>Pages</Title>
          <PagesEditor
            pages={targeting.pages}
            onChange={(pages, field) => control.changeTargeting({ pages }, field)}
          />
        </section>
        <section aria-label="Audience">
          <Title order={2} mb="xs">
            Audience
          </Title>
          <CriteriaBuilder
            value={targeting.audience}
            onChange={(audience) => control.changeTargeting({ audience }, "audience")}
            of={["person", "company", "visit", "inferred"]}
            emptyText="No condition: every visitor of the pages above"
            readOnly={readOnly}
          />
          <AudienceCount criteria={targeting.audience} />
        </section>
        <EventsEditor
          events={targeting.events}
          onChange={(events, field) => control.changeTargeting({ events }, field)}
        />
        <CapsEditor
          caps={targeting.caps}
          priority={control.content.priority}
          onCaps={(caps, field) => control.changeTargeting({ caps }, field)}
          onPriority={(priority) => control.change({ priority }, "priority")}
        />
        {readOnly ? null : (
          <SimulatePanel id={control.id} draft={control.content.draft} priority={control.content.priority} />
        )}
      </Stack>
    </fieldset>
  );
}
