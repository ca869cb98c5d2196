import { ActionIcon, Badge, Group, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { CheckResult, Dialogue } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { RedoIcon, UndoIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { keyText } from "#lib/ui/Shown.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { AudienceTab } from "./AudienceTab.tsx";
import { CardsTab } from "./CardsTab.tsx";
import { Conflict } from "./Conflict.tsx";
import { DialogueMenu } from "./DialogueMenu.tsx";
import classes from "./dialogues.module.css";
import { PublishButton } from "./PublishButton.tsx";
import { checkQuery } from "./queries.ts";
import { ResultsTab } from "./ResultsTab.tsx";
import { SaveNote } from "./SaveNote.tsx";
import { SettingsTab } from "./SettingsTab.tsx";
import { stateOf } from "./state-words.ts";
import { type DraftControl, useDraft } from "./use-draft.ts";
import { VersionsTab } from "./VersionsTab.tsx";

const route = getRouteApi("/frame/dialogues/$id");
const NOTHING: CheckResult = { errors: [], warnings: [] };

const TABS = [
  { key: "cards", label: "Cards" },
  { key: "audience", label: "Audience & pages" },
  { key: "settings", label: "Settings" },
  { key: "results", label: "Results" },
  { key: "versions", label: "Versions" },
] as const;

/** The screen of one dialogue: everything is edited in place and saved by itself. */
export function DialogueEditor({ dialogue }: { dialogue: Dialogue }) {
  const { tab = "cards" } = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("dialogues.manage");
  const control = useDraft(dialogue);
  // Loaded before anything is saved: what is unfinished is told apart by the types.
  useQuery(attributesQuery);
  const check =
    useQuery({ ...checkQuery(dialogue.id, control.draftVersion), enabled: mayManage }).data ?? NOTHING;
  useSaveShortcut(() => void control.flush(), control.save.kind !== "saved");
  useShortcut("mod+z", "Undo", control.undo, { group: "Editing", whileTyping: true, active: mayManage });
  useShortcut("mod+shift+z", "Redo", control.redo, {
    group: "Editing",
    whileTyping: true,
    active: mayManage,
  });
  const state = stateOf(dialogue);
  return (
    <Page
      title={control.content.name || "Dialogue"}
      fill
      back={{ label: "Dialogues", to: "/dialogues" }}
      note={
        <Group gap={4} wrap="nowrap">
          <Badge color={state.color} title={state.means}>
            {state.label}
          </Badge>
        </Group>
      }
      actions={<Actions dialogue={dialogue} control={control} check={check} mayManage={mayManage} />}
    >
      <Conflict control={control} />
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({
            search: (before) => ({
              ...before,
              tab: TABS.find((one) => one.key === value && value !== "cards")?.key,
            }),
          })
        }
        className={classes.tabs}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabList}>
          {TABS.map((one) => (
            <Tabs.Tab key={one.key} value={one.key}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="cards" className={classes.tabPanel}>
          <CardsTab control={control} check={check} readOnly={!mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="audience" className={classes.tabPanel}>
          <AudienceTab control={control} check={check} readOnly={!mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className={classes.tabPanel}>
          <SettingsTab dialogue={dialogue} control={control} readOnly={!mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="results" className={classes.tabPanel}>
          <ResultsTab id={dialogue.id} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className={classes.tabPanel}>
          <VersionsTab dialogue={dialogue} />
        </Tabs.Panel>
      </Tabs>
      <UnsavedGuard dirty={control.save.kind === "failed" || control.save.kind === "conflict"} />
    </Page>
  );
}

interface ActionsProps {
  dialogue: Dialogue;
  control: DraftControl;
  check: CheckResult;
  mayManage: boolean;
}

function Actions({ dialogue, control, check, mayManage }: ActionsProps) {
  return (
    <>
      {mayManage ? (
        <>
          <SaveNote state={control.save} />
          <Group gap={0} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes.tool}
              aria-label="Undo"
              title={`Undo (${keyText("mod+z")})`}
              disabled={!control.canUndo}
              onClick={control.undo}
            >
              <UndoIcon size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes.tool}
              aria-label="Redo"
              title={`Redo (${keyText("mod+shift+z")})`}
              disabled={!control.canRedo}
              onClick={control.redo}
            >
              <RedoIcon size={16} />
            </ActionIcon>
          </Group>
        </>
      ) : null}
      <DialogueMenu dialogue={dialogue} control={control} />
      <PublishButton dialogue={dialogue} control={control} check={check} />
    </>
  );
}
