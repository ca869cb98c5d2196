import { Text } from "@mantine/core";
import classes from "./routing.module.css";

/** What uses this now: no screen promises more than the version does. */
export function Scope({ children }: { children?: string }) {
  return (
    <Text size="sm" c="dimmed" className={classes.note}>
      {children ? `${children} ` : ""}
      The dry run uses this now. Live chats and meetings will use it when they come; until then no visitor is
      handed to an agent.
    </Text>
  );
}
