/**
 * What the viewer, a page of Usher's own in a frame, says to the conversation around it. The frame has no token and
 * learns nothing of the page; what it says is looked at word by word (design rule R15).
 */
export type FromViewer =
  | { kind: "ready" }
  | { kind: "failed" }
  | { kind: "escape" }
  | { kind: "downloaded" | "printed" }
  | { kind: "page"; page: number }
  | { kind: "search"; text: string };

const PLAIN = ["ready", "failed", "downloaded", "printed", "escape"];

/** The message when it is one of the viewer's, otherwise nothing. */
export const readMessage = (data: unknown): FromViewer | null => {
  const { kind, page, text } = (data ?? {}) as Record<string, unknown>;
  if (kind === "page" && Number.isInteger(page) && (page as number) > 0) {
    return { kind, page: page as number };
  }
  if (kind === "search" && typeof text === "string") return { kind, text: [...text].slice(0, 200).join("") };
  return PLAIN.includes(kind as string) ? ({ kind } as FromViewer) : null;
};

/** What the frame is told by its address. */
export type Assignment = {
  /** Path and query of the document on this server. */
  path: string;
  name: string;
  language: string;
  /** Origin of the page around; empty when there is none. */
  around: string;
  dark: boolean;
};

/** Behind the `#`, so that it never reaches a server. */
export const assign = ({ dark, ...rest }: Assignment): string =>
  new URLSearchParams({ ...rest, dark: dark ? "1" : "" }).toString();

export const readAssignment = (hash: string): Assignment => {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (name: string) => said.get(name) ?? "";
  return {
    path: text("path"),
    name: text("name"),
    language: text("language"),
    around: text("around"),
    dark: text("dark") === "1",
  };
};
