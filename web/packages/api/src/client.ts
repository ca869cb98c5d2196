import { problemFrom, unreachable } from "./problem.ts";

export type QueryValue = string | number | boolean | null | undefined;

export interface CallOptions {
  /** Query parameters; undefined, null and "" are left out. */
  query?: Record<string, QueryValue>;
  /** Sent as JSON, unless it is a FormData or a Blob. */
  body?: unknown;
  /** Version the change is based on; another version on the server answers 412. */
  ifMatch?: number | string;
  /** Makes a repeated write count once. Made afresh for each call when not given. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface ClientSettings {
  /** Where the API begins, without a slash at the end. */
  base?: string;
  /** Called when a call is answered 401, before the problem is thrown. */
  onSignedOut?: () => void;
  fetch?: typeof fetch;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query text of the given parameters, with its question mark, or "". */
export function queryText(query: Record<string, QueryValue> | undefined): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * A thin client over `fetch`: JSON in and out, problems as `ApiProblem`.
 * It keeps no state; caching and retrying are the caller's.
 */
export class ApiClient {
  readonly #base: string;
  readonly #onSignedOut: () => void;
  readonly #fetch: typeof fetch;

  constructor(settings: ClientSettings = {}) {
    this.#base = settings.base ?? "/api/v1";
    this.#onSignedOut = settings.onSignedOut ?? (() => undefined);
    this.#fetch = settings.fetch ?? ((input, init) => fetch(input, init));
  }

  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.#json<T>("GET", path, options);
  }
  post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#json<T>("POST", path, { ...options, body });
  }
  put<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#json<T>("PUT", path, { ...options, body });
  }
  patch<T = void>(path: string, body: unknown, options?: CallOptions): Promise<T> {
    return this.#json<T>("PATCH", path, { ...options, body });
  }
  delete<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#json<T>("DELETE", path, { ...options, body });
  }

  /** The raw answer, for downloads. Throws `ApiProblem` unless it is a success. */
  async raw(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
    const headers = new Headers({ Accept: "application/json, application/problem+json, */*;q=0.5" });
    const body = encode(options.body, headers);
    if (options.ifMatch !== undefined) headers.set("If-Match", `"${options.ifMatch}"`);
    if (method !== "GET") headers.set("Idempotency-Key", options.idempotencyKey ?? crypto.randomUUID());
    const response = await this.#fetch(this.#base + path + queryText(options.query), {
      method,
      headers,
      body,
      credentials: "same-origin",
      signal: options.signal,
    }).catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause;
      throw unreachable();
    });
    if (response.ok) return response;
    const problem = await problemFrom(response);
    if (response.status === 401) this.#onSignedOut();
    throw problem;
  }

  async #json<T>(method: Method, path: string, options?: CallOptions): Promise<T> {
    const response = await this.raw(method, path, options);
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

function encode(body: unknown, headers: Headers): BodyInit | undefined {
  if (body === undefined) return undefined;
  if (body instanceof FormData || body instanceof Blob) return body;
  headers.set("Content-Type", "application/json");
  return JSON.stringify(body);
}
