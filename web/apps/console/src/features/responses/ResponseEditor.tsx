import { Button, Drawer, Group, Select, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryResponse, ReviewState, UnansweredQuestion } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { STATES } from "./state-words.tsx";
import { bodyOf, EMPTY, type ResponseValues, valuesOf } from "./values.ts";

/** What the panel is open for: a new response, one that is there, or the answer to a question. */
export type Open = { response?: LibraryResponse; answering?: UnansweredQuestion };

interface ResponseEditorProps {
  open: Open | null;
  /** Topics of other responses, to choose from. */
  topics: string[];
  onClose: () => void;
}

export function ResponseEditor({ open, topics, onClose }: ResponseEditorProps) {
  return (
    <Drawer
      opened={open !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={open?.response ? "Response" : "New response"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {open ? (
        <EditorForm key={open.response?.id ?? "new"} open={open} topics={topics} onClose={onClose} />
      ) : null}
    </Drawer>
  );
}

function initial(open: Open): ResponseValues {
  if (open.response) return valuesOf(open.response);
  return { ...EMPTY, question: open.answering?.question ?? "" };
}

function EditorForm({ open, topics, onClose }: { open: Open; topics: string[]; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm<ResponseValues>({
    initialValues: initial(open),
    validateInputOnBlur: true,
    validate: { question: required("Write the question"), answer: required("Write the answer") },
  });
  const save = useMutation({
    mutationFn: (values: ResponseValues) => {
      const body = bodyOf(values);
      const { response, answering } = open;
      return response
        ? api.patch<LibraryResponse>(`/responses/${response.id}`, body, { ifMatch: response.version })
        : api.post<LibraryResponse>("/responses", { ...body, answers: answering?.id });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["responses"] });
      void queries.invalidateQueries({ queryKey: ["unanswered-questions"] });
      onClose();
    },
    onError: (error) => {
      form.setErrors(formErrors(fieldErrors(error)));
      notifyProblem("The response was not saved", error);
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values));
  useSaveShortcut(() => submit(), !save.isPending);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Question"
          description="As a visitor would ask it"
          data-autofocus
          maxLength={500}
          {...form.getInputProps("question")}
        />
        <Textarea
          label="Other ways to ask it"
          description="One a line, in every language that your visitors write"
          autosize
          minRows={2}
          maxRows={8}
          {...form.getInputProps("variants")}
        />
        <Textarea
          label="Answer"
          description="**bold**, *italic*, [link](https://…), - list"
          autosize
          minRows={4}
          maxRows={14}
          {...form.getInputProps("answer")}
        />
        <TagsInput
          label="Topics"
          description="A card can be limited to some topics"
          data={topics}
          clearable
          {...form.getInputProps("topics")}
        />
        <Textarea
          label="Sources"
          description="Shown with the answer. One a line: Price list | https://example.com/prices"
          autosize
          minRows={1}
          maxRows={6}
          {...form.getInputProps("links")}
        />
        <Select
          label="State"
          description={STATES[form.values.state].means}
          data={Object.entries(STATES).map(([value, { label }]) => ({ value, label }))}
          allowDeselect={false}
          value={form.values.state}
          onChange={(state) => form.setFieldValue("state", state as ReviewState)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** `links.0.url` and the like belong to the field as a whole. */
function formErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, reason]) => [field.split(".")[0] ?? field, reason]),
  );
}
