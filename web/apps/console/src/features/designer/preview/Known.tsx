import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { attributesQuery } from "#lib/api/shared.ts";
import { pathName } from "../panel/tokens.ts";
import classes from "./preview.module.css";

/** What is known of the visitor at this point of the conversation. */
export function Known({ attributes }: { attributes: Record<string, string> }) {
  const defs = useQuery(attributesQuery).data ?? [];
  const known = Object.entries(attributes).filter(([, value]) => value !== "");
  return (
    <details className={classes.known}>
      <summary>
        Known of the visitor <Text component="span" inherit c="dimmed">{`(${known.length})`}</Text>
      </summary>
      {known.length === 0 ? (
        <Text size="xs" c="dimmed">
          Nothing yet.
        </Text>
      ) : (
        <dl>
          {known.map(([path, value]) => (
            <div key={path}>
              <dt>{pathName(path, defs)}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
