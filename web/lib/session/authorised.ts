/** Calls on behalf of whoever is signed in. */
import { isProblemDetails } from "../api/checks";
import type { ErrorCode } from "../api/types";
import { tellOver } from "./over";
import { renew } from "./renewal";

const REFUSED: ErrorCode<"getMe"> = "unauthenticated";

/**
 * The answer to `send`, which is called once more when the token was refused and could be renewed. Where nobody is
 * signed in any more it is the refusal, and the page is told. Throws what `send` throws, and TypeError, as for a
 * network that is down, when nobody could say.
 */
export async function authorised(send: () => Promise<Response>): Promise<Response> {
  const sent = Date.now();
  const response = await send();
  if (!(await isRefused(response))) return response;
  const renewal = await renew(sent);
  if (renewal.name === "renewed") return send();
  if (renewal.name === "unknown") throw new TypeError("The session could not be renewed");
  tellOver();
  return response;
}

/** Not every 401 is about the session: a wrong password is one, too. */
async function isRefused(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return isProblemDetails(body) && body.code === REFUSED;
}
