import { ActionIcon, Menu } from "@mantine/core";
import { type UseQueryResult, useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryResponse, ReviewState } from "@usher/api";
import type { ReactNode } from "react";
import { api } from "#lib/api/client.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { BotIcon, CheckIcon, EllipsisIcon, TrashIcon, XIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import tableClasses from "#lib/ui/table.module.css";
import type { Open } from "./ResponseEditor.tsx";
import classes from "./responses.module.css";
import { StateBadge } from "./state-words.tsx";

interface ResponseTableProps {
  responses: UseQueryResult<LibraryResponse[]>;
  mayEdit: boolean;
  create: ReactNode;
  open: (open: Open) => void;
}

export function ResponseTable({ responses, mayEdit, create, open }: ResponseTableProps) {
  const actions = useActions();
  return (
    <DataTable
      label="The responses"
      columns={columnsOf(mayEdit, open, actions)}
      data={inline(responses)}
      rowId={(response) => response.id}
      empty={
        <Empty icon={BotIcon} title="No response yet" action={create}>
          Write down what visitors ask and what you answer. Answer cards say what is approved, word for word,
          and nothing else.
        </Empty>
      }
    />
  );
}

interface Actions {
  review: (response: LibraryResponse, state: ReviewState) => void;
  remove: (response: LibraryResponse) => void;
}

function useActions(): Actions {
  const queries = useQueryClient();
  const settled = () => queries.invalidateQueries({ queryKey: ["responses"] });
  const review = useMutation({
    mutationFn: ({ response, state }: { response: LibraryResponse; state: ReviewState }) =>
      api.patch(`/responses/${response.id}`, { state }, { ifMatch: response.version }),
    onError: (error) => notifyProblem("The state was not changed", error),
    onSettled: settled,
  });
  const remove = useMutation({
    mutationFn: (response: LibraryResponse) => api.delete(`/responses/${response.id}`),
    onError: (error) => notifyProblem("The response was not deleted", error),
    onSettled: settled,
  });
  return {
    review: (response, state) => review.mutate({ response, state }),
    remove: (response) => remove.mutate(response),
  };
}

function columnsOf(
  mayEdit: boolean,
  open: (open: Open) => void,
  actions: Actions,
): Column<LibraryResponse>[] {
  const columns: Column<LibraryResponse>[] = [
    {
      key: "question",
      label: "Question",
      width: 420,
      cell: (response) =>
        mayEdit ? (
          <button type="button" className={classes.question} dir="auto" onClick={() => open({ response })}>
            {response.question}
          </button>
        ) : (
          <span dir="auto">{response.question}</span>
        ),
    },
    { key: "state", label: "State", width: 128, cell: (response) => <StateBadge state={response.state} /> },
    {
      key: "topics",
      label: "Topics",
      width: 200,
      cell: (response) => (response.topics.length === 0 ? "–" : response.topics.join(", ")),
    },
    {
      key: "updated",
      label: "Changed",
      width: 128,
      cell: (response) => <TimeAgo at={response.updated_at} />,
    },
  ];
  if (mayEdit) {
    columns.push({
      key: "more",
      label: "",
      width: 72,
      cell: (response) => <More response={response} actions={actions} />,
    });
  }
  return columns;
}

function More({ response, actions }: { response: LibraryResponse; actions: Actions }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className={tableClasses.raised}
          variant="subtle"
          color="gray"
          aria-label={`More about ${response.question}`}
        >
          <EllipsisIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {response.state === "approved" ? null : (
          <Menu.Item
            leftSection={<CheckIcon size={16} />}
            onClick={() => actions.review(response, "approved")}
          >
            Approve
          </Menu.Item>
        )}
        {response.state === "rejected" ? null : (
          <Menu.Item leftSection={<XIcon size={16} />} onClick={() => actions.review(response, "rejected")}>
            Reject
          </Menu.Item>
        )}
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<TrashIcon size={16} />}
          onClick={() => actions.remove(response)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
