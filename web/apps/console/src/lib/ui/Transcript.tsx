import { Text } from "@mantine/core";
import type { Message } from "@usher/api";
import { dateTime, timeOfDay } from "./format.ts";
import { PaperclipIcon } from "./icons.ts";
import { RichTextView } from "./RichTextView.tsx";
import classes from "./transcript.module.css";

/** A conversation as it was: answers that were taken back stay, struck through. */
export function Transcript({ messages }: { messages: Message[] }) {
  if (messages.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing was said.
      </Text>
    );
  }
  return (
    <ol className={classes.transcript} aria-label="Transcript">
      {messages
        .filter((one) => one.kind !== "changed")
        .map((message) => (
          <li
            key={message.seq}
            className={classes.message}
            data-from={message.from}
            data-kind={message.kind}
            data-superseded={message.superseded || undefined}
          >
            <span className={classes.who}>
              <span dir="auto">{speaker(message)}</span>{" "}
              <time dateTime={message.at} title={dateTime(message.at)}>
                {timeOfDay(message.at)}
              </time>
              {message.superseded ? " · changed later" : null}
            </span>
            <div className={classes.bubble}>
              <MessageContent message={message} />
            </div>
          </li>
        ))}
    </ol>
  );
}

/** Who speaks; nobody when it is the system. */
function speaker({ from, kind, author }: Message): string {
  if (from === "agent")
    return kind === "note" ? `${author?.name ?? "Agent"} · note` : (author?.name ?? "Agent");
  return from === "visitor" ? "Visitor" : from === "bot" ? "Bot" : "";
}

/** What a message holds: its text, or the values that were sent. */
export function MessageContent({ message }: { message: Message }) {
  const { answer } = message;
  if (message.deleted) return <em>Deleted</em>;
  if (message.attachment) {
    return (
      <span className={classes.file}>
        <PaperclipIcon size={14} aria-label="File" /> {message.attachment.name}
      </span>
    );
  }
  if (answer?.skipped) return <em>Skipped</em>;
  if (answer?.values !== undefined && answer.values.length > 0) {
    return (
      <dl className={classes.values}>
        {answer.values.map((one) => (
          <div key={one.label}>
            <dt>{one.label}</dt>
            <dd dir="auto">{one.value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return <RichTextView text={message.text} />;
}
