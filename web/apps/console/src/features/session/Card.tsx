import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./session.module.css";

interface CardProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}

/** The one card of the pages before sign-in. */
export function Card({ title, lead, children, foot }: CardProps) {
  useEffect(() => {
    document.title = `${title} · Usher`;
  }, [title]);
  return (
    <main className={classes.page}>
      <Center mih="100%" p="md">
        <Stack w="100%" maw={384} gap="md">
          <span className={classes.mark} aria-hidden="true" />
          <Paper withBorder p="lg">
            <Stack gap="md">
              <div>
                <Title order={1}>{title}</Title>
                {lead ? (
                  <Text size="sm" c="dimmed" mt={4}>
                    {lead}
                  </Text>
                ) : null}
              </div>
              {children}
            </Stack>
          </Paper>
          {foot ? (
            <Text size="sm" ta="center" component="div">
              {foot}
            </Text>
          ) : null}
        </Stack>
      </Center>
    </main>
  );
}
