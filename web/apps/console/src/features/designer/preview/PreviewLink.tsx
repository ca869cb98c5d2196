import { Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { ApiProblem, type PreviewLink as Link } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { dateTime } from "#lib/ui/format.ts";
import { LinkIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { CopyLine } from "#lib/ui/Shown.tsx";
import { useDesign } from "../design.ts";

/** Makes an address under which a page of the site shows the draft to whoever opens it. */
export function PreviewLink() {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={340} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<LinkIcon size={14} />}
          onClick={() => setOpened(!opened)}
        >
          Preview link
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Form />
      </Popover.Dropdown>
    </Popover>
  );
}

function Form() {
  const { control } = useDesign();
  const [url, setUrl] = useState(() => pageOf(control.content.draft.targeting.pages.include));
  const make = useMutation({
    mutationFn: async () => {
      await control.flush();
      return api.post<Link>(`${control.kind.path}/${control.id}/preview-link`, { url });
    },
  });
  const refused = make.error instanceof ApiProblem && make.error.errors.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="xs">
        <TextInput
          label="Page that shows the draft"
          description="Any page of the site that carries Usher; nothing is recorded there"
          placeholder="https://example.com/pricing"
          type="url"
          value={url}
          error={make.error === null ? null : sentence(make.error)}
          data-autofocus
          onChange={(event) => {
            setUrl(event.currentTarget.value);
            if (refused) make.reset();
          }}
        />
        <Button type="submit" loading={make.isPending} disabled={url.trim() === ""}>
          Make the link
        </Button>
        {make.data ? (
          <>
            <CopyLine value={make.data.url} label="the link" />
            <Text size="xs" c="dimmed">
              Whoever has it can talk to the draft until {dateTime(make.data.expires_at)}.
            </Text>
          </>
        ) : null}
      </Stack>
    </form>
  );
}

/** The first target page that is one page and not a pattern. */
function pageOf(patterns: readonly string[]): string {
  return patterns.find((one) => /^https?:\/\//.test(one) && !one.includes("*")) ?? "";
}
