import { Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { SmileIcon } from "../icons.ts";
import classes from "./rich-text.module.css";
import { Tool } from "./Tool.tsx";

/** Those that belong in a conversation on a company's website. */
const EMOJI: readonly [sign: string, name: string][] = [
  ["🙂", "slight smile"],
  ["😀", "grin"],
  ["😄", "laugh"],
  ["😉", "wink"],
  ["😊", "smile"],
  ["😍", "heart eyes"],
  ["🤩", "star eyes"],
  ["🤔", "thinking"],
  ["😅", "relieved"],
  ["🙃", "upside down"],
  ["😎", "cool"],
  ["🥳", "party"],
  ["👋", "wave"],
  ["👍", "thumbs up"],
  ["👎", "thumbs down"],
  ["👏", "applause"],
  ["🙏", "thank you"],
  ["💪", "strong"],
  ["🤝", "handshake"],
  ["👀", "eyes"],
  ["👉", "to the right"],
  ["👇", "below"],
  ["❤️", "heart"],
  ["💙", "blue heart"],
  ["⭐", "star"],
  ["✨", "sparkles"],
  ["🔥", "fire"],
  ["⚡", "lightning"],
  ["🎉", "celebration"],
  ["🎁", "gift"],
  ["🏆", "cup"],
  ["🚀", "rocket"],
  ["💡", "idea"],
  ["🎯", "target"],
  ["📈", "rising figures"],
  ["📊", "chart"],
  ["📅", "calendar"],
  ["⏰", "alarm clock"],
  ["📞", "telephone"],
  ["📧", "e-mail"],
  ["💬", "speech"],
  ["📄", "document"],
  ["📦", "parcel"],
  ["🛒", "trolley"],
  ["💳", "card"],
  ["🔒", "lock"],
  ["🔍", "search"],
  ["🌍", "world"],
  ["✅", "done"],
  ["❌", "no"],
  ["⚠️", "warning"],
  ["ℹ️", "information"],
  ["❓", "question"],
  ["➡️", "arrow"],
];

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={(open) => !open && close()} position="bottom-end" trapFocus>
      <Popover.Target>
        <Tool label="Emoji" icon={SmileIcon} on={opened} run={toggle} />
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <div className={classes.emoji}>
          {EMOJI.map(([sign, name]) => (
            <button
              key={sign}
              type="button"
              aria-label={name}
              title={name}
              onClick={() => {
                close();
                onPick(sign);
              }}
            >
              {sign}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
