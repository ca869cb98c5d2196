import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Page, UnansweredQuestion } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { CircleCheckIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";

interface UnansweredProps {
  mayEdit: boolean;
  answer: (question: UnansweredQuestion) => void;
}

/** What visitors asked and nothing approved answered, the one asked last first. */
export function Unanswered({ mayEdit, answer }: UnansweredProps) {
  const queries = useQueryClient();
  const questions = usePages<UnansweredQuestion>(["unanswered-questions"], (cursor, signal) =>
    api.get<Page<UnansweredQuestion>>("/unanswered-questions", { query: { cursor }, signal }),
  );
  const dismiss = useMutation({
    mutationFn: (question: UnansweredQuestion) => api.delete(`/unanswered-questions/${question.id}`),
    onError: (error) => notifyProblem("The question is still there", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["unanswered-questions"] }),
  });
  return (
    <DataTable
      label="Unanswered questions"
      columns={columnsOf(mayEdit, answer, (question) => dismiss.mutate(question))}
      data={questions}
      rowId={(question) => question.id}
      empty={
        <Empty icon={CircleCheckIcon} title="Nothing was asked in vain">
          When an answer card finds no approved response, the question appears here, ready to be answered.
        </Empty>
      }
    />
  );
}

function columnsOf(
  mayEdit: boolean,
  answer: (question: UnansweredQuestion) => void,
  dismiss: (question: UnansweredQuestion) => void,
): Column<UnansweredQuestion>[] {
  const columns: Column<UnansweredQuestion>[] = [
    {
      key: "question",
      label: "Question",
      width: 420,
      cell: (question) => (
        <Link to="/conversations/$id" params={{ id: question.conversation_id }} dir="auto">
          {question.question}
        </Link>
      ),
    },
    { key: "times", label: "Asked", width: 96, align: "end", cell: (question) => count(question.times) },
    { key: "last", label: "Last", width: 128, cell: (question) => <TimeAgo at={question.last_at} /> },
  ];
  if (mayEdit) {
    columns.push({
      key: "do",
      label: "",
      width: 220,
      cell: (question) => (
        <Group gap="xs" wrap="nowrap">
          <Button size="compact-sm" variant="light" onClick={() => answer(question)}>
            Answer
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => dismiss(question)}>
            Dismiss
          </Button>
        </Group>
      ),
    });
  }
  return columns;
}
