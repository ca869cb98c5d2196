import { Accordion, Button, Center, Group, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { Page, PageViewSummary } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { EyeIcon } from "#lib/ui/icons.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Explanation } from "#lib/why/Explanation.tsx";
import { outcomeText } from "#lib/why/verdicts.ts";
import classes from "./record.module.css";

const route = getRouteApi("/frame/people/$id");

/** The pages that the person looked at; each opens to why it got what it got. */
export function PersonPageViews({ personId }: { personId: string }) {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const list = usePages<PageViewSummary>(["people", "page-views", personId], (cursor, signal) =>
    api.get<Page<PageViewSummary>>(`/people/${personId}/page-views`, {
      query: { cursor, limit: 50 },
      signal,
    }),
  );
  if (list.loading) return <LinesSkeleton lines={3} />;
  if (list.error && list.rows.length === 0) {
    return <Failed error={list.error} what="The page views could not be read" retry={list.retry} />;
  }
  if (list.rows.length === 0) {
    return (
      <Empty icon={EyeIcon} title="No page view is kept">
        Pages that this person looks at are kept for a while, each with why it showed a dialogue or did not.
      </Empty>
    );
  }
  return (
    <div className={classes.panel}>
      <Accordion
        value={open ?? null}
        onChange={(id) =>
          void navigate({ search: { tab: "page-views", open: id ?? undefined }, replace: true })
        }
        variant="separated"
      >
        {list.rows.map((one) => (
          <Accordion.Item key={one.id} value={one.id}>
            <Accordion.Control>
              <Group gap="sm">
                <Text size="sm" fw={500} dir="auto">
                  {one.title || "Page without a title"}
                </Text>
                <Text size="xs" c="dimmed">
                  <TimeAgo at={one.at} />
                </Text>
              </Group>
              <Text size="xs" c="dimmed" dir="auto" truncate>
                {one.url}
              </Text>
              <Text size="xs" dir="auto">
                {outcomeText(one.outcome)}
                <Text span inherit c="dimmed">
                  {" "}
                  · Why?
                </Text>
              </Text>
            </Accordion.Control>
            <Accordion.Panel>{open === one.id ? <Explanation id={one.id} /> : null}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {list.hasMore ? (
        <Center mt="md">
          <Button variant="default" onClick={list.loadMore}>
            Show older
          </Button>
        </Center>
      ) : null}
    </div>
  );
}
