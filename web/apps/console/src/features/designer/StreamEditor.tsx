import { Badge, Group, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { CheckResult, Dialogue } from "@usher/api";
import type { ReactNode } from "react";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { DesignTab } from "./DesignTab.tsx";
import classes from "./designer.module.css";
import { Conflict } from "./draft/Conflict.tsx";
import { type DraftControl, useDraft } from "./draft/use-draft.ts";
import { EditorActions } from "./EditorActions.tsx";
import type { StreamKind } from "./kinds.ts";
import { Presence } from "./Presence.tsx";
import { checkQuery } from "./queries.ts";
import { stateOf } from "./state-words.ts";
import { useDesignAddress } from "./use-address.ts";

const NOTHING: CheckResult = { errors: [], warnings: [] };

export interface TabContent {
  record: Dialogue;
  control: DraftControl;
  check: CheckResult;
  readOnly: boolean;
}

/** A tab besides the designer. */
export interface EditorTab {
  key: string;
  label: string;
  content: (of: TabContent) => ReactNode;
}

interface StreamEditorProps {
  kind: StreamKind;
  record: Dialogue;
  tabs: readonly EditorTab[];
}

const DESIGN = "design";

/** The screen of one dialogue or flow: everything is edited in place and saved by itself. */
export function StreamEditor({ kind, record, tabs }: StreamEditorProps) {
  const mayManage = useMay(kind.may.manage);
  const control = useDraft(kind, record);
  // Loaded before anything is saved: what is unfinished is told apart by the types.
  useQuery(attributesQuery);
  const check =
    useQuery({ ...checkQuery(kind, record.id, control.draftVersion), enabled: mayManage }).data ?? NOTHING;
  const { tab, go } = useTab(kind, record.id);
  useSaveShortcut(() => void control.flush(), control.save.kind !== "saved");
  const editing = { group: "Editing", whileTyping: true, active: mayManage };
  useShortcut("mod+z", "Undo", control.undo, editing);
  useShortcut("mod+shift+z", "Redo", control.redo, editing);
  const state = stateOf(record);
  const content: TabContent = { record, control, check, readOnly: !mayManage };
  return (
    <Page
      title={control.content.name || kind.Noun}
      fill
      back={{ label: `${kind.Noun}s`, to: kind.path }}
      note={
        <Group gap={4} wrap="nowrap">
          <Badge color={state.color} title={state.means}>
            {state.label}
          </Badge>
          {mayManage ? <Presence kind={kind} id={record.id} /> : null}
        </Group>
      }
      actions={<EditorActions {...content} />}
    >
      <Conflict control={control} />
      <Tabs value={tab} onChange={go} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList}>
          <Tabs.Tab value={DESIGN}>Design</Tabs.Tab>
          {tabs.map((one) => (
            <Tabs.Tab key={one.key} value={one.key}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={DESIGN} className={classes.tabPanel}>
          <DesignTab control={control} check={check} readOnly={!mayManage} />
        </Tabs.Panel>
        {tabs.map((one) => (
          <Tabs.Panel key={one.key} value={one.key} className={classes.tabPanel}>
            {one.content(content)}
          </Tabs.Panel>
        ))}
      </Tabs>
      <UnsavedGuard
        dirty={control.save.kind === "failed" || control.save.kind === "conflict"}
        inside={`${kind.path}/${record.id}`}
      />
    </Page>
  );
}

/** The tab is part of the address; the designer has one of its own. */
function useTab(kind: StreamKind, id: string) {
  const { designing, go: design } = useDesignAddress(kind, id);
  const { tab }: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (key: string | null) => {
    if (key === DESIGN) design({}, { push: true });
    else if (key !== null) {
      void navigate({ to: `${kind.path}/$id`, params: { id }, search: { tab: key as "settings" } });
    }
  };
  return { tab: designing ? DESIGN : (tab ?? DESIGN), go };
}
