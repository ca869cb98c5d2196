import { ApiClient, type ApiProblem, problemFrom, unreachable } from "@usher/api";

type Listener = () => void;
const listeners = new Set<Listener>();

const signedOut = () => {
  for (const listener of listeners) listener();
};

/** The client of every screen. A 401 sends the person to the sign-in page. */
export const api = new ApiClient({ onSignedOut: signedOut });

/** For the pages before sign-in, where 401 is an ordinary answer. */
export const publicApi = new ApiClient();

/** Calls `listener` whenever a call finds that the session has ended. */
export function onSignedOut(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

interface Sending {
  method: "POST" | "PUT";
  /** Below `/api/v1`. */
  path: string;
  file: File;
  /** How much is on its way, 0 to 1. */
  onSent: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file and tells how far it is, which `fetch` cannot. */
export function sendFile<T>({ method, path, file, onSent, signal }: Sending): Promise<T> {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.set("file", file, file.name);
  request.open(method, `/api/v1${path}`);
  request.setRequestHeader("Accept", "application/json, application/problem+json");
  request.setRequestHeader("Idempotency-Key", crypto.randomUUID());
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) onSent(event.loaded / event.total);
  };
  return new Promise<T>((resolve, reject) => {
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as T);
      else void refusal(request).then(reject);
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

function refusal(request: XMLHttpRequest): Promise<ApiProblem> {
  if (request.status === 401) signedOut();
  return problemFrom(new Response(request.responseText, { status: request.status }));
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
