import { UnstyledButton } from "@mantine/core";
import type { Message } from "@usher/api";
import { useState } from "react";
import { MessageContent } from "#lib/ui/Transcript.tsx";
import classes from "./offers.module.css";

const SHORT = 3;
const WHO = { visitor: "Visitor", bot: "Bot", agent: "Agent", system: "" } as const;

/** What was said so far; the last few words at first. */
export function OfferedWords({ said }: { said: Message[] }) {
  const [all, setAll] = useState(false);
  const spoken = said.filter((one) => one.from !== "system");
  const shown = all ? spoken : spoken.slice(-SHORT);
  if (spoken.length === 0) return null;
  return (
    <div>
      <ul className={classes.said} aria-label="What was said">
        {shown.map((one) => (
          <li key={one.seq}>
            <span className={classes.speaker}>{one.author?.name ?? WHO[one.from]}</span>
            <div className={classes.words} dir="auto">
              <MessageContent message={one} />
            </div>
          </li>
        ))}
      </ul>
      {spoken.length > SHORT && !all ? (
        <UnstyledButton className={classes.more} onClick={() => setAll(true)}>
          {spoken.length - SHORT} earlier
        </UnstyledButton>
      ) : null}
    </div>
  );
}
