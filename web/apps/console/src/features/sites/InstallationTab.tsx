import { Alert, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleCheckIcon, ClockIcon } from "#lib/ui/icons.ts";
import { CopyLine, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { installationQuery } from "./queries.ts";
import classes from "./sites.module.css";

/** The snippet, what a strict policy needs, and whether it has been seen. */
export function InstallationTab({ id }: { id: string }) {
  const installation = useQuery(installationQuery(id));
  if (!installation.data) {
    return installation.error ? (
      <Failed
        error={installation.error}
        what="The installation could not be read"
        retry={() => void installation.refetch()}
      />
    ) : (
      <LinesSkeleton lines={4} />
    );
  }
  const { snippet, csp, csp_line, last_seen_at, seen_hosts } = installation.data;
  return (
    <div className={classes.form}>
      <Stack gap="xl">
        {last_seen_at ? (
          <Alert color="green" icon={<CircleCheckIcon size={18} />} title="It works">
            Last seen <TimeAgo at={last_seen_at} /> on <OwnText>{seen_hosts.join(", ")}</OwnText>
          </Alert>
        ) : (
          <Alert color="blue" icon={<ClockIcon size={18} />} title="Not seen yet">
            Paste the snippet and open a page that has it: this turns green by itself.
          </Alert>
        )}
        <section aria-label="Snippet">
          <Title order={2}>Snippet</Title>
          <Text size="sm" c="dimmed" mb="xs">
            Once, before the end of the body of every page. It blocks nothing and moves nothing.
          </Text>
          <CopyLine value={snippet} label="the snippet" />
        </section>
        <section aria-label="Content Security Policy">
          <Title order={2}>Content-Security-Policy</Title>
          <Text size="sm" c="dimmed" mb="xs">
            Only where your pages send such a policy: add these sources to the directives that you have. No
            'unsafe-inline' and no 'unsafe-eval' is needed.
          </Text>
          <Stack gap="xs">
            {csp.map((line) => (
              <CopyLine
                key={line.directive}
                value={`${line.directive} ${line.value}`}
                label={line.directive}
              />
            ))}
          </Stack>
          <Text size="sm" c="dimmed" mt="md" mb="xs">
            The same as one line
          </Text>
          <CopyLine value={csp_line} label="the whole line" />
        </section>
      </Stack>
    </div>
  );
}
