import { Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Dialogue } from "@usher/api";
import type { ReactNode } from "react";
import { allows, useMe } from "#lib/api/session.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { LANGUAGES } from "#lib/ui/languages.ts";
import { Fact, OwnText } from "#lib/ui/Shown.tsx";
import type { DraftControl } from "./draft/use-draft.ts";
import classes from "./settings.module.css";

interface StreamSettingsProps {
  dialogue: Dialogue;
  control: DraftControl;
  readOnly: boolean;
  /** What only one of the kinds has. */
  children?: ReactNode;
}

/** Name, description, and how the conversation behaves. */
export function StreamSettings({ dialogue, control, readOnly, children }: StreamSettingsProps) {
  const { content } = control;
  const { draft } = content;
  const maySites = allows(useMe(), ["admin.chatbot_settings", "admin.privacy_security"]);
  const site = useQuery(sitesQuery).data?.find((one) => one.id === dialogue.site_id);
  return (
    <fieldset className={classes.form} disabled={readOnly}>
      <legend className={classes.hidden}>Settings</legend>
      <Stack gap="lg">
        <TextInput
          label="Name"
          dir="auto"
          value={content.name}
          error={
            content.name.trim() === ""
              ? `A ${control.kind.noun} needs a name; the old one is kept until it has one`
              : null
          }
          onChange={(event) => control.change({ name: event.currentTarget.value }, "name")}
        />
        <Textarea
          label="Description"
          description="For you and your colleagues"
          autosize
          minRows={2}
          maxRows={8}
          dir="auto"
          value={content.description}
          onChange={(event) => control.change({ description: event.currentTarget.value }, "description")}
        />
        <Switch
          label="Visitors may go back"
          description="To an earlier answer, to change it; the old answer stays in the transcript"
          checked={draft.allow_back}
          onChange={(event) => control.changeDraft({ allow_back: event.currentTarget.checked })}
        />
        <Switch
          label="Visitors may start again"
          checked={draft.allow_restart}
          onChange={(event) => control.changeDraft({ allow_restart: event.currentTarget.checked })}
        />
        <Select
          label="Language"
          description="Of the widget's own texts; you write the cards yourself"
          maw={320}
          data={[{ value: "auto", label: "As the site says" }, ...LANGUAGES]}
          value={draft.language}
          allowDeselect={false}
          onChange={(language) => language && control.changeDraft({ language })}
        />
        {children}
        <dl className={classes.facts}>
          <Fact label="Site">
            {maySites ? (
              <TextLink to="/sites/$id" params={{ id: dialogue.site_id }} inherit>
                <OwnText>{site?.name ?? dialogue.site_id}</OwnText>
              </TextLink>
            ) : (
              <OwnText>{site?.name}</OwnText>
            )}
          </Fact>
          <Fact label="Id">{dialogue.id}</Fact>
        </dl>
      </Stack>
    </fieldset>
  );
}
