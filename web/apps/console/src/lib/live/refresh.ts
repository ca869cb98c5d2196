/**
 * How often screens look again, in milliseconds. Reading stops while the tab
 * is hidden and resumes when it is looked at again.
 */
export const REFRESH = {
  /** Something is running and its progress is on the screen. */
  progress: 1_000,
  /** What happens by itself: conversations, the outbox, home. */
  happening: 10_000,
} as const;
