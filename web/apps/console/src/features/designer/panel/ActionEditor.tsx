import { Button, Menu, Text } from "@mantine/core";
import type { Action, ActionCard } from "@usher/api";
import { MAX_ACTIONS } from "@usher/stream";
import { PlusIcon } from "#lib/ui/icons.ts";
import { errorAt } from "../draft/findings.ts";
import { ActionRow } from "./ActionRow.tsx";
import { ACTIONS } from "./actions.ts";
import type { KindEditorProps } from "./kind-editors.ts";
import { NextSelect } from "./NextSelect.tsx";
import classes from "./panel.module.css";
import { movedTo } from "./RowTools.tsx";

/** What is done, in order, without a word to the visitor. */
export function ActionEditor({ card, findings, onChange }: KindEditorProps<ActionCard>) {
  const { actions } = card;
  const set = (next: Action[], field?: string) => onChange({ ...card, actions: next }, field);
  return (
    <>
      <section aria-label="Actions">
        {actions.length === 0 ? (
          <Text size="sm" c="dimmed" mb="xs">
            Visitors see nothing of this card. Choose what it does.
          </Text>
        ) : null}
        <ol className={classes.fields}>
          {actions.map((action, index) => (
            <ActionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an action has nothing else to be known by
              key={index}
              action={action}
              index={index}
              count={actions.length}
              findings={findings}
              onChange={(next, part) => set(actions.with(index, next), part && `action ${index} ${part}`)}
              onMove={(to) => set(movedTo(actions, index, to))}
              onRemove={() => set(actions.toSpliced(index, 1))}
            />
          ))}
        </ol>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<PlusIcon size={14} />}
              disabled={actions.length >= MAX_ACTIONS}
            >
              Action
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {ACTIONS.map((one) => (
              <Menu.Item key={one.label} onClick={() => set([...actions, one.fresh])}>
                {one.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {errorAt(findings, "actions") !== undefined && actions.length === 0 ? (
          <Text size="xs" c="var(--mantine-color-error)" mt={4}>
            {errorAt(findings, "actions")}
          </Text>
        ) : null}
      </section>
      <NextSelect
        label="Then"
        value={card.next}
        self={card.id}
        error={errorAt(findings, "next")}
        onChange={(next) => onChange({ ...card, next })}
      />
    </>
  );
}
