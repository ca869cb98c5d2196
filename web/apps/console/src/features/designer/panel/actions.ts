/** What an action card can do. */
import type { Action, MomentType } from "@usher/api";

export const ACTIONS: readonly { label: string; fresh: Action }[] = [
  {
    label: "Set an attribute",
    fresh: { do: "set_attribute", attribute: "", value: "", overwrite: "always" },
  },
  { label: "Add to a list", fresh: { do: "add_to_list", list: null } },
  { label: "Remove from a list", fresh: { do: "remove_from_list", list: null } },
  { label: "Change the score", fresh: { do: "change_score", by: 10 } },
  { label: "Mark an interesting moment", fresh: { do: "interesting_moment", moment: "milestone", text: "" } },
  { label: "Call a webhook", fresh: { do: "call_webhook", url: "" } },
];

export function actionLabel(action: Action): string {
  return ACTIONS.find((one) => one.fresh.do === action.do)?.label ?? action.do;
}

export const MOMENTS: readonly { value: MomentType; label: string }[] = [
  { value: "milestone", label: "A point reached" },
  { value: "web", label: "A visit of the website" },
  { value: "email", label: "An e-mail" },
];
