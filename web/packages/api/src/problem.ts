/** One field that the server refused: a JSON pointer into the request, and why. */
export interface FieldProblem {
  field: string;
  reason: string;
  code?: string;
}

interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: FieldProblem[];
}

/**
 * What went wrong with a call, as RFC 9457 problem details or, when no server
 * answered, as status 0. `message` is a sentence for the person at the screen.
 */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    readonly errors: FieldProblem[] = [],
    readonly type: string | null = null,
    /** Seconds to wait before the next try, where the server said so. */
    readonly retryAfter: number | null = null,
    /** The whole body: some problems carry extra members. */
    readonly body: unknown = null,
  ) {
    super(detail ?? title);
  }

  /** True when another person changed the same thing first (412). */
  get isConflict(): boolean {
    return this.status === 412;
  }

  /** True when the server could not be reached at all. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** The reason given for a field, looked up by JSON pointer (`/email`). */
  reasonFor(pointer: string): string | null {
    return this.errors.find((e) => e.field === pointer)?.reason ?? null;
  }

  /** Reasons by plain field name, for forms: `/email` becomes `email`, `/a/b` becomes `a.b`. */
  byField(): Record<string, string> {
    return Object.fromEntries(
      this.errors.map((e) => [e.field.replace(/^\//, "").replaceAll("/", "."), e.reason]),
    );
  }
}

const FALLBACK: Record<number, string> = {
  401: "You are signed out.",
  403: "You may not do this.",
  404: "This is not here (any more).",
  409: "This is in use, or has changed in the meantime.",
  412: "Somebody else changed this while you were editing it.",
  413: "This is too large.",
  429: "Too many requests in a short time.",
};

function isProblemBody(value: unknown): value is ProblemBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a failed response into an `ApiProblem`, whatever its body looks like. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const problem: ProblemBody = isProblemBody(body) ? body : {};
  const title =
    problem.title ??
    FALLBACK[response.status] ??
    (response.status >= 500 ? "The server could not do this." : "The request was refused.");
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiProblem(
    response.status,
    title,
    typeof problem.detail === "string" && problem.detail !== "" ? problem.detail : null,
    Array.isArray(problem.errors) ? problem.errors : [],
    problem.type ?? null,
    Number.isFinite(wait) && wait > 0 ? wait : null,
    body,
  );
}

/** No answer at all: the network or the server is down. */
export function unreachable(): ApiProblem {
  return new ApiProblem(
    0,
    "The server does not answer.",
    "Nothing was changed. Check the connection; this screen tries again when you do.",
  );
}
