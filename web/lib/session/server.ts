import { cookies } from "next/headers";

import { cookieNames } from "../project";
import { type Life, lifeOf } from "./token";

/** How long the visitor's token still lives, for the page to renew it in time; null when there is none. */
export async function sessionLife(): Promise<Life | null> {
  const jar = await cookies();
  const [token] = cookieNames("access").flatMap((name) => jar.get(name)?.value ?? []);
  return lifeOf(token);
}
