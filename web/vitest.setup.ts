// A busy machine may need more than the library's second until something is there.
if (typeof document !== "undefined") {
  const { configure } = await import("@testing-library/react");
  configure({ asyncUtilTimeout: 4_000 });
}
