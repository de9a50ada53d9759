/** The panel in development; from a build for production its code is left out. */
export async function Plug() {
  if (process.env.NODE_ENV === "development") {
    const { PlugPanel } = await import("./plug-panel");
    return <PlugPanel />;
  }
  return null;
}
