import type { LucideIcon } from "lucide-react";
import * as icons from "#lib/ui/icons.ts";

interface Look {
  label: string;
  icon: LucideIcon;
  /** What a marketer looks for. */
  strong?: boolean;
}

const LOOKS: Record<string, Look> = {
  triggered: { label: "Triggered", icon: icons.BotIcon },
  engaged: { label: "Engaged", icon: icons.MessagesSquareIcon, strong: true },
  document: { label: "Interacted with a document", icon: icons.FileTextIcon, strong: true },
  goal: { label: "Reached a goal", icon: icons.TargetIcon, strong: true },
  meeting: { label: "Scheduled a meeting", icon: icons.CalendarIcon, strong: true },
  completed: { label: "Completed", icon: icons.CircleCheckIcon, strong: true },
  dropped: { label: "Dropped", icon: icons.CircleXIcon },
  acquired: { label: "Acquired", icon: icons.BadgeCheckIcon, strong: true },
  interesting_moment: { label: "Interesting moment", icon: icons.SparklesIcon, strong: true },
  score_changed: { label: "Score changed", icon: icons.TrendingUpIcon },
  filled_form: { label: "Filled a form", icon: icons.ClipboardListIcon, strong: true },
  visited_page: { label: "Visited a page", icon: icons.GlobeIcon },
  attribute_changed: { label: "Attribute changed", icon: icons.PencilIcon },
  list_added: { label: "Added to a list", icon: icons.ListIcon },
  list_removed: { label: "Removed from a list", icon: icons.ListIcon },
  merged: { label: "Merged", icon: icons.MergeIcon },
  consent_given: { label: "Consent given", icon: icons.CheckIcon },
  consent_withdrawn: { label: "Consent withdrawn", icon: icons.XIcon },
  live_chat_requested: { label: "Asked for an agent", icon: icons.MessagesSquareIcon },
  live_chat_initiated: { label: "Engaged with an agent", icon: icons.MessagesSquareIcon, strong: true },
  live_chat_missed: { label: "Missed a live chat", icon: icons.CircleXIcon },
  live_chat_ended: { label: "Ended a live chat", icon: icons.CircleCheckIcon },
  live_chat_rated: { label: "Rated a live chat", icon: icons.BadgeCheckIcon, strong: true },
  imported: { label: "Imported", icon: icons.FileUpIcon },
};

export const ACTIVITY_TYPES = Object.keys(LOOKS);

/** How an activity is drawn; a type this screen does not know yet is named by its key. */
export function lookOf(type: string): Look {
  const words = type.replaceAll("_", " ");
  return LOOKS[type] ?? { label: words.charAt(0).toUpperCase() + words.slice(1), icon: icons.ClockIcon };
}
