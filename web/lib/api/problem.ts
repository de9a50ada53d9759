import { isProblemDetails } from "./checks";
import type { ErrorCode, Operation, Schema } from "./types";

type FieldError = Schema<"FieldError">;

/** A call that the API refused, or that never reached it (`status` 0, `code` "unreachable"). */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: readonly FieldError[] = [],
    readonly requestId: string | null = null,
    /** Seconds after which another try makes sense, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** What is wrong with one field of the body that was sent. */
  field(name: string): string | undefined {
    return this.fields.find(({ pointer }) => pointer === `/${name}`)?.message;
  }
}

const AWAY = "The server can't be reached right now.";

/** What the API said, or what to say when something in front of it answered instead. */
function problem(body: unknown, response: Response): ApiError {
  const { status, headers } = response;
  const requestId = headers.get("x-request-id");
  const wait = retryAfter(headers.get("retry-after"));
  if (!isProblemDetails(body))
    return new ApiError(status, status >= 500 ? "unreachable" : "unknown", AWAY, [], requestId, wait);
  return new ApiError(status, body.code, body.detail || body.title, body.errors ?? [], requestId, wait);
}

/** The header in seconds; null for what isn't a whole number of them, be it a date, which no server of ours sends. */
function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

/** What openapi-fetch resolves to: `data`, be it undefined for a 204, for a 2xx only. */
interface Answer {
  error?: unknown;
  response: Response;
}

type Successful<A> = Extract<A, { data: unknown }>;

function succeeded<A extends Answer>(answer: A): answer is Successful<A> {
  return "data" in answer;
}

/** The body of a successful answer. Throws ApiError, and nothing else, for everything but an abort. */
export async function unwrap<A extends Answer>(call: Promise<A>): Promise<Successful<A>["data"]> {
  let answer: A;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", AWAY);
  }
  if (succeeded(answer)) return answer.data;
  throw problem(answer.error, answer.response);
}

/** True for what a second try may cure. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** Whether the operation was refused for this reason, which must be one of its own. */
export const isRefused = <Name extends Operation = never>(error: unknown, code: ErrorCode<Name>): error is ApiError =>
  error instanceof ApiError && error.code === code;
