import { Accordion, Badge, Button, Center, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Page as ApiPage, DialoguePageView } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { EyeIcon } from "#lib/ui/icons.ts";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Explanation } from "#lib/why/Explanation.tsx";
import { verdictLook } from "#lib/why/verdicts.ts";
import classes from "./results.module.css";
import type { ResultsSearch } from "./search.ts";

type Show = NonNullable<ResultsSearch["show"]>;

interface PageViewsProps {
  id: string;
  show: Show | undefined;
  onShow: (show: Show | undefined) => void;
}

/** Recent page views with the verdict on this dialogue; each opens to the verdicts on all. */
export function PageViews({ id, show, onShow }: PageViewsProps) {
  const [open, setOpen] = useState<string | null>(null);
  const list = usePages<DialoguePageView>(["dialogues", "page-views", id, show ?? null], (cursor, signal) =>
    api.get<ApiPage<DialoguePageView>>(`/dialogues/${id}/page-views`, {
      query: { show, cursor, limit: 50 },
      signal,
    }),
  );
  return (
    <Stack gap="md" className={classes.pageViews}>
      <SegmentedControl
        size="xs"
        className={classes.switch}
        aria-label="Which page views"
        data={[
          { value: "target_pages", label: "Its target pages" },
          { value: "shown", label: "Got it" },
          { value: "not_shown", label: "Did not" },
          { value: "all", label: "All pages" },
        ]}
        value={show ?? "target_pages"}
        onChange={(value) => onShow(value === "target_pages" ? undefined : (value as Show))}
      />
      {list.loading ? <LinesSkeleton lines={4} /> : null}
      {list.error && list.rows.length === 0 ? (
        <Failed error={list.error} what="The page views could not be read" retry={list.retry} />
      ) : null}
      {!list.loading && !list.error && list.rows.length === 0 ? (
        <Empty icon={EyeIcon} title={list.hasMore ? "None among the latest" : "No page view is kept"}>
          {list.hasMore
            ? "The latest page views of the site were looked at; older ones may be among those asked for."
            : "As soon as pages of the site are looked at, they stand here with the verdict on this dialogue."}
        </Empty>
      ) : null}
      <Accordion value={open} onChange={setOpen} variant="separated">
        {list.rows.map((one) => (
          <Accordion.Item key={one.id} value={one.id}>
            <Accordion.Control>
              <Group gap="sm">
                <Badge color={verdictLook(one.verdict).color}>{verdictLook(one.verdict).label}</Badge>
                <Text size="sm" dir="auto">
                  {one.person.full_name ?? one.person.email ?? "Anonymous visitor"}
                </Text>
                <Text size="xs" c="dimmed">
                  <TimeAgo at={one.at} />
                </Text>
              </Group>
              <Text size="xs" c="dimmed" dir="auto" truncate>
                {one.url}
              </Text>
              <Text size="xs" dir="auto">
                {one.reason}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              {open === one.id ? (
                <>
                  <Text size="xs" mb="sm">
                    <Link
                      to="/people/$id"
                      params={{ id: one.person.id }}
                      search={{ tab: "page-views", open: one.id }}
                    >
                      Open the person:{" "}
                      <OwnText>{one.person.full_name ?? one.person.email ?? "anonymous"}</OwnText>
                    </Link>
                  </Text>
                  <Explanation id={one.id} />
                </>
              ) : null}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {list.hasMore ? (
        <Center>
          <Button variant="default" onClick={list.loadMore}>
            Look at older ones
          </Button>
        </Center>
      ) : null}
    </Stack>
  );
}
