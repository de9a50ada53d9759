/** Next calls it once, before the server takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const [{ correctForwarded }, { leaveInTime }] = await Promise.all([
      import("./lib/forwarded"),
      import("./lib/leave"),
    ]);
    correctForwarded();
    if (process.env.NODE_ENV === "production") leaveInTime();
  }
}
