/** When an access token ends, read without checking it: whether it is good is the API's to say. For the server only. */

export interface Life {
  /** Milliseconds until it ends; negative when it has. */
  left: number;
  /** Milliseconds from its beginning to its end. */
  whole: number;
}

/** Null for what is no token, or doesn't end. */
export function lifeOf(token: string | undefined, now = Date.now()): Life | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString());
    const { exp, iat } = Object(claims);
    if (typeof exp !== "number" || typeof iat !== "number") return null;
    return { left: exp * 1000 - now, whole: (exp - iat) * 1000 };
  } catch {
    return null;
  }
}
