import type { ReactNode } from "react";

import { ApiError } from "@/lib/api/problem";
import { wait } from "@/lib/format";

import { Notice } from "./notice";

/** What a refused call said, and after what time another try makes sense, where the server knows. */
export function ProblemNotice({ error, title, action }: { error: Error; title?: string; action?: ReactNode }) {
  const seconds = error instanceof ApiError ? error.retryAfter : null;
  return (
    <Notice title={title ?? error.message} action={action}>
      {title !== undefined && <p>{error.message}</p>}
      {seconds !== null && <p>You can try again in {wait(seconds)}.</p>}
    </Notice>
  );
}
