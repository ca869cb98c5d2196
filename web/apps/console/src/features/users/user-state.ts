import type { User } from "@usher/api";

export function userState(user: Pick<User, "owner" | "disabled" | "pending">): {
  label: string;
  color: string;
} {
  if (user.disabled) return { label: "Disabled", color: "gray" };
  if (user.pending) return { label: "Invited", color: "yellow" };
  return user.owner ? { label: "Owner", color: "accent" } : { label: "Active", color: "green" };
}
