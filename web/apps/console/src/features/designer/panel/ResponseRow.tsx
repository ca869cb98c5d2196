import { ActionIcon, Menu, TextInput } from "@mantine/core";
import type { QuestionCard, QuestionResponse } from "@usher/api";
import { MIN_RESPONSES } from "@usher/stream";
import { ArrowDownIcon, ArrowUpIcon, EllipsisIcon, TrashIcon } from "#lib/ui/icons.ts";
import { type CardFindings, errorAt, warningAt } from "../draft/findings.ts";
import { NextSelect } from "./NextSelect.tsx";
import classes from "./panel.module.css";

interface ResponseRowProps {
  response: QuestionResponse;
  index: number;
  count: number;
  card: QuestionCard;
  findings: CardFindings;
  onChange: (response: QuestionResponse, field?: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One response: its words, what is stored for it, where it leads. */
export function ResponseRow(props: ResponseRowProps) {
  const { response, index, count, card, findings, onChange } = props;
  const at = `responses/${index}`;
  return (
    <li className={classes.response} data-stored={card.attribute !== undefined || undefined}>
      <TextInput
        aria-label={`Response ${index + 1}`}
        placeholder={`Response ${index + 1}`}
        dir="auto"
        value={response.label}
        error={errorAt(findings, `${at}/label`) ?? warningAt(findings, `${at}/label`)}
        onChange={(event) => onChange({ ...response, label: event.currentTarget.value }, "label")}
      />
      {card.attribute === undefined ? null : (
        <TextInput
          aria-label={`Stored for response ${index + 1}`}
          title="What is kept in the attribute"
          placeholder={response.label === "" ? "Stored value" : `Stored: ${response.label}`}
          dir="auto"
          value={response.stored_value ?? ""}
          error={errorAt(findings, `${at}/stored_value`)}
          onChange={(event) => {
            const { stored_value: _, ...rest } = response;
            const stored = event.currentTarget.value;
            onChange(stored === "" ? rest : { ...response, stored_value: stored }, "stored");
          }}
        />
      )}
      <NextSelect
        bare
        label={`Where response ${index + 1} leads`}
        value={response.next}
        self={card.id}
        error={errorAt(findings, `${at}/next`)}
        warning={warningAt(findings, `${at}/next`)}
        onChange={(next) => onChange({ ...response, next })}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`More about response ${index + 1}`}>
            <EllipsisIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<ArrowUpIcon size={16} />}
            disabled={index === 0}
            onClick={() => props.onMove(index - 1)}
          >
            Move up
          </Menu.Item>
          <Menu.Item
            leftSection={<ArrowDownIcon size={16} />}
            disabled={index === count - 1}
            onClick={() => props.onMove(index + 1)}
          >
            Move down
          </Menu.Item>
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<TrashIcon size={16} />}
            disabled={count <= MIN_RESPONSES}
            onClick={props.onRemove}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
