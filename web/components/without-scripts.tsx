/** For browsers that run no scripts: why a form's button stays asleep. */
export function WithoutScripts() {
  return (
    <noscript>
      <p className="text-sm text-ink-2">Scripts are switched off here. Without them nothing can be sent.</p>
    </noscript>
  );
}
