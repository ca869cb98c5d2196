/** What one tab tells the others: only how far a conversation has got, never what was said (design rule R15). */
export type Progress = { id: string; of: string; seq: number; epoch: number };

/** The tabs of this origin that show the same site. Without the channel each tab catches up at its own next step. */
export const openTabs = (key: string, heard: (progress: Progress) => void) => {
  if (typeof BroadcastChannel === "undefined") return { tell: (_: Progress) => {} };
  const channel = new BroadcastChannel(`usher.${key}`);
  channel.onmessage = ({ data }: MessageEvent<Partial<Progress> | null>) => {
    const { id, of, seq, epoch } = data ?? {};
    if (
      typeof id === "string" &&
      typeof of === "string" &&
      Number.isSafeInteger(seq) &&
      Number.isSafeInteger(epoch)
    ) {
      heard({ id, of, seq: seq as number, epoch: epoch as number });
    }
  };
  return { tell: (progress: Progress) => channel.postMessage(progress) };
};
