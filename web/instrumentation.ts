/** Next calls it once, before the server takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const [{ correctForwarded }, { leaveInTime }, { logNoQueries }] = await Promise.all([
      import("./lib/forwarded"),
      import("./lib/leave"),
      import("./lib/no-codes"),
    ]);
    correctForwarded();
    logNoQueries();
    if (process.env.NODE_ENV === "production") leaveInTime();
  }
}
