import { ApiClient } from "@usher/api";

type Listener = () => void;
const listeners = new Set<Listener>();

/** The client of every screen. A 401 sends the person to the sign-in page. */
export const api = new ApiClient({
  onSignedOut: () => {
    for (const listener of listeners) listener();
  },
});

/** For the pages before sign-in, where 401 is an ordinary answer. */
export const publicApi = new ApiClient();

/** Calls `listener` whenever a call finds that the session has ended. */
export function onSignedOut(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Saves an answer as a file, under the name the server gives or `fallback`. */
export async function download(response: Response, fallback: string): Promise<void> {
  const named = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "");
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = named?.[1] ?? fallback;
  link.click();
  URL.revokeObjectURL(address);
}
