import { Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Action, MomentType } from "@usher/api";
import { listsQuery } from "#lib/api/shared.ts";
import { type CardFindings, errorAt } from "../draft/findings.ts";
import { AttributeSelect } from "./AttributeSelect.tsx";
import { actionLabel, MOMENTS } from "./actions.ts";
import { OverwriteControl } from "./OverwriteControl.tsx";
import classes from "./panel.module.css";
import { RowTools } from "./RowTools.tsx";

interface ActionRowProps {
  action: Action;
  index: number;
  count: number;
  findings: CardFindings;
  onChange: (action: Action, part?: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One action with what it needs to know. */
export function ActionRow(props: ActionRowProps) {
  const { action, index, findings, onChange } = props;
  const found = (field: string) => errorAt(findings, `actions/${index}/${field}`);
  return (
    <li className={classes.field}>
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap">
          <span className={classes.label}>{actionLabel(action)}</span>
          <RowTools
            of={`action ${index + 1}`}
            index={index}
            count={props.count}
            onMove={props.onMove}
            onRemove={props.onRemove}
          />
        </Group>
        <Fields action={action} found={found} onChange={onChange} />
      </Stack>
    </li>
  );
}

interface FieldsProps {
  action: Action;
  found: (field: string) => string | undefined;
  onChange: (action: Action, part?: string) => void;
}

function Fields({ action, found, onChange }: FieldsProps) {
  switch (action.do) {
    case "set_attribute":
      return (
        <>
          <AttributeSelect
            label="Attribute"
            placeholder="Choose one"
            value={action.attribute || undefined}
            error={found("attribute")}
            onChange={(attribute) => onChange({ ...action, attribute: attribute ?? "" })}
          />
          <TextInput
            label="Value"
            description="May hold tokens, like {{answer.Interest}}"
            dir="auto"
            value={action.value}
            error={found("value")}
            onChange={(event) => onChange({ ...action, value: event.currentTarget.value }, "value")}
          />
          <OverwriteControl
            value={action.overwrite}
            onChange={(overwrite) => onChange({ ...action, overwrite })}
          />
        </>
      );
    case "add_to_list":
    case "remove_from_list":
      return <ListField action={action} error={found("list")} onChange={onChange} />;
    case "change_score":
      return (
        <NumberInput
          label="Points"
          description="Fewer with a minus"
          min={-1000}
          max={1000}
          allowDecimal={false}
          w={160}
          value={action.by}
          error={found("by")}
          onChange={(by) => onChange({ ...action, by: typeof by === "number" ? by : 0 }, "by")}
        />
      );
    case "interesting_moment":
      return (
        <>
          <Select
            label="About"
            data={[...MOMENTS]}
            value={action.moment}
            allowDeselect={false}
            onChange={(moment) => moment && onChange({ ...action, moment: moment as MomentType })}
          />
          <TextInput
            label="What the salesperson reads"
            placeholder="Asked for prices"
            dir="auto"
            value={action.text}
            error={found("text")}
            onChange={(event) => onChange({ ...action, text: event.currentTarget.value }, "text")}
          />
        </>
      );
    case "call_webhook":
      return (
        <TextInput
          label="Address"
          description="Is sent the person and the conversation so far"
          placeholder="https://example.com/hook"
          type="url"
          value={action.url}
          error={found("url")}
          onChange={(event) => onChange({ ...action, url: event.currentTarget.value }, "url")}
        />
      );
  }
}

interface ListFieldProps {
  action: Extract<Action, { list: string | null }>;
  error: string | undefined;
  onChange: (action: Action) => void;
}

function ListField({ action, error, onChange }: ListFieldProps) {
  const lists = useQuery(listsQuery).data;
  const gone = action.list !== null && lists !== undefined && !lists.some((one) => one.id === action.list);
  const data = (lists ?? []).map((one) => ({ value: one.id, label: one.name }));
  return (
    <Select
      label="List"
      placeholder={lists?.length === 0 ? "There is no list yet" : "Choose a list"}
      data={gone && action.list ? [...data, { value: action.list, label: "Not on this instance" }] : data}
      value={action.list}
      searchable
      error={error}
      onChange={(list) => onChange({ ...action, list })}
    />
  );
}
