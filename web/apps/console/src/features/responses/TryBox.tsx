import { Alert, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Tried } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { BotIcon } from "#lib/ui/icons.ts";
import { RichTextView } from "#lib/ui/RichTextView.tsx";
import classes from "./responses.module.css";

/** What a visitor who asks this would be told, as one types. */
export function TryBox() {
  const [question, setQuestion] = useState("");
  const [asked] = useDebouncedValue(question.trim(), 200);
  const tried = useQuery({
    queryKey: ["responses", "try", asked],
    queryFn: () => api.post<Tried>("/responses/try", { question: asked }),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const found = asked === "" ? null : tried.data?.found;
  const near = tried.data?.near[0];
  return (
    <div className={classes.ask}>
      <TextInput
        label="Try a question"
        placeholder="What would a visitor ask?"
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
      />
      {asked !== "" && tried.data ? (
        <Alert
          mt="xs"
          role="status"
          color={found ? "green" : "gray"}
          icon={<BotIcon size={18} />}
          title={found ? found.question : "Nothing approved answers this"}
        >
          {found ? (
            <RichTextView text={found.answer} />
          ) : (
            <Group gap="xs">
              <Text size="sm">
                {near
                  ? `The card says its fallback. Nearest: “${near.question}” (${Math.round(near.score * 100)} %).`
                  : "The card says its fallback, and the question is kept under Unanswered."}
              </Text>
            </Group>
          )}
        </Alert>
      ) : null}
    </div>
  );
}
