/** What a screen shows when it has nothing, nothing yet, or a problem. */
import { Alert, Button, Center, Group, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { ApiProblem } from "@usher/api";
import type { ComponentType, ReactNode } from "react";
import { LockIcon, RefreshCwIcon, TriangleAlertIcon } from "./icons.ts";
import { sentence } from "./notify.ts";

interface EmptyProps {
  icon: ComponentType<{ size?: number }>;
  title: string;
  /** What would be here, and how it gets here. */
  children: ReactNode;
  /** The first step. */
  action?: ReactNode;
  /** The heading is the page's own when nothing else is on it. */
  alone?: boolean;
}

/** An honest empty state: says what would be here and offers the first step. */
export function Empty({ icon: Icon, title, children, action, alone }: EmptyProps) {
  return (
    <Center p="xl" mih={280}>
      <Stack align="center" gap="xs" maw={400}>
        <ThemeIcon variant="light" color="gray" size={44} radius="xl">
          <Icon size={20} />
        </ThemeIcon>
        <Title order={alone ? 1 : 2} size="h2" ta="center">
          {title}
        </Title>
        <Text size="sm" c="dimmed" ta="center">
          {children}
        </Text>
        {action ? <Group mt="xs">{action}</Group> : null}
      </Stack>
    </Center>
  );
}

interface FailedProps {
  error: Error;
  /** What could not be done: "The people could not be read". */
  what: string;
  retry?: () => void;
}

/** A failure in place of content: what happened, and what to do. */
export function Failed({ error, what, retry }: FailedProps) {
  const forbidden = error instanceof ApiProblem && error.status === 403;
  const missing = error instanceof ApiProblem && error.status === 404;
  return (
    <Alert
      m="md"
      color={forbidden || missing ? "gray" : "red"}
      icon={forbidden ? <LockIcon size={18} /> : <TriangleAlertIcon size={18} />}
      title={what}
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {sentence(error)}
          {forbidden ? " Someone who manages users and profiles can allow it." : ""}
        </Text>
        {retry && !forbidden && !missing ? (
          <Button variant="default" leftSection={<RefreshCwIcon size={14} />} onClick={retry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}

const LINES = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** Lines of a form or a record on their way; at most eight. */
export function LinesSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <Stack gap="md" p="md" aria-busy="true" role="status" aria-label="Loading">
      {LINES.slice(0, lines).map((line, index) => (
        <Stack key={line} gap={6}>
          <Skeleton h={10} w={96} />
          <Skeleton h={28} w={`${55 + ((index * 17) % 40)}%`} />
        </Stack>
      ))}
    </Stack>
  );
}
