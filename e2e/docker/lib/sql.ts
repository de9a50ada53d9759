/** A statement as the database's owner of last resort. */
import { compose } from "./stack.ts";

/** What psql prints of it: rows of values, separated by `|`. */
export async function sql(statement: string): Promise<string> {
  const psql = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"];
  return (
    await compose("exec", "-T", "postgres", ...psql, "-U", "postgres", "-d", "slipstream", "-c", statement)
  ).trim();
}
